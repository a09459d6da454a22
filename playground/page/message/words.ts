import type { Chat, Message, MessageOrigin, RichBlock, RichText, User } from "@grammyjs/types";
import { HIDDEN, masked } from "../../shared/spoilers.ts";

/** What a message can consist of, what is told by several fields first by the one that tells most. */
const LABELS = {
  text: "Message",
  rich_message: "Post",
  live_photo: "Live photo",
  paid_media: "Paid media",
  photo: "Photo",
  video: "Video",
  animation: "GIF",
  document: "File",
  audio: "Music",
  voice: "Voice message",
  video_note: "Video message",
  sticker: "Sticker",
  poll: "Poll",
  venue: "Venue",
  location: "Location",
  contact: "Contact",
  dice: "Dice",
  checklist: "Checklist",
  story: "Story",
  game: "Game",
  invoice: "Invoice",
  giveaway: "Giveaway",
  giveaway_winners: "Giveaway winners",
} as const satisfies Partial<Record<keyof Message, string>>;
export type Kind = keyof typeof LABELS;

// The keys of the table above, in its order.
const KINDS = Object.keys(LABELS) as Kind[];

/** What a message says by itself. */
type Said = Omit<Partial<Message>, "reply_to_message">;

/** What a message consists of; undefined for a service message. */
export function kindOf(message: Said): Kind | undefined {
  return KINDS.find((kind) => message[kind] !== undefined);
}

/** The name of a kind: "Photo". */
export function labelOf(kind: Kind): string {
  return LABELS[kind];
}

/** A message in one line, for a reply to it or a line about it. `hidden` stands for what its spoilers hide. */
export function snippet(message: Said, hidden = HIDDEN): string {
  return labelled(message, words(message, hidden));
}

/** The first line of a message: what it is about. */
export function firstLine(message: Said, hidden = HIDDEN): string {
  return labelled(message, words(message, hidden).trim().split("\n", 1)[0] ?? "");
}

/** Words of a message after what it is: "Photo, At sea"; a text is no more than its words. */
function labelled(message: Said, words: string): string {
  const kind = kindOf(message);
  const line = words.replaceAll(/\s+/g, " ").trim();
  if (kind === undefined) return "Service message";
  if (line === "") return LABELS[kind];
  return kind === "text" || kind === "rich_message" ? line : `${LABELS[kind]}, ${line}`;
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

/** A text of at most so many letters. */
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

/** Who a message is from, as it is shown: a channel and an anonymous administrator show their chat. */
export function authorOf({ from, sender_chat: sender, chat }: Message): string {
  if (sender !== undefined) return titleOf(sender);
  return from === undefined ? titleOf(chat) : nameOf(from);
}

/** Whom a forwarded message was from. */
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

/** A number from a text, the same each time: for colours and drawn sounds. */
export function hash(text: string): number {
  let sum = 7;
  for (let i = 0; i < text.length; i += 1) sum = (Math.imul(sum, 31) + text.charCodeAt(i)) >>> 0;
  // Texts that differ in their last letter only are to differ much.
  sum = Math.imul(sum ^ (sum >>> 16), 0x45d9f3b);
  return (sum ^ (sum >>> 15)) >>> 0;
}
