import type { ChatSummary } from "../../shared/protocol.ts";
import { createStore } from "./store.ts";

/** The id of the last message that was on the screen, by chat. Kept while the page is open. */
export const looked = createStore<ReadonlyMap<number, number>>(new Map());

/** Unix seconds. Messages from before the page was opened are not unread. */
export const openedAt = Math.floor(Date.now() / 1000);

/** Call this when a chat is on the screen down to this message. */
export function look(chatId: number, messageId: number): void {
  if ((looked.value.get(chatId) ?? 0) >= messageId) return;
  looked.set(new Map(looked.value).set(chatId, messageId));
}

/** Whether the bot has written something there that has not been seen. */
export function isUnread(
  { id, last }: ChatSummary,
  looked: ReadonlyMap<number, number>,
  since: number,
): boolean {
  if (last === undefined || !last.byBot) return false;
  const seen = looked.get(id);
  return seen === undefined ? last.date >= since : last.id > seen;
}
