import type { Clock } from "../../clock.ts";

/** Messages a second that campaigns may send: the top, or less for a while after a 429. */
export interface SendingRate {
  readonly now: number;
  readonly top: number;
  setTop(rate: number): void;
  /**
   * Cuts the rate by a fifth because of a 429, unless it was cut after that call had left at `leftAt`. It grows again from
   * `pauseEnd` on. Both are monotonic.
   */
  cut(leftAt: number, pauseEnd: number): void;
}

/** What a 429 leaves of the rate, and how long until it has grown by one a second again. */
const CUT = 0.8;
const GROW_MS = 30_000;
const LEAST_RATE = 1;

export function createSendingRate(clock: Clock, configured: number): SendingRate {
  let top = configured;
  let lastCut: { at: number; to: number } | null = null;

  function rateNow(): number {
    if (!lastCut) return top;
    const grown = Math.max(0, Math.floor((clock.monotonic() - lastCut.at) / GROW_MS));
    return Math.min(top, lastCut.to + grown);
  }

  return {
    get now() {
      return rateNow();
    },
    get top() {
      return top;
    },
    setTop(rate) {
      top = rate;
    },
    cut(leftAt, pauseEnd) {
      if (!lastCut || leftAt > lastCut.at)
        lastCut = { at: clock.monotonic(), to: Math.max(LEAST_RATE, rateNow() * CUT) };
      lastCut.at = Math.max(lastCut.at, pauseEnd);
    },
  };
}
