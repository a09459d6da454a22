import type { InlineKeyboardButton, Message } from "@grammyjs/types";
import type { Place } from "./places.ts";

/** What a message says: its text or caption, or its kind in angle brackets. */
export function words(message: Message): string {
  return message.text ?? message.caption ?? message.poll?.question ?? `<${kindOf(message)}>`;
}

/** The kind of a message: "text", "photo", "poll" …; "service" when it says nothing. */
export function kindOf(message: Partial<Message>): string {
  const kinds = [
    "text",
    "rich_message",
    "live_photo",
    "photo",
    "video",
    "animation",
    "document",
    "audio",
    "voice",
    "video_note",
    "sticker",
    "poll",
    "venue",
    "location",
    "contact",
    "dice",
    "checklist",
  ] as const;
  return kinds.find((kind) => message[kind] !== undefined) ?? "service";
}

/** The labels of a message's inline keyboard, row by row. */
export function labels(message: Message | undefined): string[][] {
  return (message?.reply_markup?.inline_keyboard ?? []).map((row) => row.map((button) => button.text));
}

/** A message as a person sees it: its kind if it is no text, its words, its buttons as rows `[A] [B]`. */
export function draw(message: Message): string {
  const kind = kindOf(message);
  const text =
    message.text ?? [`<${kind}>`, message.caption ?? message.poll?.question].filter(Boolean).join(" ");
  const rows = labels(message).map((row) => row.map((label) => `[${label}]`).join(" "));
  return [text, ...rows].join("\n");
}

/** A whole chat, oldest first; `last` limits it to the newest. */
export function drawChat(place: Place, last = Infinity): string {
  const messages = (place.messages ?? []).slice(-Math.min(last, 1e9));
  const drawn = messages.map((message) => {
    const who = message.from === undefined ? "channel" : message.from.first_name;
    return `${who} · ${message.message_id}\n${indent(draw(message))}`;
  });
  const keyboard = place.keyboard?.keyboard.map((row) =>
    row.map((button) => `[${typeof button === "string" ? button : button.text}]`).join(" "),
  );
  return [...drawn, ...(keyboard ? [`keyboard\n${indent(keyboard.join("\n"))}`] : [])].join("\n");
}

function indent(text: string): string {
  return text.replaceAll(/^/gm, "    ");
}

/** Whether a wanted label is that of a button: equal, or equal without what stands before the first letter. */
export function labelMatches(wanted: string | RegExp, label: string): boolean {
  if (typeof wanted !== "string") return matchesPattern(wanted, label);
  return label === wanted || bare(label) === wanted || bare(label) === bare(wanted);
}

/** A label without leading emoji, signs and spaces. The ellipsis at the end of "Buttons…" is part of it. */
function bare(label: string): string {
  const stripped = label.replace(/^[^\p{L}\p{N}]+/u, "").trim();
  return stripped === "" ? label : stripped;
}

/** Whether a text holds a string or matches a pattern. */
export function matchesText(wanted: string | RegExp, text: string): boolean {
  return typeof wanted === "string" ? text.includes(wanted) : matchesPattern(wanted, text);
}

function matchesPattern(pattern: RegExp, text: string): boolean {
  // A global or sticky pattern keeps its place between tests.
  pattern.lastIndex = 0;
  return pattern.test(text);
}

/** The first button in a message whose label matches. */
export function findButton(message: Message, wanted: string | RegExp): InlineKeyboardButton | undefined {
  const buttons = message.reply_markup?.inline_keyboard.flat() ?? [];
  const exact = typeof wanted === "string" ? buttons.find((button) => button.text === wanted) : undefined;
  return exact ?? buttons.find((button) => labelMatches(wanted, button.text));
}
