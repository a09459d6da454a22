import type { Clock } from "../clock.ts";
import type { Log } from "../log.ts";
import type { Service } from "./service.ts";
import { type TroubleLog, createTroubleLog } from "./trouble-log.ts";

/** Does the same work again and again, one round at a time. */
export interface Repeated extends Service {
  /** There is something to do: the next round begins at once, or right after the one under way. */
  nudge(): void;
}

export interface RepeatOptions {
  clock: Clock;
  log: Log;
  /** Milliseconds between the end of a round and the next one; a function is asked each time. */
  everyMs: number | (() => number);
  /** Milliseconds to wait after a round that failed; a nudge does not cut this short. Default: `everyMs`. */
  againMs?: number;
  /** Default: the first round begins at once; else it waits for `everyMs`. */
  waitsFirst?: boolean;
  /**
   * Either what the log says of the first round that fails, until one succeeds again, or what to tell of every round that
   * fails (`note`) and that succeeds (`over`).
   */
  complaint: string | (Pick<TroubleLog, "note"> & Partial<TroubleLog>);
  /**
   * One round. May resolve with how long to wait this time, in ms (0 goes on at once, without a timer), or with "done":
   * then no other round follows.
   */
  work: (stop: AbortSignal) => Promise<number | "done" | void>;
}

/** Until it is stopped, `work` is done every so often and whenever it is nudged; a round that fails is tried again. */
export function repeat(options: RepeatOptions): Repeated {
  const { clock, log, everyMs, againMs, waitsFirst = false, complaint, work } = options;
  const trouble =
    typeof complaint === "string"
      ? createTroubleLog((error) => log.warn({ err: error }, complaint))
      : complaint;
  const stopping = new AbortController();
  const stop = stopping.signal;
  let nap = new AbortController();
  let nudged = false;
  let running: Promise<void> = Promise.resolve();

  const usualMs = () => (typeof everyMs === "number" ? everyMs : everyMs());

  async function run(): Promise<void> {
    if (waitsFirst) await doze(usualMs());
    while (!stop.aborted) {
      nudged = false;
      const next = await round();
      if (next === "done") return;
      await doze(next);
    }
  }

  /** Resolves with how long to wait, or "done". */
  async function round(): Promise<number | "done"> {
    try {
      const next = await work(stop);
      trouble.over?.();
      return next ?? usualMs();
    } catch (error) {
      trouble.note(error);
      await clock.sleep(againMs ?? usualMs(), stop);
      return 0;
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
