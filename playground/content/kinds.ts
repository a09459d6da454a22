import type { Message } from "@grammyjs/types";

/**
 * What a message can hold, and a bot can copy (Bot API, "copyMessage"). A live photo comes with a photo, and a venue with a
 * location, so the more telling of the two stands first.
 */
export const CONTENT_KINDS = [
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

/** "text", "photo", "poll" …; "service" for a service message. */
export function kindOf(message: Partial<Message>): string {
  return CONTENT_KINDS.find((kind) => message[kind] !== undefined) ?? "service";
}

/** A message's text or caption, or its kind in angle brackets. */
export function words(message: Message): string {
  return message.text ?? message.caption ?? message.poll?.question ?? `<${kindOf(message)}>`;
}
