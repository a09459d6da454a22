import { createLRU } from "lru.min";
import { isPersonId } from "../../chat-id.ts";
import type { Clock } from "../../clock.ts";

/** Distinguishes a 429 for one chat from one for the whole bot. */
export interface Flood {
  /** A 429 came for `chatId`. True if only this chat has to wait. */
  onlyThisChat(chatId: number, waitMs: number): boolean;
  /** A message arrived in `chatId`. */
  arrived(chatId: number): void;
}

/** Telegram's longest slow mode. Anyone who wrote to a group within it may be asked to wait for that group alone. */
const LONGEST_SLOW_MODE_MS = 3_600_000;

/** If more chats than this have to wait and nothing arrives, the limit is the bot's, whatever reasons each may have. */
const MOST_ALONE = 5;

/** For how many chats the last message is remembered. */
const MOST_KEPT = 10_000;

/**
 * Besides the bot's limits, each chat has its own: its pace, and slow mode. So a chat waits alone, unless others have to
 * wait at the same time, nothing has arrived since, and its own limits do not explain it because the bot has not written
 * there lately.
 */
export function createFlood(clock: Clock): Flood {
  /** Chats that have had to wait since something last arrived, with the end of their wait; monotonic. */
  const waiting = new Map<number, number>();
  /** When the bot last wrote to a group or channel, monotonic. A Map evicts twenty times slower (measured). */
  const written = createLRU<number, number>({ max: MOST_KEPT });

  function wroteLately(chatId: number): boolean {
    return clock.monotonic() - (written.peek(chatId) ?? -Infinity) <= LONGEST_SLOW_MODE_MS;
  }

  return {
    onlyThisChat(chatId, waitMs) {
      const now = clock.monotonic();
      for (const [chat, end] of waiting) if (end <= now) waiting.delete(chat);
      waiting.set(chatId, now + waitMs);
      return waiting.size === 1 || (wroteLately(chatId) && waiting.size <= MOST_ALONE);
    },
    arrived(chatId) {
      waiting.clear();
      if (!isPersonId(chatId)) written.set(chatId, clock.monotonic());
    },
  };
}
