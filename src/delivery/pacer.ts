import { FREE_RATE } from "../campaign/progress.ts";
import type { Clock } from "../clock.ts";

/** Says when the next call may leave. One for all that a bot sends: campaigns evenly spaced, replies first. */
export interface Pacer {
  /**
   * Waits for the next slot of the campaigns, behind those who asked before. Resolves true when the call may leave now,
   * false when the bot must be quiet or `signal` aborted: then the call does not leave. `weight` is how many messages
   * the call makes, default 1, and it takes as many slots, unless `slots` says that it is to go slower; also a fraction.
   */
  turn(signal: AbortSignal, weight?: number, slots?: number): Promise<boolean>;
  /** Waits, hardly ever, until a reply may leave. Replies go before campaigns and keep their order. */
  reply(): Promise<void>;
  /**
   * Telegram answered 429 to a call that left at `leftAt` (monotonic): no campaign's call leaves for `waitMs`, and
   * from then on a fifth fewer a second. Calls that had left before the rate was cut do not cut it again.
   * Returns the end of the pause.
   */
  tooFast(waitMs: number, leftAt: number): Date;
  /** No campaign's call leaves before `until`. A later end replaces an earlier one, not the other way round. */
  quiet(until: Date): void;
  /** End of the quiet time, or null when there is none. */
  quietUntil(): Date | null;
  /** The last 429, and for how long it asked. */
  readonly lastWait: { at: Date; seconds: number } | null;
  /** From now on at most so many a second. */
  setTop(rate: number): void;
  /** Messages a second that campaigns may send now: the top, or less after a 429. */
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

/** Messages in the window beyond the rate at the least: 28 a second leave 2 of Telegram's 30 for replies. */
const SPARE = 2;

/** How long replies may hold up one call. A crowd that keeps writing slows a broadcast but never stops it. */
const GIVE_WAY_MS = 1_000;

/** How often a call that gives way looks again. */
const LOOK_MS = 5;

/** What a 429 leaves of the rate, and how long until it has grown by one a second again. */
const CUT = 0.8;
const GROW_MS = 30_000;
const LEAST_RATE = 1;

/** Spaces messages evenly at `top` a second at the most, by a clock that never goes back. */
export function createPacer(clock: Clock, top: number): Pacer {
  const left = createWindow(WINDOW_MS);
  let next = clock.monotonic();
  let quietEnd = -Infinity; // monotonic: a wall clock that is set must not end the pause or prolong it
  let lastWait: Pacer["lastWait"] = null;
  let cut: { at: number; to: number } | null = null;
  let replies: Promise<void> = Promise.resolve();
  let waiting = 0;
  let turns: Promise<unknown> = Promise.resolve();
  let insisting = false;

  function rate(): number {
    if (!cut) return top;
    return Math.min(top, cut.to + Math.max(0, Math.floor((clock.monotonic() - cut.at) / GROW_MS)));
  }

  /** Milliseconds until `weight` more messages fit into the window; more than it ever holds leave when it is empty. */
  function untilRoom(now: number, weight: number): number {
    const usual = Math.floor(rate()) + Math.max(SPARE, Math.ceil((rate() * (WINDOW_MS - 1_000)) / 1_000));
    // A low rate is the campaigns' own, unless Telegram asked for it: replies need not wait for it.
    const most = rate() < top ? usual : Math.max(usual, FREE_RATE);
    return left.untilFewerThan(Math.max(1, most - weight + 1), now);
  }

  function isQuiet(): boolean {
    return clock.monotonic() < quietEnd;
  }

  async function admit(): Promise<void> {
    for (;;) {
      const now = clock.monotonic();
      const wait = insisting ? LOOK_MS : untilRoom(now, 1);
      if (wait <= 0) {
        left.add(now, 1);
        return;
      }
      await clock.sleep(wait);
    }
  }

  async function waitForTurn(signal: AbortSignal, weight: number, slots: number): Promise<boolean> {
    const latest = Math.max(next, clock.monotonic()) + GIVE_WAY_MS;
    for (;;) {
      if (signal.aborted || isQuiet()) return false;
      const now = clock.monotonic();
      const givesWay = waiting > 0 && now < latest ? LOOK_MS : 0;
      // Replies fill the window one by one as it empties; an album would never find room for all its parts beside them.
      insisting = weight > 1 && now >= latest;
      const wait = Math.max(next - now, untilRoom(now, weight), givesWay);
      if (wait <= 0) {
        next = Math.max(next, now - LATE_MS) + (1000 * slots) / rate();
        left.add(now, weight);
        return true;
      }
      await clock.sleep(wait, signal);
    }
  }

  return {
    get rate() {
      return rate();
    },
    setTop(rate) {
      top = rate;
    },
    quiet(until) {
      quietEnd = Math.max(quietEnd, clock.monotonic() + until.getTime() - clock.now().getTime());
    },
    quietUntil: () =>
      isQuiet() ? new Date(Math.round(clock.now().getTime() + quietEnd - clock.monotonic())) : null,
    get lastWait() {
      return lastWait;
    },
    tooFast(waitMs, leftAt) {
      lastWait = { at: clock.now(), seconds: Math.ceil(waitMs / 1_000) };
      const now = clock.monotonic();
      quietEnd = Math.max(quietEnd, now + waitMs);
      if (!cut || leftAt > cut.at) cut = { at: now, to: Math.max(LEAST_RATE, rate() * CUT) };
      // Growth begins when sending does.
      cut.at = Math.max(cut.at, quietEnd);
      return new Date(clock.now().getTime() + waitMs);
    },
    reply() {
      waiting += 1;
      replies = replies.then(admit).finally(() => (waiting -= 1));
      return replies;
    },
    turn(signal, weight = 1, slots = weight) {
      // One after the other: who needs little room would else always be faster than an album.
      const mine = turns.then(() => waitForTurn(signal, weight, slots)).finally(() => (insisting = false));
      turns = mine;
      return mine;
    },
  };
}

/** The messages of the last `spanMs`. */
function createWindow(spanMs: number) {
  let times: number[] = []; // the oldest first
  let from = 0; // those before it have left the window

  return {
    add(now: number, count: number): void {
      for (let one = 0; one < count; one += 1) times.push(now);
    },
    /** Milliseconds until it holds fewer than `count`; 0 when it does now. */
    untilFewerThan(count: number, now: number): number {
      while ((times[from] ?? now) <= now - spanMs) from += 1;
      if (from > 4_096) {
        times = times.slice(from);
        from = 0;
      }
      const first = times.length - count; // once it leaves, there is room
      return first < from ? 0 : (times[first] ?? 0) + spanMs - now;
    },
  };
}
