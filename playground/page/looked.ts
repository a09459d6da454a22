import type { ChatSummary } from "../live/protocol.ts";
import { createStore } from "./store.ts";

/** The id of the last message that was on the screen, by chat. Only as long as the page is open. */
export const looked = createStore<ReadonlyMap<number, number>>(new Map());

/** Unix seconds. What was there before the page was opened is not news. */
export const openedAt = Math.floor(Date.now() / 1000);

/** To be called when a chat is on the screen down to this message. */
export function look(chatId: number, messageId: number): void {
  if ((looked.value.get(chatId) ?? 0) >= messageId) return;
  looked.set(new Map(looked.value).set(chatId, messageId));
}

/** Whether the bot has written something there that was not looked at since. */
export function isUnread(
  { id, last }: ChatSummary,
  looked: ReadonlyMap<number, number>,
  since: number,
): boolean {
  if (last === undefined || !last.byBot) return false;
  const seen = looked.get(id);
  return seen === undefined ? last.date >= since : last.id > seen;
}
