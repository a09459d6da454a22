import { type Content, type PollFields, type PostOptions, versionsOf } from "./content.ts";

/** Poll settings that are not visible in a received poll, so that admins set them here. */
export const POLL_SWITCHES = ["shuffle", "addOptions", "hideResults"] as const;
export type PollSwitch = (typeof POLL_SWITCHES)[number];

/** Most options of a poll (Bot API, sendPoll). */
const MOST_OPTIONS = 12;

/** True if a setting applies to a poll: Telegram refuses some, and others would have no effect. */
function takes(poll: PollFields, which: PollSwitch): boolean {
  switch (which) {
    case "shuffle":
      return poll.options.length > 1;
    case "addOptions":
      // Bot API, sendPoll: "not supported for anonymous polls and quizzes"; anonymous is the default.
      return poll.is_anonymous === false && poll.type !== "quiz" && poll.options.length < MOST_OPTIONS;
    case "hideResults":
      // Herald does not close polls: results of one that stays open would never show.
      return poll.open_period !== undefined;
  }
}

/** The settings offered for a post: those that apply to one of its versions. A forward is like its source. */
export function pollSwitchesFor(content: Content): PollSwitch[] {
  if (content.options?.forward) return [];
  const polls = versionsOf(content).flatMap(({ version }) => (version.kind === "poll" ? [version.poll] : []));
  return POLL_SWITCHES.filter((which) => polls.some((poll) => takes(poll, which)));
}

/** The parameters of sendPoll for the settings that apply to this poll. */
export function pollSettings(poll: PollFields, options: PostOptions = {}) {
  const wants = (which: PollSwitch) => options[which] === true && takes(poll, which);
  return {
    ...(wants("shuffle") && { shuffle_options: true }),
    ...(wants("addOptions") && { allow_adding_options: true }),
    ...(wants("hideResults") && { hide_results_until_closes: true }),
  };
}
