import type { ChatSummary } from "../../shared/protocol.ts";
import { createStore } from "./store.ts";

/** The id of the last message that was on the screen, by chat. Kept while the page is open. */
export const lastSeen = createStore<ReadonlyMap<number, number>>(new Map());

/** Unix seconds. Messages from before the page was opened are not unread. */
export const openedAt = Math.floor(Date.now() / 1000);

/** Call this when a chat is on the screen down to this message. */
export function markSeen(chatId: number, messageId: number): void {
  if ((lastSeen.value.get(chatId) ?? 0) >= messageId) return;
  lastSeen.set(new Map(lastSeen.value).set(chatId, messageId));
}

/** Whether the bot has written something there that has not been seen. */
export function isUnread(
  { id, last }: ChatSummary,
  seenIds: ReadonlyMap<number, number>,
  since: number,
): boolean {
  if (last === undefined || !last.byBot) return false;
  const seen = seenIds.get(id);
  return seen === undefined ? last.date >= since : last.id > seen;
}
