import { type RunnerHandle, createConcurrentSink, createRunner, createSource } from "@grammyjs/runner";
import type { Bot, BotError } from "grammy";
import type { Update } from "grammy/types";
import type { Service } from "../../background/service.ts";
import { type Clock, systemClock } from "../../clock.ts";
import type { Log } from "../../log.ts";
import type { Alarm } from "../notices/alarm.ts";
import type { HeraldContext } from "../ui/bot-context.ts";
import { createPollConflicts } from "./poll-conflicts.ts";
import { createUpdateSupplier } from "./update-supplier.ts";

/** Asks Telegram for updates and hands them to the bot, no matter what else polls beside it. */
export interface Polling extends Service {
  /** Reports first whether a webhook takes the updates. */
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
  /** Telegram refuses the token; polling has ended. */
  onRefused: (error: unknown) => void;
}

/**
 * Updates that are being handled or wait to be. At this many, nothing more is fetched, and the next update of an admin
 * waits behind a crowd instead of passing it. The runner's own 500 were too few for 900 people at once and a slow database.
 */
const MOST_IN_WORK = 3_000;

/** Updates that take longer are given up. */
const STOP_MS = 5_000;

/**
 * grammY's runner with a supplier of our own, because the runner's ends at the first conflict, and after 15 hours without
 * Telegram.
 */
export function createPolling(deps: PollingDeps): Polling {
  const { bot, clock, log, lease, alarm, onRefused } = deps;
  const stopping = new AbortController();
  const { api } = bot;
  const stop = stopping.signal;
  const conflicts = createPollConflicts({ api, clock, log, alarm, stop });
  const supplier = createUpdateSupplier({ api, clock, log, lease, alarm, conflicts, stop });
  let runner: RunnerHandle | null = null;

  return {
    get answeredAt() {
      return supplier.answeredAt;
    },
    async start() {
      supplier.start();
      await conflicts.start();
      // Nobody would stop a runner that starts now, and it would ask a supplier that has ended without a pause.
      if (stop.aborted) return;
      const sink = createConcurrentSink<Update, BotError<HeraldContext>>(
        { consume: (update) => bot.handleUpdate(update) },
        async (error) => void (await bot.errorHandler(error)),
        { concurrency: MOST_IN_WORK },
      );
      runner = createRunner(createSource(supplier), sink);
      runner.start();
      runner.task()?.catch(onRefused);
    },
    async stop() {
      stopping.abort();
      if (!runner) return;
      await runner.stop();
      // The runner does not wait for the updates that it has handed out.
      for (let waited = 0; runner.size() > 0 && waited < STOP_MS; waited += 20) await systemClock.sleep(20);
    },
  };
}
