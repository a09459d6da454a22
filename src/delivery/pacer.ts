import type { Clock } from "../clock.ts";

/** Says when the next call may leave. One for all campaigns of a bot. */
export interface Pacer {
  /**
   * Waits for the next free slot. Resolves true when the call may leave now, false when the bot must be
   * quiet or `signal` aborted: then the call does not leave.
   */
  turn(signal: AbortSignal): Promise<boolean>;
  /** An interactive call leaves now; it takes the next slot, so that replies and campaigns together keep the rate. */
  yieldSlot(): void;
  /** No call leaves before `until`. A later end replaces an earlier one, not the other way round. */
  quiet(until: Date): void;
  /** End of the quiet time, or null when there is none. */
  quietUntil(): Date | null;
  /** Messages a second. */
  readonly rate: number;
}

/**
 * A loop that wakes late by at most this keeps its grid; later than that the time is lost. Timers wake about
 * 1 ms late, which at high rates would add up; a stall must not be made up in a burst.
 */
const LATE_MS = 10;

/** How long replies may hold up one call. A crowd that keeps writing slows a broadcast but never stops it. */
const YIELD_MS = 1_000;

/** Spaces calls evenly at `rate` messages a second, by a clock that never goes back. */
export function createPacer(clock: Clock, rate: number): Pacer {
  const interval = 1000 / rate;
  let next = clock.monotonic();
  let quietEnd: Date | null = null;

  function quietUntil(): Date | null {
    if (quietEnd && quietEnd <= clock.now()) quietEnd = null;
    return quietEnd;
  }

  return {
    rate,
    quietUntil,
    quiet(until) {
      if (!quietEnd || until > quietEnd) quietEnd = until;
    },
    yieldSlot() {
      const now = clock.monotonic();
      next = Math.min(Math.max(next, now - LATE_MS) + interval, now + YIELD_MS);
    },
    async turn(signal) {
      const latest = Math.max(next, clock.monotonic()) + YIELD_MS;
      for (;;) {
        if (signal.aborted || quietUntil()) return false;
        const now = clock.monotonic();
        const slot = Math.min(next, latest);
        if (slot <= now) {
          next = Math.min(Math.max(next, now - LATE_MS) + interval, now + YIELD_MS);
          return true;
        }
        // The slot is taken only after the wait: replies that came meanwhile have pushed it back.
        await clock.sleep(slot - now, signal);
      }
    },
  };
}
