import type { Chat, Poll, PollAnswer, User } from "grammy/types";
import { type Answer, type Heard, countVotes } from "../../../campaign/votes/poll-votes.ts";
import { type Tally, tallyOf } from "../../../content/poll-tally.ts";
import { fullName, visibleName } from "../../../person-name.ts";
import { createFollower } from "./card-follow.ts";
import type { BotDeps } from "../../ui/bot-context.ts";

/**
 * Counts the votes in polls. They come at a crowd's rate and need no answer, so they are gathered and written in batches:
 * a poll that changed ten times meanwhile is one row, and the broadcast and admins have the database to themselves.
 */
export interface Ballots {
  /** Resolves when the next batch was tried, so that updates come no faster than they can be written. */
  hear(update: { poll?: Poll | undefined; poll_answer?: PollAnswer | undefined }): Promise<void>;
  /** Writes what is left. Call it when all outcomes are settled: the last polls are known only then. */
  stop(): Promise<void>;
}

/** How long votes gather before they are written. */
const GATHER_MS = 200;

/** So many polls are written at once. */
const BATCH = 500;

/** While the database cannot be reached. */
const RETRY_MS = 1_000;

/**
 * A vote may be heard before the outcome of its delivery is written. For so long it is looked for again; what is unknown
 * then is no campaign's: a preview, or a campaign that lost its deliveries.
 */
const UNKNOWN_FOR_MS = 60_000;
const LOOK_AGAIN_MS = 1_000;

/** Polls that are held while the database is away: some 20 MB. What is beyond that is lost, and said. */
const MOST_WAITING = 20_000;

/** What was heard of a poll and is not written yet. */
interface Entry {
  tally: Tally | null;
  answers: Map<number, Answer>;
  /** Not looked for before then, and given up after that; monotonic. */
  notBefore: number;
  until: number;
}

export function createBallots(deps: Pick<BotDeps, "scope" | "clock" | "log" | "engine" | "stop">): Ballots {
  const { scope, clock, log, stop } = deps;
  const follow = createFollower(deps);
  const waiting = new Map<string, Entry>(); // by poll, the longest ago first
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

  /** What could not be written goes back, under what was heard since. */
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

  /** Writes all that is due by `now`. @throws when the database is away; nothing is lost then. */
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

/** Null when Telegram names nobody. */
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
