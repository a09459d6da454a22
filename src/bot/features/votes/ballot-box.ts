import type { Answer } from "../../../campaign/votes/poll-votes.ts";
import type { Tally } from "../../../content/poll-tally.ts";
import type { Log } from "../../../log.ts";

/** What has been heard of a poll and not been written yet. */
export interface Ballot {
  pollId: string;
  tally: Tally | null;
  answers: ReadonlyMap<number, Answer>;
  /** When to look it up again, and when to give up; monotonic. */
  notBefore: number;
  until: number;
}

/** The votes that wait to be written, one entry per poll. */
export interface BallotBox {
  readonly size: number;
  /** Adds what was heard of a poll. While the box is full, polls that are not in it are lost, and the log says so once. */
  add(pollId: string, heard: { tally?: Tally; answers?: ReadonlyMap<number, Answer> }): void;
  /** Takes out at most `limit` polls that are due by `now`, the oldest first. */
  takeDue(now: number, limit: number): Ballot[];
  /** Puts back polls that could not be written; what was heard since then prevails. */
  putBack(ballots: readonly Ballot[]): void;
  /** A batch was written: if the box fills up again, the log says so again. */
  written(): void;
}

/** Polls that are held while the database is away: about 20 MB. */
const MOST_WAITING = 20_000;

export function createBallotBox(log: Log): BallotBox {
  const waiting = new Map<string, Ballot>(); // by poll, the oldest first
  let isFull = false;

  return {
    get size() {
      return waiting.size;
    },
    add(pollId, { tally, answers = new Map<number, Answer>() }) {
      const before = waiting.get(pollId);
      if (!before && waiting.size >= MOST_WAITING) {
        if (!isFull) log.warn({ waiting: waiting.size }, "votes in polls are lost: they cannot be written");
        isFull = true;
        return;
      }
      waiting.set(pollId, {
        pollId,
        tally: tally ?? before?.tally ?? null,
        answers: new Map([...(before?.answers ?? []), ...answers]),
        notBefore: 0,
        until: before?.until ?? Infinity,
      });
    },
    takeDue(now, limit) {
      const due = [...waiting.values()].filter(({ notBefore }) => notBefore <= now).slice(0, limit);
      for (const { pollId } of due) waiting.delete(pollId);
      return due;
    },
    putBack(ballots) {
      for (const old of ballots) {
        const { tally, answers } = waiting.get(old.pollId) ?? {};
        waiting.set(old.pollId, {
          ...old,
          tally: tally ?? old.tally,
          answers: new Map([...old.answers, ...(answers ?? [])]),
        });
      }
    },
    written() {
      isFull = false;
    },
  };
}
