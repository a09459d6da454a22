import type { InlineKeyboardButton, InlineKeyboardMarkup, MessageEntity } from "grammy/types";

/* A message of the bot, with buttons below it. */

export type Keyboard = InlineKeyboardButton.CallbackButton[][];

export interface Card {
  text: string;
  keyboard: Keyboard;
  /** Only on cards that a dialog sends. */
  entities?: MessageEntity[];
}

/** A message as it is sent outside of an update. */
export interface Drawing {
  text: string;
  keyboard: InlineKeyboardMarkup;
}

/** The button that the reader most likely wants. Telegram draws it in colour; older servers and clients ignore that. */
export function asPrimary(button: InlineKeyboardButton.CallbackButton): InlineKeyboardButton.CallbackButton {
  return { ...button, style: "primary" };
}

/** A button that makes something get lost. */
export function asDanger(button: InlineKeyboardButton.CallbackButton): InlineKeyboardButton.CallbackButton {
  return { ...button, style: "danger" };
}

/** Two per row. */
export function pairs<T>(items: T[]): T[][] {
  return items.flatMap((_, index) => (index % 2 === 0 ? [items.slice(index, index + 2)] : []));
}
