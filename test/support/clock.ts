import { setImmediate as macrotask } from "node:timers/promises";
import type { Clock } from "../../src/clock.ts";

export interface ManualClock extends Clock {
  /** Moves time on. Whoever sleeps wakes in order, each at its own moment, before later ones do. */
  advance(ms: number): Promise<void>;
  /** Moves wall-clock time only, as when somebody sets the clock. */
  jump(ms: number): void;
  /** How many wait right now. */
  readonly sleeping: number;
}

/** Promises that woke settle; those that sleep again are among the sleepers afterwards. */
const settle = () => macrotask();

/** Time that moves only when a test says so. `lateMs` is how much later than asked a sleeper wakes. */
export function manualClock(start = "2026-03-02T12:00:00Z", lateMs: () => number = () => 0): ManualClock {
  let wall = Date.parse(start);
  let elapsed = 0;
  const sleepers = new Set<{ at: number; wake: () => void }>();

  return {
    now: () => new Date(wall),
    monotonic: () => elapsed,
    async sleep(ms, signal) {
      if (signal?.aborted) return;
      await new Promise<void>((resolve) => {
        const sleeper = { at: elapsed + Math.max(ms, 0) + lateMs(), wake };
        function wake() {
          sleepers.delete(sleeper);
          signal?.removeEventListener("abort", wake);
          resolve();
        }
        sleepers.add(sleeper);
        signal?.addEventListener("abort", wake, { once: true });
      });
    },
    async advance(ms) {
      const end = elapsed + ms;
      await settle();
      for (;;) {
        const due = [...sleepers].filter(({ at }) => at <= end).toSorted((a, b) => a.at - b.at)[0];
        if (!due) break;
        const step = Math.max(due.at - elapsed, 0);
        elapsed += step;
        wall += step;
        due.wake();
        await settle();
      }
      wall += end - elapsed;
      elapsed = end;
    },
    jump(ms) {
      wall += ms;
    },
    get sleeping() {
      return sleepers.size;
    },
  };
}
