import type { Bot } from "grammy";
import type { Service } from "../../background/service.ts";
import type { Clock } from "../../clock.ts";
import type { Log } from "../../log.ts";
import type { Alarm } from "../notices/alarm.ts";
import type { HeraldContext } from "../ui/bot-context.ts";
import type { QueueSource } from "../updates/queue-source.ts";
import { createUpdateRunner } from "../updates/update-runner.ts";
import { createPollConflicts } from "./poll-conflicts.ts";
import { createUpdateSupplier } from "./update-supplier.ts";

/** Asks Telegram for updates and hands them to the bot, no matter what else polls beside it. */
export interface Polling extends Service {
  /** Removes a webhook of Herald's own, and reports whether another one takes the updates. */
  start(): Promise<void>;
  /** Stops, and waits up to 5 s for the updates in work. */
  stop(): Promise<void>;
  /** When Telegram last answered, even with a refusal; monotonic. Null before the start. */
  readonly answeredAt: number | null;
}

export interface PollingDeps {
  bot: Bot<HeraldContext>;
  clock: Clock;
  log: Log;
  lease: { held(): boolean };
  alarm: Pick<Alarm, "note" | "over">;
  /** What Telegram posted while WEBHOOK was on is handled first. It stops with `stop`. Default: nothing was. */
  leftover?: (stop: AbortSignal) => QueueSource;
  /** Telegram refuses the token; polling has ended. */
  onRefused: (error: unknown) => void;
}

/**
 * grammY's runner with a supplier of our own, because the runner's ends at the first conflict, and after 15 hours without
 * Telegram.
 */
export function createPolling(deps: PollingDeps): Polling {
  const { bot, clock, log, lease, alarm, onRefused } = deps;
  const stopping = new AbortController();
  const { api } = bot;
  const stop = stopping.signal;
  const leftover = deps.leftover?.(stop);
  const conflicts = createPollConflicts({ api, clock, log, alarm, stop });
  const parts = { api, clock, log, lease, alarm, conflicts, stop };
  const supplier = createUpdateSupplier({ ...parts, ...(leftover && { leftover }) });
  const runner = createUpdateRunner(bot, supplier);

  return {
    get answeredAt() {
      return supplier.answeredAt;
    },
    async start() {
      supplier.start();
      await conflicts.start();
      // Nobody would stop a runner that starts now, and it would ask a supplier that has ended without a pause.
      if (!stop.aborted) runner.start(onRefused);
    },
    async stop() {
      stopping.abort();
      await runner.stop();
      await leftover?.end();
    },
  };
}
