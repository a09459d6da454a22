import type { Message } from "@grammyjs/types";

/** One call to the Bot API, as it was answered (or was to be answered, when the connection was cut). */
export interface CallRecord {
  /** When it was handled: monotonic ms (`performance.now()`). */
  at: number;
  method: string;
  chatId?: number;
  /** Whether Telegram accepted it. With `cut: "after"` that is true although the client never heard. */
  ok: boolean;
  errorCode?: number;
  /** How many messages it counted for against the limits; 0 for calls that are not limited. */
  weight: number;
  /** The options of a send that show nowhere in the message; left out when the call had none of them. */
  options?: CallOptions;
}

/** How a message was to be sent. Kept instead of the whole parameters, which for 200,000 calls would be too much. */
export type CallOptions = Partial<
  Record<"disable_notification" | "protect_content" | "allow_paid_broadcast", true> & {
    message_thread_id: number;
  }
>;

/** What observers are told of a call besides its record. It is not kept. */
export interface CallDetails {
  /** The `User-Agent` of its client; "" when it names none. */
  agent: string;
  /**
   * The messages that it has made or changed, as they stand in the chat. None when it was refused. Looked up when asked
   * for: an observer asks at once or never, since later the chat may have changed.
   */
  messages: () => readonly Message[];
}

const CALLS_KEPT = 200_000;
const SECOND = 1000;

/** The last 200,000 calls, and the busiest second. */
export class Records {
  /** Told of each call as it is handled, whether its client hears the answer or not. */
  readonly observers = new Set<(call: CallRecord, details: CallDetails) => void>();
  /** 429s answered by the limiter, not those ordered as faults. */
  tooMany = 0;
  #calls: CallRecord[] = [];
  #oldest = 0;
  #worst = 0;
  /** The accepted limited calls of the last second, for a running maximum that outlives the ring. */
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

  /** How many messages were accepted in the second before `now` (monotonic ms), an album counting its parts. */
  rate(now = performance.now()): number {
    this.#forget(now - SECOND);
    return this.#recentWeight;
  }

  /** The calls, oldest first. A copy. */
  get calls(): CallRecord[] {
    return [...this.#calls.slice(this.#oldest), ...this.#calls.slice(0, this.#oldest)];
  }

  /**
   * The most messages accepted in any sliding second, an album counting its parts. Without a filter since the last
   * `clear()`; with one, among the last 200,000 calls.
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

  /** Takes the calls up to a moment out of the sliding second. */
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
