import type { Message, Poll, User } from "@grammyjs/types";
import type { Place } from "./places.ts";
import { seconds, type World } from "./world.ts";

/**
 * Votes in a message's poll; no options retract the vote. Forwards share the poll, so counts change everywhere. The
 * bot gets updates only for polls of its own (Bot API, "PollAnswer"): the new counts and, unless the poll is
 * anonymous, who voted how. Throws an error for a vote that Telegram refuses.
 */
export function vote(world: World, user: User, message: Message, chosen: readonly number[]): void {
  if (message.poll === undefined) throw new Error("There is no poll in this message.");
  // The current state: others may have voted since the caller got the message.
  const poll = everywhere(world, message.poll.id)[0]?.[1].poll ?? message.poll;
  const votes = world.votes.get(poll.id) ?? new Map<number, number[]>();
  const before = votes.get(user.id) ?? [];
  const after = [...new Set(chosen)].toSorted((a, b) => a - b);
  if (String(before) === String(after)) return;
  check(message, poll, before, after);
  if (after.length > 0) votes.set(user.id, after);
  else votes.delete(user.id);
  world.votes.set(poll.id, votes);
  const place = updatePoll(world, recounted(poll, before, after));
  if (!place || poll.is_anonymous) return;
  world.deliver(
    () => ({
      poll_answer: {
        poll_id: poll.id,
        user,
        option_ids: after,
        option_persistent_ids: after.map((index) => poll.options[index]?.persistent_id ?? String(index)),
      },
    }),
    place,
  );
}

/** Closes a poll in all its messages, unless it is closed already. The bot is told about its own polls. */
export function closePoll(world: World, pollId: string): void {
  const [first] = everywhere(world, pollId);
  const poll = first?.[1].poll;
  if (poll?.is_closed === false) updatePoll(world, { ...poll, is_closed: true });
}

/** When a poll closes by itself, in Unix seconds; Infinity if it does not. */
export function endOf({ date }: Message, { close_date: end, open_period: period }: Poll): number {
  return end ?? (period === undefined ? Infinity : date + period);
}

/**
 * Puts a poll's new state into every message that holds it, and tells the bot if the poll is its own. Returns the chat
 * that it sent the poll to, if so.
 */
function updatePoll(world: World, poll: Poll): Place | undefined {
  const stands = everywhere(world, poll.id);
  for (const [place, held] of stands) world.replace(place, { ...held, poll });
  const own = stands.find(([, held]) => world.isBots(held) && held.forward_origin === undefined);
  if (own) world.deliver(() => ({ poll }), own[0]);
  return own?.[0];
}

function check(message: Message, poll: Poll, before: readonly number[], after: readonly number[]): void {
  if (poll.is_closed || endOf(message, poll) <= seconds()) throw new Error("This poll is closed.");
  if (after.some((index) => poll.options[index] === undefined))
    throw new Error("The poll has no such option.");
  if (after.length > 1 && !poll.allows_multiple_answers)
    throw new Error("Only one option can be chosen in this poll.");
  if (before.length === 0) return;
  if (after.length === 0 && poll.type === "quiz")
    throw new Error("The answer to a quiz cannot be taken back.");
  if (!poll.allows_revoting) throw new Error("In this poll a vote cannot be changed.");
}

/** A poll after one person's vote has changed. */
function recounted(poll: Poll, before: readonly number[], after: readonly number[]): Poll {
  const people = Number(after.length > 0) - Number(before.length > 0);
  return {
    ...poll,
    total_voter_count: poll.total_voter_count + people,
    options: poll.options.map((option, index) => ({
      ...option,
      voter_count: option.voter_count + Number(after.includes(index)) - Number(before.includes(index)),
    })),
  };
}

/** Each message that holds this poll. */
function everywhere(world: World, pollId: string): [Place, Message][] {
  return (world.polls.get(pollId) ?? []).flatMap(([place, messageId]): [Place, Message][] => {
    const message = place.find(messageId);
    return message === undefined ? [] : [[place, message]];
  });
}
