import type { InlineKeyboardMarkup, Message, MessageOrigin } from "@grammyjs/types";
import { CONTENT_KINDS } from "./kinds.ts";
import type { MessageBody } from "./message-body.ts";

/** Content that can be forwarded but not copied. A message with neither is a service message. */
const ONLY_FORWARDED = ["paid_media", "giveaway", "giveaway_winners", "invoice", "game", "story"] as const;
const DRESS = [
  "entities",
  "caption",
  "caption_entities",
  "has_media_spoiler",
  "show_caption_above_media",
  "link_preview_options",
] as const;

/** What a copy of a message holds. Undefined for a protected message and for kinds that cannot be copied. */
export function copyable(message: Message): MessageBody | undefined {
  return contentOf(message, CONTENT_KINDS);
}

/**
 * The content of a message without its buttons, sender and album. Undefined if it is protected or of none of these
 * kinds.
 */
function contentOf(message: Message, kinds: readonly (keyof Message)[]): MessageBody | undefined {
  if (message.has_protected_content === true || !kinds.some((field) => message[field] !== undefined))
    return undefined;
  const body: Partial<Record<string, unknown>> = {};
  for (const field of [...kinds, ...DRESS]) if (message[field] !== undefined) body[field] = message[field];
  return body;
}

/** What a message holds once a bot or a person has forwarded it. Undefined if it cannot be forwarded. */
export function forwarded(message: Message): MessageBody | undefined {
  const body = contentOf(message, [...CONTENT_KINDS, ...ONLY_FORWARDED]);
  const keyboard = message.reply_markup;
  return (
    body && {
      ...body,
      ...(keyboard && isForwarded(keyboard) && { reply_markup: keyboard }),
      forward_origin: message.forward_origin ?? originOf(message),
    }
  );
}

/** The keyboard survives only if all its buttons work without the bot (TDLib, `InlineKeyboardButton::clone`). */
function isForwarded({ inline_keyboard: rows }: InlineKeyboardMarkup): boolean {
  return rows.flat().every((button) => "url" in button || "login_url" in button || "copy_text" in button);
}

function originOf(message: Message): MessageOrigin {
  const { date, chat, from } = message;
  if (chat.type === "channel" || from === undefined) {
    return {
      type: "channel",
      chat: chat as Extract<MessageOrigin, { type: "channel" }>["chat"],
      message_id: message.message_id,
      date,
    };
  }
  return { type: "user", sender_user: from, date };
}
