import type { MessageBody } from "./message-body.ts";

/**
 * What Telegram silently makes of a message by a bot that may not use custom emoji: they are removed from texts and
 * buttons (Bot API, "MessageEntity"). The plain emoji in the text stay.
 */
export function withoutCustomEmoji(body: MessageBody): MessageBody {
  const { reply_to_message: replied, ...rest } = body;
  // `plain` keeps the shape of its argument.
  return { ...(plain(rest) as MessageBody), ...(replied && { reply_to_message: replied }) };
}

function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.filter((item) => !isEmojiEntity(item)).map(plain);
  if (typeof value !== "object" || value === null) return value;
  // In a rich message a custom emoji is a piece of text.
  if ("alternative_text" in value && "custom_emoji_id" in value) return value.alternative_text;
  const kept = Object.entries(value)
    .filter(([name]) => name !== "icon_custom_emoji_id")
    .map(([name, field]): [string, unknown] => [name, plain(field)])
    .filter(([name, field]) => !(name.endsWith("entities") && Array.isArray(field) && field.length === 0));
  return Object.fromEntries(kept);
}

function isEmojiEntity(value: unknown): boolean {
  return typeof value === "object" && value !== null && "custom_emoji_id" in value && "offset" in value;
}
