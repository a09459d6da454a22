import { FREE_RATE } from "../../campaign/progress.ts";
import type { Clock } from "../../clock.ts";
import type { Budget } from "./budget.ts";
import type { RecentMessages } from "./recent-messages.ts";
import type { SendingRate } from "./sending-rate.ts";

/** The calls of campaigns that wait for their turn, evenly spaced. All times are monotonic milliseconds. */
export interface TurnQueue {
  readonly length: number;
  /** Campaigns are sending, or were a moment ago. */
  isActive(now: number): boolean;
  /** From when on they no longer count as active, unless another turn is asked for. */
  readonly activeUntil: number;
  /** Something that cannot be paid for was asked for, or left, a moment ago. */
  sharesFreeRate(now: number): boolean;
  /** Joins behind all others. Resolves true when the call may leave, false when it may not or `signal` aborted. */
  join(signal: AbortSignal, weight: number, slots: number): Promise<boolean>;
  /** How long until the first may leave, in ms. */
  untilReady(now: number, budget: Budget): number;
  /** The first leaves. */
  leave(now: number): void;
  /** None of those that wait may leave. */
  refuseAll(): void;
}

export interface TurnQueueDeps {
  clock: Clock;
  rate: Pick<SendingRate, "now">;
  /** All messages, and those that share the free rate. */
  all: RecentMessages;
  unpaid: RecentMessages;
  /** Someone joined or left the queue. */
  onChange: () => void;
}

/**
 * Wake-ups up to 10 ms late stay on schedule. Timers wake about 1 ms late, which would add up at high rates, but a stall must
 * not end in a burst.
 */
const LATE_MS = 10;

/**
 * Longer delays are made up for little by little: each turn comes sooner by this share, until the time is back. A process
 * that runs fifty bots is busy for 10 ms now and then, which cost each of them 4 % of its rate.
 */
const SOONER = 0.02;

/** Of a longer delay the rest is lost, in ms. */
const MOST_OWED_MS = 2_000;

const SECOND_MS = 1_000;

/** Campaigns count as running for this long after their last turn, because the next claim may take a moment. */
const ACTIVE_MS = 1_000;

interface Turn {
  signal: AbortSignal;
  weight: number;
  slots: number;
  end: (leaves: boolean) => void;
}

export function createTurnQueue({ clock, rate, all, unpaid, onChange }: TurnQueueDeps): TurnQueue {
  let turns: Turn[] = [];
  const heeded = new WeakSet<AbortSignal>();
  let nextAt = clock.monotonic();
  let owedMs = 0;
  let activeAt = -Infinity; // when a turn was last asked for, or taken
  let unpaidAt = -Infinity; // the same for what cannot be paid for

  const isUnpaid = ({ weight, slots }: Turn) => slots > weight;

  /** Once it aborts, its turns end. One listener for all of them: a listener for each would cost as much as the turn. */
  function heed(signal: AbortSignal): void {
    if (heeded.has(signal)) return;
    heeded.add(signal);
    signal.addEventListener("abort", () => {
      const ended = turns.filter((turn) => turn.signal === signal);
      turns = turns.filter((turn) => turn.signal !== signal);
      for (const { end } of ended) end(false);
      onChange();
    });
  }

  return {
    get length() {
      return turns.length;
    },
    isActive: (now) => turns.length > 0 || now - activeAt < ACTIVE_MS,
    get activeUntil() {
      return activeAt + ACTIVE_MS;
    },
    sharesFreeRate: (now) => now - unpaidAt < ACTIVE_MS,
    join(signal, weight, slots) {
      if (signal.aborted) return Promise.resolve(false);
      heed(signal);
      return new Promise((end) => {
        const turn: Turn = { signal, weight, slots, end };
        const now = clock.monotonic();
        // Nobody wanted to send meanwhile, or Telegram asked for a pause.
        if (turns.length === 0 && now - activeAt >= ACTIVE_MS) [owedMs, nextAt] = [0, Math.max(nextAt, now)];
        activeAt = now;
        if (isUnpaid(turn)) unpaidAt = activeAt;
        turns.push(turn);
        onChange();
      });
    },
    untilReady(now, { total, spanMs }) {
      const [turn] = turns;
      if (!turn) return Infinity;
      return Math.max(
        nextAt - now,
        all.untilRoom(total, turn.weight, spanMs, now),
        isUnpaid(turn) ? unpaid.untilRoom(FREE_RATE, turn.weight, spanMs, now) : 0,
      );
    },
    leave(now) {
      const turn = turns.shift();
      if (!turn) return;
      const slotMs = (SECOND_MS * turn.slots) / rate.now;
      owedMs = Math.min(MOST_OWED_MS, owedMs + Math.max(0, now - LATE_MS - nextAt));
      const soonerMs = Math.min(owedMs, slotMs * SOONER);
      owedMs -= soonerMs;
      nextAt = Math.max(nextAt, now - LATE_MS) + slotMs - soonerMs;
      activeAt = now;
      all.add(now, turn.weight);
      if (isUnpaid(turn)) {
        unpaidAt = now;
        unpaid.add(now, turn.weight);
      }
      turn.end(true);
    },
    refuseAll() {
      for (const { end } of turns.splice(0)) end(false);
    },
  };
}
