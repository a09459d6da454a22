/** Bounds the calls in flight by what the rate and Telegram's own latency make of them. */
export interface Flight {
  readonly count: number;
  readonly most: number;
  /** The highest count so far. */
  readonly peak: number;
  /** Resolves when one more call may be in flight. */
  room(): Promise<void>;
  begin(): void;
  /** `latencyMs` when Telegram answered; a call that nobody answered says nothing about its pace. */
  end(latencyMs: number | null): void;
}

/** Telegram asks for pauses when a bot has about 1,000 calls open. */
export const MOST_IN_FLIGHT = 300;
const LEAST = 8;

/** Until the first answers are there. */
const LATENCY_MS = 100;
/** How much of the average each answer makes. */
const WEIGHT = 1 / 32;

/**
 * At a rate and a latency as they are, rate × latency calls are in flight (Little's law). Twice as many are allowed:
 * a slow answer does not slow the rate, yet a network that has died swallows no more than that. One by one, while
 * `isTrying`.
 */
export function createFlight(rate: () => number, isTrying: () => boolean = () => false): Flight {
  let count = 0;
  let peak = 0;
  let latency = LATENCY_MS;
  let waiting: (() => void)[] = [];

  const most = () =>
    isTrying() ? 1 : Math.min(MOST_IN_FLIGHT, LEAST + Math.ceil((2 * rate() * latency) / 1_000));

  return {
    get count() {
      return count;
    },
    get most() {
      return most();
    },
    get peak() {
      return peak;
    },
    async room() {
      while (count >= most()) await new Promise<void>((resolve) => waiting.push(resolve));
    },
    begin() {
      count += 1;
      peak = Math.max(peak, count);
    },
    end(latencyMs) {
      count -= 1;
      if (latencyMs !== null) latency += (latencyMs - latency) * WEIGHT;
      const woken = waiting;
      waiting = [];
      for (const wake of woken) wake();
    },
  };
}
