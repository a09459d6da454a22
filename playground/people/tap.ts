import type { CallbackQuery, InlineKeyboardButton, Message, User } from "@grammyjs/types";
import { findButton, labelMatches } from "../content/find-button.ts";
import { drawChat } from "../world/chat-transcript.ts";
import type { Place } from "../world/places.ts";
import { labels } from "../content/transcript.ts";
import type { Answer } from "../shared/answer.ts";
import type { World } from "../world/world.ts";

/** Base of `chat_instance`, which is constant per chat. */
const INSTANCES = 9_000_000_000_000_000;

/**
 * Finds the button with this label on the newest message that has one, or on message `on`; or the text of a reply
 * keyboard button. Throws an error that lists what there is to tap instead.
 */
export function findTapped(
  place: Place,
  label: string | RegExp,
  on: number | undefined,
): [Message, InlineKeyboardButton] | string {
  const messages = (place.messages ?? []).filter((message) => on === undefined || message.message_id === on);
  for (const message of messages.toReversed()) {
    const button = findButton(message, label);
    if (button !== undefined) return [message, button];
  }
  const keys = (place.keyboard?.keyboard ?? [])
    .flat()
    .map((key) => (typeof key === "string" ? key : key.text));
  const key = on === undefined ? keys.find((text) => labelMatches(label, text)) : undefined;
  if (key !== undefined) return key;
  const visible = messages.flatMap((message) => labels(message).flat()).concat(keys);
  const list = visible.length > 0 ? visible.map((text) => `[${text}]`).join(" ") : "none";
  throw new Error(
    `There is no button ${String(label)}. Visible buttons: ${list}\nThe chat holds:\n${drawChat(place, 5)}`,
  );
}

/** The bot did not answer a tap in time. */
export class Unanswered extends Error {}

/**
 * Taps a button. Resolves with the bot's answer; a button that needs no bot resolves with its link or text. Rejects
 * with `Unanswered` if the bot takes longer than `within` ms.
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
    message: withCurrentReply(world, message),
    chat_instance: String(INSTANCES + Math.abs(message.chat.id)),
    data: button.callback_data,
  };
  const late = new Unanswered();
  return new Promise((resolve, reject) => {
    // The query stays open, so that a late answer is not refused as unknown.
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

/** The replied-to message in its current version, or not at all if it is deleted. */
function withCurrentReply(world: World, message: Message): Message {
  const { reply_to_message: before, ...rest } = message;
  const now = before && world.places.get(message.chat.id)?.find(before.message_id);
  if (now === undefined) return rest;
  const { reply_to_message: _, ...reply } = now;
  return { ...rest, reply_to_message: reply as NonNullable<Message["reply_to_message"]> };
}
