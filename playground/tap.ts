import type { CallbackQuery, InlineKeyboardButton, Message, User } from "@grammyjs/types";
import { drawChat } from "./screen.ts";
import type { Answer, World } from "./world.ts";

/** Telegram's id of a chat as callback queries name it: one number a chat. */
const INSTANCES = 9_000_000_000_000_000;

/**
 * Taps a button as somebody. Resolves with the bot's answer; a button that needs no bot resolves with its link or its
 * text. Rejects when the bot has not answered within so many ms.
 */
export function tapButton(
  world: World,
  user: User,
  message: Message,
  button: InlineKeyboardButton,
  within: number,
): Promise<Answer> {
  if ("url" in button) return Promise.resolve({ url: button.url });
  if ("web_app" in button) return Promise.resolve({ url: button.web_app.url });
  if ("copy_text" in button) return Promise.resolve({ copied: button.copy_text.text });
  if (!("callback_data" in button)) return Promise.resolve({});
  const bot = world.botById(message.from?.id ?? 0) ?? world.defaultBot;
  const id = String(4_000_000_000_000_000 + world.nextId());
  const query: CallbackQuery = {
    id,
    from: user,
    message,
    chat_instance: String(INSTANCES + Math.abs(message.chat.id)),
    data: button.callback_data,
  };
  const late = new Error();
  return new Promise((resolve, reject) => {
    // The query stays open: a bot that answers late is not told that it was unknown.
    const timer = setTimeout(() => {
      const place = world.places.get(message.chat.id);
      const chat = place === undefined ? "" : ` The chat holds:\n${drawChat(place, 5)}`;
      late.message = `The tap on [${button.text}] was not answered within ${within} ms.${chat}`;
      reject(late);
    }, within);
    world.queries.set(id, (answer) => {
      clearTimeout(timer);
      resolve(answer);
    });
    bot?.push({ callback_query: query });
  });
}
