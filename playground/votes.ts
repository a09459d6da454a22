import type { Message, Poll, User } from "@grammyjs/types";
import type { Place } from "./places.ts";
import { seconds, type World } from "./world.ts";

/**
 * Votes in a message's poll, or takes the vote back with no options. Counts change in the poll wherever it stands: one
 * that was forwarded is the same poll. The bot hears of votes in its own polls only (Bot API, "PollAnswer"): of who has
 * voted how, unless the poll is anonymous, and of how it stands. Throws a sentence for a vote that Telegram does not
 * take.
 */
export function vote(world: World, user: User, message: Message, chosen: readonly number[]): void {
  const { poll } = message;
  if (poll === undefined) throw new Error("There is no poll in this message.");
  const votes = world.votes.get(poll.id) ?? new Map<number, number[]>();
  const before = votes.get(user.id) ?? [];
  const after = [...new Set(chosen)].toSorted((a, b) => a - b);
  if (String(before) === String(after)) return;
  check(message, poll, before, after);
  if (after.length > 0) votes.set(user.id, after);
  else votes.delete(user.id);
  world.votes.set(poll.id, votes);
  const isBots = turn(world, recounted(poll, before, after));
  if (!isBots || poll.is_anonymous) return;
  world.deliver(() => ({
    poll_answer: {
      poll_id: poll.id,
      user,
      option_ids: after,
      option_persistent_ids: after.map((index) => poll.options[index]?.persistent_id ?? String(index)),
    },
  }));
}

/** Ends a poll wherever it stands, unless it is closed already. Of its own polls the bot hears that. */
export function closePoll(world: World, pollId: string): void {
  const [first] = everywhere(world, pollId);
  const poll = first?.[1].poll;
  if (poll?.is_closed === false) turn(world, { ...poll, is_closed: true });
}

/** When a poll ends by itself, in Unix seconds; Infinity for one that does not. */
export function endOf({ date }: Message, { close_date: end, open_period: period }: Poll): number {
  return end ?? (period === undefined ? Infinity : date + period);
}

/** Puts a new state of a poll into each message that holds it. Tells the bot if it is its own; returns whether it is. */
function turn(world: World, poll: Poll): boolean {
  const stands = everywhere(world, poll.id);
  for (const [place, held] of stands) world.replace(place, { ...held, poll });
  const isBots = stands.some(([, held]) => world.isBots(held) && held.forward_origin === undefined);
  if (isBots) world.deliver(() => ({ poll }));
  return isBots;
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
