import { setImmediate as macrotask } from "node:timers/promises";
import { type Clock, systemClock } from "../../src/clock.ts";

export interface ManualClock extends Clock {
  /** Advances time. Sleepers wake in order, each at its own moment. */
  advance(ms: number): Promise<void>;
  /** Moves only the wall clock, as if someone had set it. */
  jump(ms: number): void;
  /** The number of sleepers at the moment. */
  readonly sleeping: number;
}

/** Lets promises that woke settle, and register as sleepers if they sleep again. */
const settle = () => macrotask();

/** Time that moves only when a test says so. A sleeper wakes `lateMs` later than it asked for. */
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

export interface MovableClock extends Clock {
  /** Acts as if `ms` had passed: sleepers that are due by then wake. */
  advance(ms: number): void;
  /** Moves only the wall clock, as if someone had set it. */
  jump(ms: number): void;
}

/** Real time, `speed` times as fast, that a test can also advance or set. */
export function movableClock(speed = 1): MovableClock {
  const began = Date.now();
  const origin = performance.now();
  let passed = 0;
  let ahead = 0;
  const sleepers = new Set<AbortController>();
  const monotonic = () => (performance.now() - origin) * speed + passed;
  return {
    monotonic,
    now: () => new Date(began + monotonic() + ahead),
    async sleep(ms, signal) {
      const end = monotonic() + ms;
      const isOver = () => signal?.aborted === true || monotonic() >= end;
      while (!isOver()) {
        const sleeper = new AbortController();
        const wake = () => sleeper.abort();
        sleepers.add(sleeper);
        signal?.addEventListener("abort", wake, { once: true });
        await systemClock.sleep((end - monotonic()) / speed, sleeper.signal);
        signal?.removeEventListener("abort", wake);
        sleepers.delete(sleeper);
      }
      // Like a timer, never resolve in the same turn.
      if (ms <= 0) await settle();
    },
    advance(ms) {
      passed += ms;
      for (const sleeper of sleepers) sleeper.abort();
    },
    jump(ms) {
      ahead += ms;
    },
  };
}
