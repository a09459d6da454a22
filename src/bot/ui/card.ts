import type { InlineKeyboardButton, InlineKeyboardMarkup, MessageEntity } from "grammy/types";

/* A message of the bot with buttons under it. */

export type Keyboard = InlineKeyboardButton.CallbackButton[][];

export interface Card {
  text: string;
  keyboard: Keyboard;
  /** Only of a card that a dialog sends. */
  entities?: MessageEntity[];
}

/** A message as it is sent outside an update. */
export interface Drawing {
  text: string;
  keyboard: InlineKeyboardMarkup;
}

/** The button that one most likely came for. Telegram draws it in colour; older servers and clients ignore that. */
export function asPrimary(button: InlineKeyboardButton.CallbackButton): InlineKeyboardButton.CallbackButton {
  return { ...button, style: "primary" };
}

/** The button behind which something is lost. */
export function asDanger(button: InlineKeyboardButton.CallbackButton): InlineKeyboardButton.CallbackButton {
  return { ...button, style: "danger" };
}

/** Two in a row. */
export function pairs<T>(items: T[]): T[][] {
  return items.flatMap((_, index) => (index % 2 === 0 ? [items.slice(index, index + 2)] : []));
}
