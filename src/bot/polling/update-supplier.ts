import { type Api, GrammyError } from "grammy";
import type { Update } from "grammy/types";
import type { Clock } from "../../clock.ts";
import type { Log } from "../../log.ts";
import type { Alarm } from "../notices/alarm.ts";
import { noteAnswered, noteAway } from "../notices/telegram-away.ts";
import { ALLOWED_UPDATES } from "../updates/allowed-updates.ts";
import type { QueueSource } from "../updates/queue-source.ts";
import type { PollConflicts } from "./poll-conflicts.ts";

/** An AbortSignal, as grammY's types know it: by a shim. */
type PollSignal = NonNullable<Parameters<Api["getUpdates"]>[1]>;

/** What grammY's runner takes its updates from. */
export interface UpdateSupplier {
  /** From now on Telegram is expected to answer. */
  start(): void;
  /**
   * Resolves with the next updates, at most `limit`, however long Telegram is away; with none once stopped.
   * @throws GrammyError if Telegram refuses the token
   */
  supply(limit: number, signal: PollSignal): Promise<Update[]>;
  /** The handling of an update has ended. */
  handled(update: Update): void;
  /** When Telegram last answered, even with a refusal; monotonic. Null before the start. */
  readonly answeredAt: number | null;
}

export interface UpdateSupplierDeps {
  api: Pick<Api, "getUpdates">;
  clock: Clock;
  log: Log;
  /** A process that lost the lease must not poll: Telegram would end the poll of the process that holds it now. */
  lease: { held(): boolean };
  alarm: Pick<Alarm, "note" | "over">;
  conflicts: Pick<PollConflicts, "met" | "none">;
  /** What Telegram posted to Herald before it polled, or was just posting. */
  leftover?: Pick<QueueSource, "take" | "handled">;
  stop: AbortSignal;
}

/** How often to check whether the lease is back. */
const LEASE_CHECK_MS = 250;

/** Telegram answers a poll within this many seconds. */
const POLL_SECONDS = 30;

/** A post to Herald's own webhook that was under way when it was removed is stored by then. */
const LEFTOVER_MS = 60_000;

/** The wait after an error. It does not grow, or Herald would be deaf for hours after a night offline. */
const AGAIN_MS = 2_000;

export function createUpdateSupplier(deps: UpdateSupplierDeps): UpdateSupplier {
  const { api, clock, log, lease, alarm, conflicts, leftover, stop } = deps;
  const posted = new WeakSet<Update>();
  let startedAt = 0;
  let offset = 0;
  let answeredAt: number | null = null;
  let isAway = false;

  /** The oldest first: what was posted is older than what a poll brings. */
  async function takeLeftover(limit: number): Promise<Update[]> {
    if (!leftover || clock.monotonic() - startedAt > LEFTOVER_MS) return [];
    try {
      const updates = await leftover.take(limit);
      for (const update of updates) posted.add(update);
      // There may be more, and it may take a while.
      if (updates.length > 0) startedAt = clock.monotonic();
      return updates;
    } catch (error) {
      log.warn({ err: error }, "what Telegram has posted cannot be read; it is polled meanwhile");
      startedAt = clock.monotonic();
      return [];
    }
  }

  async function poll(limit: number, signal: PollSignal): Promise<Update[]> {
    const asked = {
      offset,
      limit: Math.max(1, Math.min(limit, 100)),
      timeout: isAway ? 0 : POLL_SECONDS, // 0 is answered at once when Telegram is back
      allowed_updates: [...ALLOWED_UPDATES],
    };
    const updates = await api.getUpdates(asked, signal);
    offset = (updates.at(-1)?.update_id ?? offset - 1) + 1;
    return updates;
  }

  function answered(): void {
    answeredAt = clock.monotonic();
    isAway = false;
    noteAnswered(alarm);
  }

  /** Resolves with how long to wait before the next poll, in ms. @throws the error if polling must end. */
  async function waitAfter(error: unknown): Promise<number> {
    if (!(error instanceof GrammyError) || error.error_code >= 500) {
      isAway = true;
      noteAway(alarm, error);
      return AGAIN_MS;
    }
    answered();
    if (error.error_code === 401) throw error;
    if (error.error_code === 409) return conflicts.met(error.description);
    log.warn({ err: error }, "Telegram refuses a poll; asking again");
    return (error.parameters.retry_after ?? 0) * 1_000 || AGAIN_MS;
  }

  return {
    get answeredAt() {
      return answeredAt;
    },
    start() {
      startedAt = clock.monotonic();
      answeredAt = startedAt;
    },
    handled(update) {
      if (posted.has(update)) leftover?.handled(update);
    },
    async supply(limit, signal) {
      while (!stop.aborted) {
        if (!lease.held()) {
          await clock.sleep(LEASE_CHECK_MS, stop);
          continue;
        }
        try {
          const before = await takeLeftover(limit);
          if (before.length > 0) return before;
          const updates = await poll(limit, signal);
          answered();
          conflicts.none();
          return updates;
        } catch (error) {
          if (stop.aborted) break;
          await clock.sleep(await waitAfter(error), stop);
        }
      }
      return [];
    },
  };
}
