import { type Content, type PollFields, type PostOptions, versionsOf } from "./content.ts";

/** What can be asked of a poll and is not visible in a received one, so that an admin sets it here. */
export const POLL_SWITCHES = ["shuffle", "addOptions", "hideResults"] as const;
export type PollSwitch = (typeof POLL_SWITCHES)[number];

/** Most options of a poll (Bot API, sendPoll). */
const MOST_OPTIONS = 12;

/** Whether a poll takes it: Telegram refuses some, and others would mean nothing. */
function takes(poll: PollFields, which: PollSwitch): boolean {
  switch (which) {
    case "shuffle":
      return poll.options.length > 1;
    case "addOptions":
      // Bot API, sendPoll: "not supported for anonymous polls and quizzes"; anonymous is the default.
      return poll.is_anonymous === false && poll.type !== "quiz" && poll.options.length < MOST_OPTIONS;
    case "hideResults":
      // Herald closes no polls: results of one that stays open would never show.
      return poll.open_period !== undefined;
  }
}

/** Which of them are offered for a post: those that one of its versions takes. A forward is as its source is. */
export function pollSwitchesFor(content: Content): PollSwitch[] {
  if (content.options?.forward) return [];
  const polls = versionsOf(content).flatMap(({ version }) => (version.kind === "poll" ? [version.poll] : []));
  return POLL_SWITCHES.filter((which) => polls.some((poll) => takes(poll, which)));
}

/** What is asked for in sendPoll, as far as this poll takes it. */
export function pollWish(poll: PollFields, options: PostOptions = {}) {
  const wants = (which: PollSwitch) => options[which] === true && takes(poll, which);
  return {
    ...(wants("shuffle") && { shuffle_options: true }),
    ...(wants("addOptions") && { allow_adding_options: true }),
    ...(wants("hideResults") && { hide_results_until_closes: true }),
  };
}
