import type { Clock } from "../../clock.ts";
import { FREE_RATE } from "../../campaign/progress.ts";
import { createArrivals } from "./arrivals.ts";
import { budgetFor } from "./budget.ts";
import { createRecentMessages } from "./recent-messages.ts";
import { type Lane, createReplyQueue } from "./reply-queue.ts";
import { createSendingRate } from "./sending-rate.ts";
import { createTelegramPause } from "./telegram-pause.ts";
import { createTurnQueue } from "./turn-queue.ts";

/** Says when the next call may leave. One for all that a bot sends: campaigns evenly spaced, answers in between. */
export interface Pacer {
  /**
   * Waits for the next slot of the campaigns, behind those who asked before. Resolves true when the call may leave now,
   * false when Telegram asks for a pause or `signal` aborted: then the call does not leave. `weight` is how many messages
   * the call makes, default 1. It takes as many slots, unless `slots` (which may be a fraction) says that it has to go
   * slower because it cannot be paid for: then it shares the free rate with the answers.
   */
  turn(signal: AbortSignal, weight?: number, slots?: number): Promise<boolean>;
  /**
   * Waits until an answer may leave; `weight` is how many messages it makes, default 1. Resolves with a function to
   * call once Telegram has answered: only then is it known when the call arrived there.
   */
  reply(lane: Lane, weight?: number): Promise<() => void>;
  /**
   * Telegram answered 429 to a call that left at `leftAt` (monotonic): no campaign's call leaves for `waitMs`, and
   * from then on a fifth fewer a second. Calls that had left before the rate was cut do not cut it again.
   * Returns the end of the pause.
   */
  tooFast(waitMs: number, leftAt: number): Date;
  /**
   * Telegram answered a campaign's call that left at `leftAt` (monotonic) with `weight` messages. Calls that were held up
   * arrive together, and the ones behind them have to keep their distance from those.
   */
  answered(leftAt: number, weight: number): void;
  /** No campaign's call leaves before `until`. A later end replaces an earlier one, not the other way round. */
  pauseUntil(until: Date): void;
  /** The end of the pause that Telegram asked for, or null when there is none. */
  pausedUntil(): Date | null;
  /** The last 429, and for how long it asked. */
  readonly lastWait: { at: Date; seconds: number } | null;
  /** How many 429s have asked campaigns to pause since the start. */
  readonly waits: number;
  /** Sets the most messages a second from now on. */
  setTop(rate: number): void;
  /** Messages a second that campaigns may send now: the top, or less after a 429. */
  readonly rate: number;
  /** Campaigns are sending, or were a moment ago. */
  readonly isActive: boolean;
}

/**
 * A nap is at least this long, so that above 250 a second a few messages leave together, and on schedule on average
 * (LATE_MS in turn-queue.ts). Waking up for each one would cost a quarter of the CPU.
 */
const SHORTEST_NAP_MS = 4;

/** Spaces messages evenly, at most `top` a second, by a clock that never goes back. */
export function createPacer(clock: Clock, top: number): Pacer {
  const rate = createSendingRate(clock, top);
  const pause = createTelegramPause(clock);
  const all = createRecentMessages();
  const unpaid = createRecentMessages(); // answers, and campaign messages that cannot be paid for beside paid ones
  const turns = createTurnQueue({ clock, rate, all, unpaid, onChange: serve });
  const replies = createReplyQueue({ clock, pause, all, unpaid, onChange: serve });
  const arrivals = createArrivals();
  let lastWait: Pacer["lastWait"] = null;
  let waits = 0;
  let nap = new AbortController();
  let napEnds = Infinity; // monotonic; Infinity while there is none

  /** Lets everyone go who may leave now, the most urgent first, and wakes again when the next one may. */
  function serve(): void {
    let wait = letGo();
    while (wait <= 0) wait = letGo();
    if (wait < SHORTEST_NAP_MS) wait = SHORTEST_NAP_MS;
    const end = clock.monotonic() + wait; // Infinity when nobody waits, or only for an answer from Telegram
    if (end >= napEnds && wait !== Infinity) return; // it wakes before that
    if (napEnds !== Infinity) {
      nap.abort("woken"); // without a reason, an error with its stack would be made each time
      nap = new AbortController();
    }
    napEnds = end;
    if (wait !== Infinity) void clock.sleep(wait, nap.signal).then(woken.bind(null, nap.signal));
  }

  function woken(signal: AbortSignal): void {
    if (signal.aborted) return;
    napEnds = Infinity;
    serve();
  }

  /** Lets one leave and returns 0, or returns in how many ms one may. */
  function letGo(): number {
    const now = clock.monotonic();
    const isActive = turns.isActive(now);
    const budget = budgetFor(rate.now, rate.top, isActive, turns.sharesFreeRate(now));
    let wait = Infinity;
    const lane = replies.first;
    if (lane) {
      const ready = replies.untilReady(now, budget);
      wait = Math.max(ready, replies.untilRoom(now, budget));
      if (wait <= 0) {
        replies.leave(now, budget);
        return 0;
      }
      // The crowd gets more once no campaign runs.
      if (lane === "crowd" && isActive && turns.length === 0) wait = Math.min(wait, turns.activeUntil - now);
      if (ready <= 0) return wait; // it lacks nothing but room, so the next room is its own
    }
    if (turns.length === 0) return wait;
    if (now < pause.end) {
      turns.refuseAll();
      return 0;
    }
    const ready = turns.untilReady(now, budget);
    if (ready > 0) return Math.min(wait, ready);
    turns.leave(now);
    return 0;
  }

  return {
    get rate() {
      return rate.now;
    },
    get isActive() {
      return turns.isActive(clock.monotonic());
    },
    get lastWait() {
      return lastWait;
    },
    get waits() {
      return waits;
    },
    setTop(most) {
      rate.setTop(most);
      serve();
    },
    pauseUntil(until) {
      pause.extendTo(until);
      serve();
    },
    pausedUntil: pause.until,
    tooFast(waitMs, leftAt) {
      waits += 1;
      lastWait = { at: clock.now(), seconds: Math.ceil(waitMs / 1_000) };
      pause.extendBy(waitMs);
      rate.cut(leftAt, pause.end);
      serve();
      return new Date(clock.now().getTime() + waitMs);
    },
    answered(leftAt, weight) {
      // At paid rates, Telegram's window is as wide as the rate: every answer that took longer would cost some of it.
      if (rate.now > FREE_RATE) return;
      const lateMs = arrivals.answered(clock.monotonic() - leftAt);
      if (lateMs > 0) all.delay(leftAt, leftAt + lateMs, weight);
    },
    reply: (lane, weight = 1) => replies.join(lane, weight),
    turn: (signal, weight = 1, slots = weight) => turns.join(signal, weight, slots),
  };
}
