import type { Chat, Poll, PollAnswer, User } from "grammy/types";
import { type Answer, type Heard, countVotes } from "../../../campaign/votes/poll-votes.ts";
import { type Tally, tallyOf } from "../../../content/poll-tally.ts";
import { fullName, visibleName } from "../../../person-name.ts";
import { createFollower } from "./card-follow.ts";
import type { BotDeps } from "../../ui/bot-context.ts";

/**
 * Counts the votes in polls. They come as fast as a crowd votes and need no answer, so they are collected and written in
 * batches: a poll that changed ten times in between is one row, and the database stays free for the broadcast and admins.
 */
export interface Ballots {
  /** Resolves when the next batch has been tried, so that updates are not taken faster than they can be written. */
  hear(update: { poll?: Poll | undefined; poll_answer?: PollAnswer | undefined }): Promise<void>;
  /** Writes what is left. Call it once all outcomes are settled, because only then the last polls are known. */
  stop(): Promise<void>;
}

/** How long votes are collected before they are written. */
const GATHER_MS = 200;

/** Polls that are written in one batch. */
const BATCH = 500;

/** The wait while the database cannot be reached. */
const RETRY_MS = 1_000;

/**
 * A vote may arrive before the outcome of its delivery is written, so its poll is looked up again for this long. A poll that
 * is still unknown then belongs to a preview, or to a campaign whose deliveries are gone.
 */
const UNKNOWN_FOR_MS = 60_000;
const LOOK_AGAIN_MS = 1_000;

/** Polls that are held while the database is away: about 20 MB. Votes beyond that are lost, and the log says so. */
const MOST_WAITING = 20_000;

/** What has been heard of a poll and not been written yet. */
interface Entry {
  tally: Tally | null;
  answers: Map<number, Answer>;
  /** When to look it up again, and when to give up; monotonic. */
  notBefore: number;
  until: number;
}

export function createBallots(deps: Pick<BotDeps, "scope" | "clock" | "log" | "engine" | "stop">): Ballots {
  const { scope, clock, log, stop } = deps;
  const follow = createFollower(deps);
  const waiting = new Map<string, Entry>(); // by poll, the oldest first
  let running = false;
  let done: Promise<void> = Promise.resolve();
  let isFull = false;
  let tried: (() => void)[] = [];

  function note(pollId: string, tally: Tally | null, answers: Map<number, Answer>): void {
    const before = waiting.get(pollId);
    if (!before && waiting.size >= MOST_WAITING) {
      if (!isFull) log.warn({ waiting: waiting.size }, "votes in polls are lost: they cannot be written");
      isFull = true;
      return;
    }
    waiting.set(pollId, {
      tally: tally ?? before?.tally ?? null,
      answers: new Map([...(before?.answers ?? []), ...answers]),
      notBefore: 0,
      until: before?.until ?? Infinity,
    });
  }

  /** Puts back what could not be written; what was heard since then prevails. */
  function putBack(batch: Iterable<[string, Entry]>, change: Partial<Entry> = {}): void {
    for (const [pollId, old] of batch) {
      const { tally, answers } = waiting.get(pollId) ?? {};
      waiting.set(pollId, {
        ...old,
        ...change,
        tally: tally ?? old.tally,
        answers: new Map([...old.answers, ...(answers ?? [])]),
      });
    }
  }

  async function run(): Promise<void> {
    running = true;
    let failures = 0;
    while (waiting.size > 0 && !stop.aborted) {
      await clock.sleep(failures > 0 ? RETRY_MS : GATHER_MS, stop);
      if (stop.aborted) break;
      try {
        await writeDue(clock.monotonic());
        failures = 0;
      } catch (error) {
        failures += 1;
        if (failures === 1) log.error({ err: error }, "votes in polls cannot be written, trying on");
      }
      release();
    }
    running = false;
    release();
  }

  function release(): void {
    for (const resolve of tried.splice(0)) resolve();
  }

  /** Writes everything that is due by `now`. @throws if the database is away; nothing is lost then */
  async function writeDue(now: number): Promise<void> {
    for (;;) {
      const batch = [...waiting].filter(([, { notBefore }]) => notBefore <= now).slice(0, BATCH);
      if (batch.length === 0) return;
      for (const [pollId] of batch) waiting.delete(pollId);
      await write(batch, now);
      isFull = false;
    }
  }

  async function write(batch: [string, Entry][], now: number): Promise<void> {
    let counted: Awaited<ReturnType<typeof countVotes>>;
    try {
      counted = await countVotes(scope, batch.map(heardOf));
    } catch (error) {
      putBack(batch);
      throw error;
    }
    for (const id of counted.campaigns) void follow(id);
    for (const [pollId, entry] of batch) {
      const until = Math.min(entry.until, now + UNKNOWN_FOR_MS);
      if (!counted.known.has(pollId) && now < until)
        putBack([[pollId, entry]], { until, notBefore: now + LOOK_AGAIN_MS });
    }
  }

  return {
    async hear({ poll, poll_answer: answer }) {
      if (poll) note(poll.id, tallyOf(poll), new Map());
      const given = answer && answerOf(answer);
      if (given) note(answer.poll_id, null, new Map([[given.voterId, given]]));
      if (stop.aborted) return; // stop() writes it
      const attempt = new Promise<void>((resolve) => tried.push(resolve));
      if (!running) done = run();
      await attempt;
    },
    async stop() {
      await done;
      await writeDue(Infinity).catch((error: unknown) =>
        log.error({ err: error, polls: waiting.size }, "votes in polls are lost: they could not be written"),
      );
    },
  };
}

function heardOf([pollId, { tally, answers }]: [string, Entry]): Heard {
  return { pollId, tally, answers: [...answers.values()] };
}

/** Null if Telegram does not name the voter. */
function answerOf({ user, voter_chat: chat, option_persistent_ids: choices }: PollAnswer): Answer | null {
  if (user) return { voterId: user.id, name: nameOf(user), username: user.username ?? null, choices };
  return chat ? { voterId: chat.id, name: titleOf(chat), username: chat.username ?? null, choices } : null;
}

function nameOf({ first_name: first, last_name: last }: User): string {
  return fullName(first, last) ?? "";
}

function titleOf({ title, first_name: first }: Chat): string {
  return visibleName(title ?? first) ?? "";
}
