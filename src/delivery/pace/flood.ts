import { isPersonId } from "../../chat-id.ts";
import type { Clock } from "../../clock.ts";

/** Tells a 429 for one chat from one for the whole bot. */
export interface Flood {
  /** A 429 came from `chatId`. True when it is only this chat that has to wait. */
  onlyThisChat(chatId: number, waitMs: number): boolean;
  /** A message got through to `chatId`. */
  through(chatId: number): void;
}

/** The longest slow mode: who wrote to a group within it may be asked to wait by that group alone. */
const LONGEST_SLOW_MODE_MS = 3_600_000;

/** So many chats that each have a reason of their own; when more have to wait and nothing gets through, it is the bot. */
const MOST_ALONE = 5;

/** Chats whose last message is remembered. */
const MOST_KEPT = 10_000;

/**
 * Each chat has limits of its own beside the bot's: its pace, and slow mode. So a chat waits alone, unless others have
 * to at the same time, nothing got through since, and its limits do not explain it: nobody has written there of late.
 */
export function createFlood(clock: Clock): Flood {
  /** Since something got through: chat → end of its wait, monotonic. */
  const waiting = new Map<number, number>();
  const written = new Map<number, number>(); // when, monotonic; the longest ago first

  function wroteLately(chatId: number): boolean {
    return clock.monotonic() - (written.get(chatId) ?? -Infinity) <= LONGEST_SLOW_MODE_MS;
  }

  return {
    onlyThisChat(chatId, waitMs) {
      const now = clock.monotonic();
      for (const [chat, end] of waiting) if (end <= now) waiting.delete(chat);
      waiting.set(chatId, now + waitMs);
      return waiting.size === 1 || (wroteLately(chatId) && waiting.size <= MOST_ALONE);
    },
    through(chatId) {
      waiting.clear();
      if (isPersonId(chatId)) return;
      written.delete(chatId);
      written.set(chatId, clock.monotonic());
      const [oldest] = written.keys();
      if (written.size > MOST_KEPT && oldest !== undefined) written.delete(oldest);
    },
  };
}
