/** Telegram's flood limits. Fields left out are those of `DEFAULT_LIMITS`. */
export interface Limits {
  /** Messages a second a bot may send, in any sliding second. */
  bot?: number;
  /** The same with `allow_paid_broadcast`. */
  paid?: number;
  /** How many messages a private chat accepts in a burst, before 1 per second applies. */
  chatBurst?: number;
  /** The same for a group or channel. An album may use up the burst, but never more than that. */
  groupBurst?: number;
  /** Messages to one group or channel in any sliding minute. */
  groupPerMinute?: number;
}

/**
 * Bots FAQ, "My bot is hitting limits": 30 per second, 1 per second per chat with short bursts, 20 per minute per
 * group.
 */
export const DEFAULT_LIMITS: Required<Limits> = {
  bot: 30,
  paid: 1000,
  chatBurst: 20,
  groupBurst: 3,
  groupPerMinute: 20,
};

const SECOND = 1000;

/** At most `size` events in any `span` ms. Keeps the last `size` times in a ring, so a check is O(1). */
export class SlidingWindow {
  readonly #times: Float64Array;
  readonly #span: number;
  #next = 0;

  constructor(size: number, span: number) {
    this.#times = new Float64Array(Math.max(1, size)).fill(-Infinity);
    this.#span = span;
  }

  /** Milliseconds until `weight` more events fit; 0 if they fit now. */
  wait(weight: number, now: number): number {
    const size = this.#times.length;
    // The slot of the event that must have left the window before the last of these may enter.
    const slot = (this.#next + Math.min(weight, size) - 1) % size;
    return Math.max(0, (this.#times[slot] ?? -Infinity) + this.#span - now);
  }

  add(weight: number, now: number): void {
    for (let i = 0; i < Math.min(weight, this.#times.length); i += 1) {
      this.#times[this.#next] = now;
      this.#next = (this.#next + 1) % this.#times.length;
    }
  }
}

/** What the limiter keeps per chat. One number for a private chat, since there may be a million. */
export interface Limited {
  readonly isPrivate: boolean;
  /** When the chat's token bucket will be full again (ms, monotonic). */
  fullAt: number;
  window: SlidingWindow | undefined;
}

/** One bot's windows. */
interface BotWindows {
  free: SlidingWindow;
  paid: SlidingWindow;
}

export class Limiter {
  readonly #limits: Required<Limits> | undefined;
  readonly #bots = new Map<number, BotWindows>();
  #heldUntil = 0;

  constructor(limits: Limits | "none" = {}) {
    this.#limits = limits === "none" ? undefined : { ...DEFAULT_LIMITS, ...limits };
  }

  /** Lets nothing through until then (ms, monotonic), as when Telegram has had enough of a bot. */
  hold(until: number): void {
    this.#heldUntil = until;
  }

  /**
   * Asks to send `weight` messages (each part of an album counts) to a chat. Returns 0 and counts them, or returns
   * the whole seconds to wait (at least 1) and counts nothing. `now` is monotonic, in ms.
   */
  take(botId: number, chat: Limited, weight: number, paid: boolean, now: number): number {
    if (now < this.#heldUntil) return Math.ceil((this.#heldUntil - now) / SECOND);
    const limits = this.#limits;
    if (limits === undefined) return 0;
    const bot = this.#windowsOf(botId, limits);
    const burst = chat.isPrivate ? limits.chatBurst : limits.groupBurst;
    const wait = Math.max(
      (paid ? bot.paid : bot.free).wait(weight, now),
      bucketWait(chat, weight, burst, now),
      chat.isPrivate ? 0 : groupWait(chat, weight, limits, now),
    );
    if (wait > 0) return Math.max(1, Math.ceil(wait / SECOND));
    bot.free.add(weight, now);
    bot.paid.add(weight, now);
    const drawn = chat.isPrivate ? weight : Math.min(weight, burst);
    chat.fullAt = Math.max(chat.fullAt, now) + drawn * SECOND;
    if (!chat.isPrivate) chat.window?.add(weight, now);
    return 0;
  }

  /** Messages per second that a bot may send without paying; null without limits. */
  get free(): number | null {
    return this.#limits?.bot ?? null;
  }

  #windowsOf(botId: number, limits: Required<Limits>): BotWindows {
    let windows = this.#bots.get(botId);
    if (windows === undefined) {
      windows = { free: new SlidingWindow(limits.bot, SECOND), paid: new SlidingWindow(limits.paid, SECOND) };
      this.#bots.set(botId, windows);
    }
    return windows;
  }
}

function bucketWait(chat: Limited, weight: number, burst: number, now: number): number {
  // Computed in this order, a full bucket is exactly full: (now + 3000) - now - 3000 may be slightly above 0.
  const drawn = Math.max(0, chat.fullAt - now);
  return Math.max(0, drawn + (Math.min(weight, burst) - burst) * SECOND);
}

function groupWait(chat: Limited, weight: number, limits: Required<Limits>, now: number): number {
  chat.window ??= new SlidingWindow(limits.groupPerMinute, 60 * SECOND);
  return chat.window.wait(weight, now);
}
