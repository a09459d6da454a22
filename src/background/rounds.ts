import type { Clock } from "../clock.ts";
import type { Log } from "../log.ts";
import type { Service } from "./service.ts";

/** Does the same work again and again, one round at a time. */
export interface Repeated extends Service {
  /** There is something to do: the next round begins at once, or right after the one under way. */
  nudge(): void;
}

export interface RepeatOptions {
  clock: Clock;
  log: Log;
  /** Milliseconds between the end of a round and the next one. */
  everyMs: number;
  /** After a round that failed. Default: `everyMs`. */
  againMs?: number;
  /** Default: the first round begins at once; else it waits for `everyMs`. */
  waitsFirst?: boolean;
  /** What the log says of the first round that fails, until one succeeds again. */
  complaint: string;
  /** One round. What it resolves with, if anything, is how long to wait this time, in ms; 0 goes on at once, without a timer. */
  work: (stop: AbortSignal) => Promise<number | void>;
}

/** Until it is stopped, `work` is done every so often and whenever it is nudged; a round that fails is tried again. */
export function repeat(options: RepeatOptions): Repeated {
  const { clock, log, everyMs, againMs = everyMs, waitsFirst = false, complaint, work } = options;
  const stopping = new AbortController();
  const stop = stopping.signal;
  let nap = new AbortController();
  let nudged = false;
  let failing = false;
  let running: Promise<void> = Promise.resolve();

  async function run(): Promise<void> {
    if (waitsFirst) await doze(everyMs);
    while (!stop.aborted) {
      nudged = false;
      await doze(await round());
    }
  }

  /** Resolves with how long to wait. */
  async function round(): Promise<number> {
    try {
      const waitMs = await work(stop);
      failing = false;
      return waitMs ?? everyMs;
    } catch (error) {
      if (!failing) log.warn({ err: error }, complaint);
      failing = true;
      return againMs;
    }
  }

  async function doze(ms: number): Promise<void> {
    if (nudged || ms <= 0 || stop.aborted) return;
    nap = new AbortController();
    await clock.sleep(ms, nap.signal);
  }

  function nudge(): void {
    nudged = true;
    nap.abort("nudged"); // without a reason, an error with its stack would be made each time
  }

  return {
    start() {
      running = run();
    },
    nudge,
    async stop() {
      stopping.abort();
      nudge();
      await running;
    },
  };
}
