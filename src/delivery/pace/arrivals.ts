/** Estimates when a call arrived at Telegram: after it left, and before it was answered. */
export interface Arrivals {
  /** A call was answered after `latencyMs`. Returns by how many ms it arrived late, beyond what the pacer allows for. */
  answered(latencyMs: number): number;
}

/** The pacer's window is 50 ms longer than Telegram's second, so that calls need not all travel equally long. */
const ALLOWED_MS = 25;

/**
 * Three of four of so many answers were as quick as is usual. A stall does not change that: so few calls are in flight
 * (flight.ts) that their answers are less than a quarter.
 */
const REMEMBERED = 64;
const QUICK = (REMEMBERED * 3) / 4;
const SORTED_EVERY = 8;

/**
 * Only what a call took longer than usual counts: answers that differ by some 50 ms would otherwise cost a tenth of the rate.
 * While it is not known what is usual, as when fifty bots open their connections at the same moment, a call counts as arrived
 * when it is answered.
 */
export function createArrivals(): Arrivals {
  const latencies = new Float64Array(REMEMBERED);
  let next = 0;
  let usualMs = 0;
  return {
    answered(latencyMs) {
      const lateMs = Math.max(0, latencyMs - usualMs - ALLOWED_MS);
      latencies[next] = latencyMs;
      next = (next + 1) % REMEMBERED;
      if (next % SORTED_EVERY === 0) usualMs = latencies.toSorted()[QUICK] ?? 0;
      return lateMs;
    },
  };
}
