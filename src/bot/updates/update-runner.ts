import { type RunnerHandle, createConcurrentSink, createRunner, createSource } from "@grammyjs/runner";
import type { Bot, BotError } from "grammy";
import type { Update } from "grammy/types";
import { systemClock } from "../../clock.ts";
import type { HeraldContext } from "../ui/bot-context.ts";

/** What grammY's runner takes its updates from. */
export interface UpdateSource {
  /** Resolves with the next updates, at most `limit`, as soon as there are some; with none once stopped. */
  supply: Parameters<typeof createSource<Update>>[0]["supply"];
  /** The handling of an update has ended, well or not. */
  handled?(update: Update): void;
}

/** Hands updates to a bot, many at a time, wherever they come from. */
export interface UpdateRunner {
  /** `onEnd` gets the error that the source ended with. */
  start(onEnd: (error: unknown) => void): void;
  /** Takes no more updates, and waits up to 5 s for those in work. The source has to be stopped before. */
  stop(): Promise<void>;
}

/**
 * Updates that are being handled or wait to be. At this many, nothing more is fetched, and the next update of an admin
 * waits behind a crowd instead of passing it. The runner's own 500 were too few for 900 people at once and a slow database.
 */
const MOST_IN_WORK = 3_000;

/** Updates that take longer are given up. */
const STOP_MS = 5_000;

export function createUpdateRunner(bot: Bot<HeraldContext>, source: UpdateSource): UpdateRunner {
  let runner: RunnerHandle | null = null;

  async function consume(update: Update): Promise<void> {
    try {
      await bot.handleUpdate(update);
    } finally {
      source.handled?.(update);
    }
  }

  return {
    start(onEnd) {
      const sink = createConcurrentSink<Update, BotError<HeraldContext>>(
        { consume },
        async (error) => void (await bot.errorHandler(error)),
        { concurrency: MOST_IN_WORK },
      );
      runner = createRunner(createSource(source), sink);
      runner.start();
      runner.task()?.catch(onEnd);
    },
    async stop() {
      if (!runner) return;
      await runner.stop();
      // The runner does not wait for the updates that it has handed out.
      for (let waited = 0; runner.size() > 0 && waited < STOP_MS; waited += 20) await systemClock.sleep(20);
    },
  };
}
