import type { Clock } from "../clock.ts";

/** Says when the next call may leave. One for all that a bot sends: campaigns evenly spaced, replies first. */
export interface Pacer {
  /**
   * Waits for the next slot of the campaigns. Resolves true when the call may leave now, false when the bot must
   * be quiet or `signal` aborted: then the call does not leave.
   */
  turn(signal: AbortSignal): Promise<boolean>;
  /** Waits, hardly ever, until a reply may leave. Replies go before campaigns and keep their order. */
  reply(): Promise<void>;
  /** No campaign's call leaves before `until`. A later end replaces an earlier one, not the other way round. */
  quiet(until: Date): void;
  /** End of the quiet time, or null when there is none. */
  quietUntil(): Date | null;
  /** Messages a second that campaigns may send. */
  readonly rate: number;
}

/**
 * A loop that wakes late by at most this keeps its grid; later than that the time is lost. Timers wake about
 * 1 ms late, which at high rates would add up; a stall must not be made up in a burst.
 */
const LATE_MS = 10;

/**
 * Telegram counts what arrives in a second; a little more than one, because calls do not all travel equally long.
 * Without the window 28 a second and five replies at once were 33 calls in one second, and answered with 429.
 */
const WINDOW_MS = 1_050;

/** Calls in the window beyond the rate at the least: 28 a second leave 2 of Telegram's 30 for replies. */
const SPARE = 2;

/** How long replies may hold up one call. A crowd that keeps writing slows a broadcast but never stops it. */
const GIVE_WAY_MS = 1_000;

/** How often a call that gives way looks again. */
const LOOK_MS = 5;

/** Spaces calls evenly at `rate` messages a second, by a clock that never goes back. */
export function createPacer(clock: Clock, rate: number): Pacer {
  const interval = 1000 / rate;
  const most = Math.floor(rate) + Math.max(SPARE, Math.ceil((rate * (WINDOW_MS - 1_000)) / 1_000));
  const left: number[] = []; // when the calls of the window left, the oldest first
  let next = clock.monotonic();
  let quietEnd: Date | null = null;
  let replies: Promise<void> = Promise.resolve();
  let waiting = 0;

  /** Milliseconds until one more call fits into the window. */
  function untilRoom(now: number): number {
    while (left[0] !== undefined && left[0] <= now - WINDOW_MS) left.shift();
    const oldest = left[left.length - most];
    return oldest === undefined ? 0 : oldest + WINDOW_MS - now;
  }

  function quietUntil(): Date | null {
    if (quietEnd && quietEnd <= clock.now()) quietEnd = null;
    return quietEnd;
  }

  async function admit(): Promise<void> {
    for (;;) {
      const now = clock.monotonic();
      const wait = untilRoom(now);
      if (wait <= 0) {
        left.push(now);
        return;
      }
      await clock.sleep(wait);
    }
  }

  return {
    rate,
    quietUntil,
    quiet(until) {
      if (!quietEnd || until > quietEnd) quietEnd = until;
    },
    reply() {
      waiting += 1;
      replies = replies.then(admit).finally(() => (waiting -= 1));
      return replies;
    },
    async turn(signal) {
      const latest = Math.max(next, clock.monotonic()) + GIVE_WAY_MS;
      for (;;) {
        if (signal.aborted || quietUntil()) return false;
        const now = clock.monotonic();
        const givesWay = waiting > 0 && now < latest ? LOOK_MS : 0;
        const wait = Math.max(next - now, untilRoom(now), givesWay);
        if (wait <= 0) {
          next = Math.max(next, now - LATE_MS) + interval;
          left.push(now);
          return true;
        }
        await clock.sleep(wait, signal);
      }
    },
  };
}
