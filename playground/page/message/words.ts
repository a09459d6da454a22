import type { Chat, Message, MessageOrigin, RichBlock, RichText, User } from "@grammyjs/types";
import { HIDDEN, masked } from "../../shared/spoilers.ts";
import { t } from "../state/locale.ts";

/** The kinds of content. A kind that sets several fields comes before the more general one. */
const KINDS = [
  "text",
  "rich_message",
  "live_photo",
  "paid_media",
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
  "story",
  "game",
  "invoice",
  "giveaway",
  "giveaway_winners",
] as const satisfies readonly (keyof Message)[];
export type Kind = (typeof KINDS)[number];

/** A message without the one that it replies to. */
type Said = Omit<Partial<Message>, "reply_to_message">;

/** A message's kind of content; undefined for a service message. */
export function kindOf(message: Said): Kind | undefined {
  return KINDS.find((kind) => message[kind] !== undefined);
}

/** The name of a kind: "Photo". */
export function labelOf(kind: Kind): string {
  return t(`kind-${kind}`);
}

/** A message in one line, for replies and service messages. `hidden` replaces its spoilers. */
export function snippet(message: Said, hidden = HIDDEN): string {
  return labelled(message, words(message, hidden));
}

/** The first line of a message. */
export function firstLine(message: Said, hidden = HIDDEN): string {
  return labelled(message, words(message, hidden).trim().split("\n", 1)[0] ?? "");
}

/** A message's words after its kind: "Photo, At sea"; a text has its words only. */
function labelled(message: Said, words: string): string {
  const kind = kindOf(message);
  const line = words.replaceAll(/\s+/g, " ").trim();
  if (kind === undefined) return t("kind-service");
  if (line === "") return labelOf(kind);
  return kind === "text" || kind === "rich_message"
    ? line
    : t("kind-with-words", { kind: labelOf(kind), words: line });
}

function words(message: Said, hidden: string): string {
  const { text, caption, rich_message: rich } = message;
  if (text !== undefined) return masked(text, message.entities, hidden);
  if (caption !== undefined) return masked(caption, message.caption_entities, hidden);
  return (
    message.poll?.question ??
    message.checklist?.title ??
    message.venue?.title ??
    message.contact?.first_name ??
    message.document?.file_name ??
    message.audio?.title ??
    message.sticker?.emoji ??
    message.dice?.emoji ??
    (rich && firstWords(rich.blocks, hidden)) ??
    ""
  );
}

function firstWords(blocks: readonly RichBlock[], hidden: string): string {
  const first = blocks.find((block) => "text" in block);
  return first === undefined ? "" : plainText(first.text, hidden);
}

/** A rich text without its formatting. */
function plainText(text: RichText, hidden: string): string {
  if (typeof text === "string") return text;
  if (Array.isArray(text)) return text.map((part) => plainText(part, hidden)).join("");
  if (text.type === "spoiler") return hidden;
  if (text.type === "custom_emoji") return text.alternative_text;
  if (text.type === "mathematical_expression") return text.expression;
  if (text.type === "button") return plainText(text.button.text, hidden);
  return "text" in text ? plainText(text.text, hidden) : "";
}

/** A text cut to at most this many letters. */
export function short(text: string, most: number): string {
  const letters = [...text];
  return letters.length > most
    ? `${letters
        .slice(0, most - 1)
        .join("")
        .trimEnd()}…`
    : text;
}

/** First and last name. */
export function nameOf({
  first_name: first,
  last_name: last,
}: Pick<User, "first_name" | "last_name">): string {
  return last === undefined ? first : `${first} ${last}`;
}

/** A chat's title, or a person's name. */
export function titleOf(chat: Chat): string {
  return chat.type === "private" ? nameOf(chat) : (chat.title ?? "");
}

/** The displayed author of a message: channels and anonymous administrators show their chat. */
export function authorOf({ from, sender_chat: sender, chat }: Message): string {
  if (sender !== undefined) return titleOf(sender);
  return from === undefined ? titleOf(chat) : nameOf(from);
}

/** The original author of a forwarded message. */
export function originName(origin: MessageOrigin): string {
  switch (origin.type) {
    case "user":
      return nameOf(origin.sender_user);
    case "hidden_user":
      return origin.sender_user_name;
    case "chat":
      return signed(titleOf(origin.sender_chat), origin.author_signature);
    case "channel":
      return signed(titleOf(origin.chat), origin.author_signature);
  }
}

function signed(title: string, signature: string | undefined): string {
  return signature === undefined ? title : `${title} (${signature})`;
}

/** A hash of a text, for colours and drawn waveforms. */
export function hash(text: string): number {
  let sum = 7;
  for (let i = 0; i < text.length; i += 1) sum = (Math.imul(sum, 31) + text.charCodeAt(i)) >>> 0;
  // Spreads texts that differ only in their last letter.
  sum = Math.imul(sum ^ (sum >>> 16), 0x45d9f3b);
  return (sum ^ (sum >>> 15)) >>> 0;
}
