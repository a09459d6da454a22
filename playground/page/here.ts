import { addressOf, type Here, placeAt } from "./address.ts";
import { createStore } from "./store.ts";

export type { Here } from "./address.ts";

/** Follows the address: #/chats, #/chat/ID, #/telegram. So a reload and the Back button do what one expects. */
export const here = createStore<Here>(placeAt(location.hash, undefined));
addEventListener("hashchange", () => here.set(placeAt(location.hash, here.value.chatId)));

export function go(part: Here["part"], chatId = here.value.chatId): void {
  location.hash = addressOf({ part, chatId });
}

/** The chat of an address that names none. From now on it does, so that Back leads to this chat, too. */
export function begin(chatId: number): void {
  if (here.value.chatId !== undefined) return;
  here.set({ ...here.value, chatId });
  history.replaceState(null, "", addressOf(here.value));
}
