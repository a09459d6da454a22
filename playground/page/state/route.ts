import { addressOf, type Here, placeAt } from "./address.ts";
import { createStore } from "./store.ts";

export type { Here } from "./address.ts";

/** The current route, from the address: #/chats, #/chat/ID, #/telegram. Reload and the Back button work as expected. */
export const here = createStore<Here>(placeAt(location.hash, undefined));
addEventListener("hashchange", () => here.set(placeAt(location.hash, here.value.chatId)));

export function go(part: Here["part"], chatId = here.value.chatId): void {
  location.hash = addressOf({ part, chatId });
}

/** Opens a chat if the address names none, and puts it into the address, so that Back leads to it as well. */
export function begin(chatId: number): void {
  if (here.value.chatId !== undefined) return;
  here.set({ ...here.value, chatId });
  history.replaceState(null, "", addressOf(here.value));
}
