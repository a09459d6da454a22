import { randomUUID } from "node:crypto";
import type { Update } from "grammy/types";
import { createTroubleLog } from "../../background/trouble-log.ts";
import type { Clock } from "../../clock.ts";
import { type TakenUpdate, forgetUpdates, takeUpdates } from "../../db/queued-updates.ts";
import type { Scope } from "../../db/scope.ts";
import type { Log } from "../../log.ts";
import type { UpdateSeal } from "../../telegram/update-seal.ts";
import type { UpdateSource } from "./update-runner.ts";

/**
 * The updates of a bot that Telegram has posted, in the order of their ids. Each leaves the queue when its handling has ended,
 * so after a crash those in work are handled again.
 */
export interface QueueSource extends UpdateSource {
  handled(update: Update): void;
  /** The next updates; none if none wait. */
  take(limit: number): Promise<Update[]>;
  /** There may be some: looks at once. */
  nudge(): void;
  /** Resolves when what is handled has left the queue, as far as the database lets it. Call it once nothing is in work. */
  end(): Promise<void>;
}

export interface QueueSourceDeps {
  own: Scope;
  seal: Pick<UpdateSeal, "unseal">;
  clock: Clock;
  log: Log;
  /** Only the process that runs the bot may take its updates. */
  lease: { held(): boolean };
  stop: AbortSignal;
}

/** How often to look unasked. Nudges say at once when there are some; behind a pooler that swallows them, it takes this long. */
const LOOK_MS = 5_000;
const LEASE_CHECK_MS = 250;
const AGAIN_MS = 1_000;

/** Taken or deleted in one statement. */
const BATCH = 100;

/**
 * An update that was in work twice when the process ended may be what ended it, so it is handled alone: if that happens again,
 * it was the one, and is given up. Those that were in work beside it are handled.
 */
const SUSPECT_AT = 2;
const GIVEN_UP_AT = 3;

export function createQueueSource(deps: QueueSourceDeps): QueueSource {
  const { own, seal, clock, log, lease, stop } = deps;
  const by = randomUUID();
  const trouble = createTroubleLog((error) =>
    log.warn({ err: error }, "the updates that Telegram has posted cannot be read, trying again"),
  );
  const done = new Set<number>();
  const inWork = new Set<number>();
  let mayHoldSuspects = true;
  let isNudged = false;
  let nap = new AbortController();
  let forgetting: Promise<void> | null = null;
  stop.addEventListener("abort", nudge, { once: true });

  function nudge(): void {
    isNudged = true;
    nap.abort("nudged");
  }

  async function doze(ms: number): Promise<void> {
    if (isNudged || stop.aborted) return;
    nap = new AbortController();
    await clock.sleep(ms, nap.signal);
  }

  async function take(limit: number): Promise<Update[]> {
    const taken = mayHoldSuspects ? await takeSuspect() : [];
    if (taken.length === 0 && !stop.aborted)
      taken.push(...(await takeUpdates(own, by, { limit: Math.max(1, Math.min(limit, BATCH)) })));
    const updates = taken.flatMap((one) => opened(one) ?? []);
    for (const { update_id: updateId } of updates) inWork.add(updateId);
    // What cannot be handled makes room for what follows it.
    return taken.length > 0 && updates.length === 0 ? take(limit) : updates;
  }

  /** Waits until the one before has been handled. */
  async function takeSuspect(): Promise<TakenUpdate[]> {
    while (inWork.size > 0 && !stop.aborted) await clock.sleep(LEASE_CHECK_MS, stop);
    if (stop.aborted) return [];
    const suspects = await takeUpdates(own, by, { limit: 1, begunBefore: SUSPECT_AT });
    mayHoldSuspects = suspects.length > 0;
    return suspects;
  }

  /** Null if it cannot be handled; then it leaves the queue. */
  function opened({ updateId, body, taken }: TakenUpdate): Update | null {
    const text = seal.unseal(own.botId, updateId, body);
    if (text !== null && taken <= GIVEN_UP_AT) return JSON.parse(text) as Update; // Telegram's own, as when it is polled
    if (text === null)
      log.warn({ update: updateId }, "an update was stored under another token of the home, and is lost");
    else
      log.error(
        { update: updateId, taken },
        "an update is given up: each time, Herald ended while it handled it",
      );
    forget(updateId);
    return null;
  }

  function forget(updateId: number): void {
    done.add(updateId);
    forgetting ??= forgetDone().finally(() => (forgetting = null));
  }

  /** What ends while a batch is deleted is deleted in the next. */
  async function forgetDone(): Promise<void> {
    while (done.size > 0) {
      const batch = [...done].slice(0, BATCH);
      try {
        await forgetUpdates(own, batch);
        for (const updateId of batch) done.delete(updateId);
        trouble.over();
      } catch (error) {
        trouble.note(error);
        if (stop.aborted) return;
        await clock.sleep(AGAIN_MS, stop);
      }
    }
  }

  return {
    take,
    nudge,
    handled({ update_id: updateId }) {
      inWork.delete(updateId);
      forget(updateId);
    },
    async supply(limit) {
      while (!stop.aborted) {
        isNudged = false;
        if (!lease.held()) {
          await clock.sleep(LEASE_CHECK_MS, stop);
          continue;
        }
        try {
          const updates = await take(limit);
          trouble.over();
          if (updates.length > 0) return updates;
          await doze(LOOK_MS);
        } catch (error) {
          trouble.note(error);
          await clock.sleep(AGAIN_MS, stop);
        }
      }
      return [];
    },
    async end() {
      await forgetting;
      await (done.size > 0 ? forgetDone() : undefined);
    },
  };
}
