/** Limits the calls in flight by the rate and by how long Telegram takes to answer. */
export interface Flight {
  readonly count: number;
  /** The limit at the moment. */
  readonly most: number;
  /** The highest count so far. */
  readonly peak: number;
  /** Another call may leave. */
  readonly hasRoom: boolean;
  /** Resolves when another call may leave. */
  room(): Promise<void>;
  begin(): void;
  /** `latencyMs` if Telegram answered, else null: an unanswered call says nothing about Telegram's pace. */
  end(latencyMs: number | null): void;
}

/** Telegram asks for pauses when a bot has about 1,000 calls open. */
export const MOST_IN_FLIGHT = 300;
const LEAST = 8;

/** Assumed until the first answers arrive. */
const LATENCY_MS = 100;
/** The weight of each answer in the moving average. */
const WEIGHT = 1 / 32;

/**
 * On average, rate × latency calls are in flight (Little's law). Twice as many are allowed, so that a slow answer does
 * not lower the rate, yet a dead network swallows no more than that. Only one is allowed while `isTrying`.
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
    get hasRoom() {
      return count < most();
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
      if (waiting.length === 0) return;
      const woken = waiting;
      waiting = [];
      for (const wake of woken) wake();
    },
  };
}
