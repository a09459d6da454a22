import type { InlineKeyboardMarkup, ReplyKeyboardMarkup } from "@grammyjs/types";
import { characters } from "../text/entities.ts";
import { checkLink } from "../../src/content/formatting/entity-links.ts";
import { isRecord, type Params } from "../wire/params.ts";
import type { Place } from "../world/places.ts";
import { badRequest } from "../wire/refusal.ts";

/** What a bot may attach to a message. Only an inline keyboard becomes part of the Message. */
export type Markup =
  | { type: "inline"; keyboard: InlineKeyboardMarkup }
  | { type: "reply"; keyboard: ReplyKeyboardMarkup }
  | { type: "remove" }
  | { type: "none" };

/** The most buttons that Telegram's servers accept on one message. */
const MAX_BUTTONS = 100;
/** The largest keyboard that they accept, in bytes of JSON. */
const MAX_KEYBOARD_BYTES = 10_240;
const MAX_DATA_BYTES = 64;
/** Bot API, "CopyTextButton". */
const MAX_COPIED = 256;

const STYLES: readonly unknown[] = ["danger", "success", "primary"];

/** An inline button has exactly one of these fields (Bot API, "InlineKeyboardButton"). */
const ACTIONS = [
  "url",
  "callback_data",
  "web_app",
  "login_url",
  "switch_inline_query",
  "switch_inline_query_current_chat",
  "switch_inline_query_chosen_chat",
  "copy_text",
  "callback_game",
  "pay",
  "disabled",
];

/** Reads and checks `reply_markup`. Throws Telegram's refusal for a keyboard that is not allowed in this chat. */
export function readMarkup(params: Params, place: Place): Markup {
  const value = params.json("reply_markup");
  if (value === undefined) return { type: "none" };
  if (!isRecord(value)) throw badRequest("object expected as reply markup");
  if ("inline_keyboard" in value) return readInline(value["inline_keyboard"], place);
  if ("keyboard" in value) return readReply(value);
  if (value["remove_keyboard"] === true) return { type: "remove" };
  return { type: "none" };
}

/** Reads the markup of an edit: an inline keyboard or nothing. */
export function readInlineMarkup(params: Params, place: Place): InlineKeyboardMarkup | undefined {
  const markup = readMarkup(params, place);
  if (markup.type === "reply" || markup.type === "remove") throw badRequest("inline keyboard expected");
  return markup.type === "inline" ? markup.keyboard : undefined;
}

function readInline(rows: unknown, place: Place): Markup {
  if (!Array.isArray(rows))
    throw badRequest('field "inline_keyboard" of the InlineKeyboardMarkup must be an Array');
  const kept: unknown[][] = [];
  let count = 0;
  for (const row of rows as unknown[]) {
    if (!Array.isArray(row))
      throw badRequest('field "inline_keyboard" of the InlineKeyboardMarkup must be an Array of Arrays');
    // TDLib silently drops buttons without a text, and rows without buttons.
    const buttons = (row as unknown[]).filter((button) => checkButton(button, place));
    count += buttons.length;
    if (buttons.length > 0) kept.push(buttons);
  }
  if (count > MAX_BUTTONS) throw badRequest("reply markup is too long");
  if (count === 0) return { type: "none" };
  if (Buffer.byteLength(JSON.stringify(kept)) > MAX_KEYBOARD_BYTES)
    throw badRequest("reply markup is too long");
  return { type: "inline", keyboard: { inline_keyboard: kept } as InlineKeyboardMarkup };
}

function checkButton(button: unknown, place: Place): boolean {
  if (!isRecord(button)) throw badRequest("can't parse inline keyboard button: expected an Object");
  const { text } = button;
  if (typeof text !== "string") {
    throw badRequest(`can't parse inline keyboard button: Can't find field "text"`);
  }
  if (button["style"] !== undefined && !STYLES.includes(button["style"]))
    throw badRequest("can't parse inline keyboard button: Invalid button style specified");
  const actions = ACTIONS.filter((action) => button[action] !== undefined);
  if (actions.length === 0) {
    throw badRequest("can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard");
  }
  checkAction(button, place);
  return text !== "" || button["icon_custom_emoji_id"] !== undefined;
}

/** Throws Telegram's refusal for a button's action that is not allowed in this chat. */
export function checkAction(button: Record<string, unknown>, place: Place): void {
  const { url, callback_data: data, copy_text: copy } = button;
  if (url !== undefined) checkLink(typeof url === "string" ? url : "", "inline keyboard button");
  if (data !== undefined) {
    const size = typeof data === "string" ? Buffer.byteLength(data) : 0;
    if (size === 0 || size > MAX_DATA_BYTES) throw badRequest("BUTTON_DATA_INVALID");
  }
  if (copy !== undefined) {
    const copied = isRecord(copy) && typeof copy["text"] === "string" ? copy["text"] : "";
    if (copied === "" || characters(copied) > MAX_COPIED) throw badRequest("BUTTON_COPY_TEXT_INVALID");
  }
  const app = button["web_app"];
  if (app !== undefined && !(isRecord(app) && String(app["url"]).startsWith("https://"))) {
    const shown = isRecord(app) ? String(app["url"]) : "";
    throw badRequest(
      `inline keyboard button Web App URL '${shown}' is invalid: Only HTTPS links are allowed`,
    );
  }
  if (app !== undefined && !place.isPrivate) throw badRequest("BUTTON_TYPE_INVALID");
  if (place.chat.type === "channel") checkForChannel(button);
}

/** TDLib refuses these in a channel, where users do not know the bot's username (InlineKeyboardButton.cpp). */
function checkForChannel(button: Record<string, unknown>): void {
  const here = "switch_inline_query_current_chat";
  for (const name of ["switch_inline_query", "switch_inline_query_chosen_chat", here])
    if (button[name] !== undefined)
      throw badRequest(
        `can't use ${name === here ? here : "switch_inline_query"} button in a channel chat, because users will not be able to use the button without knowing bot's username`,
      );
}

function readReply(value: Record<string, unknown>): Markup {
  const rows = value["keyboard"];
  if (!Array.isArray(rows)) throw badRequest('field "keyboard" of the ReplyKeyboardMarkup must be an Array');
  const keyboard = rows.map((row: unknown) => {
    if (!Array.isArray(row)) throw badRequest("keyboard rows must be Arrays");
    return row.map((button: unknown) => {
      if (typeof button === "string") return { text: button };
      if (isRecord(button) && typeof button["text"] === "string") return { ...button, text: button["text"] };
      throw badRequest("can't parse keyboard button: Button must be a String or an Object");
    });
  });
  return { type: "reply", keyboard: { ...value, keyboard } };
}
