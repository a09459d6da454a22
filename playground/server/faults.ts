import type { ApiFailure } from "../wire/refusal.ts";

/** Which calls a fault hits. Fields that are left out match everything. */
export interface Match {
  /** The method's name in any case, or a pattern. `download` is that of a file: it breaks off or, with `hang`, stands still. */
  method?: string | RegExp;
  /** The call's `chat_id`, or a condition on it. */
  chat?: number | ((chatId: number) => boolean);
  token?: string;
  /** How many calls it hits. Default 1; Infinity never ends. */
  times?: number;
  /** How many matching calls pass unharmed first. Default 0. */
  after?: number;
}

/**
 * What befalls the call.
 * - `error`: Telegram refuses it; nothing is recorded as a message.
 * - `hang`: the answer is withheld for so many ms, or forever. With `accept: false` the message is never accepted
 *   and the connection is destroyed at the end; otherwise it is accepted at once and answered late.
 * - `cut: "before"`: the connection is destroyed, nothing was accepted.
 * - `cut: "after"`: the message is accepted and recorded, then the connection is destroyed without an answer.
 * - `status`: something in front of Telegram answers, usually with HTML; nothing was accepted.
 */
export type Effect =
  | { error: ApiFailure }
  | { hang: number | "forever"; accept?: boolean }
  | { cut: "before" | "after" }
  | { status: number; body?: string };

/** The effect on each hit: always the same, or computed for the 1st, 2nd … hit. */
export type Effects = Effect | ((hits: number) => Effect);

/** An active fault. `hits` is how many calls it has hit; `remove()` ends it. */
export interface Fault {
  readonly hits: number;
  remove(): void;
}

interface Ordered {
  match: Match;
  effect: Effects;
  seen: number;
  hits: number;
}

/** The active faults. The first that matches is applied. */
export class FaultBook {
  #ordered: Ordered[] = [];

  order(match: Match, effect: Effects): Fault {
    const entry: Ordered = { match, effect, seen: 0, hits: 0 };
    this.#ordered.push(entry);
    return {
      get hits() {
        return entry.hits;
      },
      remove: () => this.#remove(entry),
    };
  }

  clear(): void {
    this.#ordered = [];
  }

  /** The effect for this call, if a fault matches; counts the hit. */
  strike(method: string, chatId: number | undefined, token: string): Effect | undefined {
    for (const entry of this.#ordered) {
      if (!matches(entry.match, method, chatId, token)) continue;
      entry.seen += 1;
      if (entry.seen <= (entry.match.after ?? 0)) continue;
      entry.hits += 1;
      if (entry.hits >= (entry.match.times ?? 1)) this.#remove(entry);
      return typeof entry.effect === "function" ? entry.effect(entry.hits) : entry.effect;
    }
    return undefined;
  }

  #remove(entry: Ordered): void {
    this.#ordered = this.#ordered.filter((other) => other !== entry);
  }
}

function matches(match: Match, method: string, chatId: number | undefined, token: string): boolean {
  if (typeof match.chat === "number" && match.chat !== chatId) return false;
  if (typeof match.chat === "function" && (chatId === undefined || !match.chat(chatId))) return false;
  if (match.token !== undefined && match.token !== token) return false;
  if (match.method === undefined) return true;
  if (typeof match.method === "string") return match.method.toLowerCase() === method.toLowerCase();
  // A sticky or global pattern remembers its position between tests, which would skip every second call.
  match.method.lastIndex = 0;
  return match.method.test(method);
}

export { ERRORS, migratedTo, tooManyRequests } from "../wire/telegram-errors.ts";
