import type { Message } from "@grammyjs/types";

/** One call to the Bot API and its answer, even if a cut connection kept the answer from the client. */
export interface CallRecord {
  /** When it was handled (`performance.now()`). */
  at: number;
  method: string;
  chatId?: number;
  /** How many files it uploaded; omitted if there are none. */
  uploads?: number;
  /** Whether Telegram accepted it. True with `cut: "after"`, too, although the client never learns. */
  ok: boolean;
  errorCode?: number;
  /** How many messages it counted as for the limits; 0 for calls without limits. */
  weight: number;
  /** Options of a send that are not visible in the message; omitted if there are none. */
  options?: CallOptions;
}

/** Options of a send. Kept instead of all parameters, which would be too much for 200,000 calls. */
export type CallOptions = Partial<Record<OptionFlag, true> & { message_thread_id: number }>;

/** The last three belong to polls, and are not visible in the message either. */
export const OPTION_FLAGS = [
  "disable_notification",
  "protect_content",
  "allow_paid_broadcast",
  "shuffle_options",
  "allow_adding_options",
  "hide_results_until_closes",
] as const;
type OptionFlag = (typeof OPTION_FLAGS)[number];

/** What observers learn about a call besides its record. Not kept. */
export interface CallDetails {
  /** The `User-Agent` of its client; "" when it names none. */
  agent: string;
  /**
   * The messages that it created or changed; none if it was refused. Looked up on demand, so call it at once: the
   * chat may change later.
   */
  messages: () => readonly Message[];
}

const CALLS_KEPT = 200_000;
const SECOND = 1000;

/** The last 200,000 calls, and the busiest second. */
export class Records {
  /** Called for each handled call, whether or not its client gets the answer. */
  readonly observers = new Set<(call: CallRecord, details: CallDetails) => void>();
  /** 429s from the limiter; injected ones do not count. */
  tooMany = 0;
  #calls: CallRecord[] = [];
  #oldest = 0;
  #worst = 0;
  /** Accepted calls of the last second, for a running maximum that outlives the ring. */
  #recent: { at: number; weight: number }[] = [];
  #recentFrom = 0;
  #recentWeight = 0;

  add(call: CallRecord, details: CallDetails): void {
    if (this.#calls.length < CALLS_KEPT) {
      this.#calls.push(call);
    } else {
      this.#calls[this.#oldest] = call;
      this.#oldest = (this.#oldest + 1) % CALLS_KEPT;
    }
    if (call.ok && call.weight > 0) this.#watch(call);
    for (const observe of this.observers) observe(call, details);
  }

  /** Messages accepted in the second before `now` (monotonic ms); each part of an album counts. */
  rate(now = performance.now()): number {
    this.#forget(now - SECOND);
    return this.#recentWeight;
  }

  /** A copy of the calls, oldest first. */
  get calls(): CallRecord[] {
    return [...this.#calls.slice(this.#oldest), ...this.#calls.slice(0, this.#oldest)];
  }

  /**
   * The most messages accepted in any sliding second; each part of an album counts. Without a filter since the last
   * `clear()`, with one among the last 200,000 calls.
   */
  worstSecond(filter?: (call: CallRecord) => boolean): number {
    if (filter === undefined) return this.#worst;
    const calls = this.calls.filter((call) => call.ok && call.weight > 0 && filter(call));
    let worst = 0;
    let sum = 0;
    let from = 0;
    for (const call of calls) {
      sum += call.weight;
      for (let first = calls[from]; first && first.at <= call.at - SECOND; first = calls[from]) {
        sum -= first.weight;
        from += 1;
      }
      worst = Math.max(worst, sum);
    }
    return worst;
  }

  clear(): void {
    this.tooMany = 0;
    this.#calls = [];
    this.#oldest = 0;
    this.#worst = 0;
    this.#recent = [];
    this.#recentFrom = 0;
    this.#recentWeight = 0;
  }

  #watch({ at, weight }: CallRecord): void {
    this.#recent.push({ at, weight });
    this.#recentWeight += weight;
    this.#forget(at - SECOND);
    this.#worst = Math.max(this.#worst, this.#recentWeight);
  }

  /** Drops the calls up to `until` from the sliding second. */
  #forget(until: number): void {
    for (let first = this.#recent[this.#recentFrom]; first && first.at <= until;) {
      this.#recentWeight -= first.weight;
      this.#recentFrom += 1;
      first = this.#recent[this.#recentFrom];
    }
    if (this.#recentFrom > 10_000) {
      this.#recent = this.#recent.slice(this.#recentFrom);
      this.#recentFrom = 0;
    }
  }
}
