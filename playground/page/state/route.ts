import { addressOf, type Route, routeAt } from "./address.ts";
import { createStore } from "./store.ts";

/** The current route, from the address: #/chats, #/chat/ID, #/telegram. Reload and the Back button work as expected. */
export const route = createStore<Route>(routeAt(location.hash, undefined));
addEventListener("hashchange", () => route.set(routeAt(location.hash, route.value.chatId)));

export function navigate(part: Route["part"], chatId = route.value.chatId): void {
  location.hash = addressOf({ part, chatId });
}

/** Opens a chat if the address names none, and puts it into the address, so that Back leads to it as well. */
export function begin(chatId: number): void {
  if (route.value.chatId !== undefined) return;
  route.set({ ...route.value, chatId });
  history.replaceState(null, "", addressOf(route.value));
}
