import type { Clock } from "../clock.ts";

/** Tells a 429 for one chat from one for the whole bot. */
export interface Flood {
  /** A 429 came from `chatId`. True when it is only this chat that has to wait. */
  onlyThisChat(chatId: number, waitMs: number): boolean;
}

/** Each chat has limits of its own beside the bot's. So a chat waits alone, unless another has to at the same time. */
export function createFlood(clock: Clock): Flood {
  const waiting = new Map<number, number>(); // chat → end of its wait, monotonic

  return {
    onlyThisChat(chatId, waitMs) {
      const now = clock.monotonic();
      for (const [chat, end] of waiting) if (end <= now) waiting.delete(chat);
      waiting.set(chatId, now + waitMs);
      return waiting.size === 1;
    },
  };
}
