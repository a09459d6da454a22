import type { InlineKeyboardButton, InlineKeyboardMarkup } from "grammy/types";
import type { Button, Content } from "./content.ts";
import { buttonsOf, versionFor } from "./content.ts";

/** Which copy of which campaign a keyboard stands under. `seq` is its delivery; 0 in a preview, where taps count nothing. */
export interface Ticket {
  campaignId: number;
  seq: number;
}

/** A tap on a button that comes back to Herald: `b:<campaign>:<seq>:<language>:<index>` is its callback data. */
export interface ButtonTap extends Ticket {
  /** Of the version; null is the default one. */
  language: string | null;
  /** Which button, counted through the rows from 0. */
  index: number;
}

/** How often a button was tapped, by its text. */
export type Counts = ReadonlyMap<string, number>;

const NONE: Counts = new Map();

/** The keyboard under a version of a post; votes show their counts. Undefined when it has no buttons. */
export function keyboardOf(
  rows: Button[][],
  ticket: Ticket,
  language: string | null,
  counts: Counts = NONE,
): InlineKeyboardMarkup | undefined {
  if (rows.length === 0) return undefined;
  let index = 0;
  const data = () => `b:${ticket.campaignId}:${ticket.seq}:${language ?? ""}:${index++}`;
  return {
    inline_keyboard: rows.map((row) => row.map((button) => drawn(button, data(), counts.get(button.text)))),
  };
}

function drawn(button: Button, data: string, count = 0): InlineKeyboardButton {
  const { text, style, icon } = button;
  const face = { text, ...(style && { style }), ...(icon !== undefined && { icon_custom_emoji_id: icon }) };
  if ("url" in button) return { ...face, url: button.url };
  if ("app" in button) return { ...face, web_app: { url: button.app } };
  if ("copy" in button) return { ...face, copy_text: { text: button.copy } };
  if ("share" in button) return { ...face, switch_inline_query: button.share };
  if ("here" in button) return { ...face, switch_inline_query_current_chat: button.here };
  if ("vote" in button) return { ...face, text: count > 0 ? `${text} ${count}` : text, callback_data: data };
  return { ...face, callback_data: data };
}

export function parseButtonTap(data: string): ButtonTap | null {
  const match = /^b:(\d+):(\d+):([a-z]*):(\d+)$/.exec(data);
  if (!match) return null;
  const [, campaignId, seq, language, index] = match;
  return {
    campaignId: Number(campaignId),
    seq: Number(seq),
    language: language === "" ? null : (language ?? null),
    index: Number(index),
  };
}

/** The button that was tapped; undefined when the post has none there (any more). */
export function tappedButton(content: Content, { language, index }: ButtonTap): Button | undefined {
  return buttonsOf(content, versionFor(content, language).version).flat()[index];
}
