import type { InlineKeyboardButton, InlineKeyboardMarkup } from "grammy/types";
import { buttonsIn } from "./button-ids.ts";
import type { Button, Content } from "./content.ts";

/**
 * Which copy of which campaign a keyboard belongs to. `seq` is its delivery; 0 in a preview, where taps are not
 * counted.
 */
export interface Ticket {
  campaignId: number;
  seq: number;
}

/** What is drawn below the buttons of a post, if anything. */
export interface Extra {
  /** The label of the button by which people leave the campaign's category. */
  leave?: string;
}

/** A tap on a button that reaches Herald. */
export type ButtonTap = Ticket &
  (
    | { /** The button's id. Callback data is `b:<campaign>:<seq>:<id>`. */ id: string }
    /**
     * The first builds sent `b:<campaign>:<seq>:<language>:<index>`: the language of the version, empty for the default
     * one, and the position among its buttons, from 0.
     */
    | { language: string; index: number }
  );

/** How often a button was tapped, by its text. */
export type Counts = ReadonlyMap<string, number>;

/** The server's limit for a keyboard's JSON, in bytes; beyond it: "reply markup is too long". */
export const KEYBOARD_LIMIT = 10_240;

/** The keyboard under a version of a post, before anyone has voted. Undefined if it has no buttons. */
export function keyboardOf(rows: Button[][], ticket: Ticket & Extra): InlineKeyboardMarkup | undefined {
  const { leave } = ticket;
  if (rows.length === 0 && leave === undefined) return undefined;
  const shown = rows.map((row) => row.map((button) => drawn(button, ticket)));
  const last = leave === undefined ? [] : [[{ text: leave, callback_data: leaveData(ticket) }]];
  return { inline_keyboard: [...shown, ...last] };
}

function drawn(button: Button, ticket: Ticket): InlineKeyboardButton {
  const { text, style, icon } = button;
  const face = { text, ...(style && { style }), ...(icon !== undefined && { icon_custom_emoji_id: icon }) };
  if ("url" in button) return { ...face, url: button.url };
  if ("app" in button) return { ...face, web_app: { url: button.app } };
  if ("copy" in button) return { ...face, copy_text: { text: button.copy } };
  if ("share" in button) return { ...face, switch_inline_query: button.share };
  if ("here" in button) return { ...face, switch_inline_query_current_chat: button.here };
  if (button.id === undefined) throw new Error("a button has no id: its post was never stored");
  return { ...face, callback_data: buttonData(ticket, button.id) };
}

/** The callback data of a button whose taps reach Herald. */
export function buttonData({ campaignId, seq }: Ticket, id: string): string {
  return `b:${campaignId}:${seq}:${id}`;
}

/** The callback data of the button by which people leave a campaign's category. */
export function leaveData({ campaignId, seq }: Ticket): string {
  return `leave:${campaignId}:${seq}`;
}

/** The label of a vote: "👍", or "👍 12" once people have voted for it. */
function counted(text: string, count: number): string {
  return count > 0 ? `${text} ${count}` : text;
}

/** Null for any other data, and for numbers too large for the database: strangers can send anything. */
export function parseButtonTap(data: string): ButtonTap | null {
  const [, campaign, seq, id, language, index] =
    /^b:(\d{1,15}):(\d{1,9}):(?:([a-z]*\d{1,9})|([a-z]*):(\d{1,9}))$/.exec(data) ?? [];
  if (campaign === undefined) return null;
  const ticket = { campaignId: Number(campaign), seq: Number(seq) };
  if (id !== undefined) return { ...ticket, id };
  return { ...ticket, language: language ?? "", index: Number(index) };
}

/**
 * The button that was tapped; undefined if the post never had it. `label` is its text in the message, if known.
 *
 * Posts stored by the first builds use the positions of their buttons as ids: `2` in the default version, `de2` in the
 * German one (see the migration). A version without its own buttons showed those of the default one. An edit with those
 * builds may have put another button in that position, so if the message shows another label, the label decides.
 */
export function tappedButton(content: Content, tap: ButtonTap, label?: string): Button | undefined {
  const buttons = buttonsIn(content);
  const byId = (wanted: string) => buttons.find(({ id }) => id === wanted);
  if ("id" in tap) return byId(tap.id);
  const placed = byId(`${tap.language}${tap.index}`) ?? byId(String(tap.index));
  if (label === undefined || (placed && hasCallbackLabel(placed, label))) return placed;
  const labelled = buttons.find((button) => hasCallbackLabel(button, label));
  // Telegram alters some texts, but not emoji: a vote that reads differently is a different button.
  return labelled ?? (placed && "vote" in placed ? undefined : placed);
}

/** True if taps on the button reach Herald and it has this label. */
function hasCallbackLabel(button: Button, label: string): boolean {
  if ("vote" in button) return label.replace(/ \d+$/, "") === button.text;
  return "answer" in button && label === button.text;
}

/** The buttons of a message whose taps reach Herald, in order. */
export function buttonsUnder(content: Content, { inline_keyboard: rows }: InlineKeyboardMarkup): Button[] {
  return rows.flat().flatMap((shown) => shownButton(content, shown) ?? []);
}

/** The keyboard of a message with the current votes; the post itself may have other buttons by now. */
export function recounted(
  content: Content,
  { inline_keyboard: rows }: InlineKeyboardMarkup,
  counts: Counts,
): InlineKeyboardMarkup {
  const redrawn = (shown: InlineKeyboardButton) => {
    const button = shownButton(content, shown);
    if (!button || !("vote" in button)) return shown;
    return { ...shown, text: counted(button.text, counts.get(button.text) ?? 0) };
  };
  return { inline_keyboard: rows.map((row) => row.map(redrawn)) };
}

function shownButton(content: Content, shown: InlineKeyboardButton): Button | undefined {
  const tap = "callback_data" in shown ? parseButtonTap(shown.callback_data) : null;
  return tap ? tappedButton(content, tap, shown.text) : undefined;
}
