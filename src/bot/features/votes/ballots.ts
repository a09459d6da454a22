import type { Chat, Poll, PollAnswer, User } from "grammy/types";
import { type Answer, type Heard, countVotes } from "../../../campaign/votes/poll-votes.ts";
import { tallyOf } from "../../../content/poll-tally.ts";
import { fullName, visibleName } from "../../../person-name.ts";
import { type Ballot, createBallotBox } from "./ballot-box.ts";
import { createFollower } from "./card-follow.ts";
import type { CrowdDeps } from "../../ui/bot-context.ts";

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

export function createBallots(deps: Pick<CrowdDeps, "own" | "clock" | "log" | "engine" | "stop">): Ballots {
  const { own, clock, log, stop } = deps;
  const follow = createFollower(deps);
  const box = createBallotBox(log);
  let running = false;
  let done: Promise<void> = Promise.resolve();
  let tried: (() => void)[] = [];

  async function run(): Promise<void> {
    running = true;
    let failures = 0;
    while (box.size > 0 && !stop.aborted) {
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
      const batch = box.takeDue(now, BATCH);
      if (batch.length === 0) return;
      await write(batch, now);
      box.written();
    }
  }

  async function write(batch: readonly Ballot[], now: number): Promise<void> {
    let counted: Awaited<ReturnType<typeof countVotes>>;
    try {
      counted = await countVotes(own, batch.map(heardOf));
    } catch (error) {
      box.putBack(batch);
      throw error;
    }
    for (const id of counted.campaigns) void follow(id);
    const unknown = batch
      .filter(({ pollId }) => !counted.known.has(pollId))
      .map((ballot) => ({ ...ballot, until: Math.min(ballot.until, now + UNKNOWN_FOR_MS) }))
      .filter(({ until }) => now < until);
    box.putBack(unknown.map((ballot) => ({ ...ballot, notBefore: now + LOOK_AGAIN_MS })));
  }

  return {
    async hear({ poll, poll_answer: answer }) {
      if (poll) box.add(poll.id, { tally: tallyOf(poll) });
      const given = answer && answerOf(answer);
      if (given) box.add(answer.poll_id, { answers: new Map([[given.voterId, given]]) });
      if (stop.aborted) return; // stop() writes it
      const attempt = new Promise<void>((resolve) => tried.push(resolve));
      if (!running) done = run();
      await attempt;
    },
    async stop() {
      await done;
      await writeDue(Infinity).catch((error: unknown) =>
        log.error({ err: error, polls: box.size }, "votes in polls are lost: they could not be written"),
      );
    },
  };
}

function heardOf({ pollId, tally, answers }: Ballot): Heard {
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
