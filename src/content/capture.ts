import type { InlineKeyboardMarkup, Message } from "grammy/types";
import {
  type Button,
  type Content,
  type Post,
  CAPTION_LIMIT,
  TEXT_LIMIT,
  countCharacters,
} from "./content.ts";

export type Captured =
  /** `leftOut` counts the buttons that only the bot they came from could answer. */
  | { type: "captured"; content: Content; leftOut: number }
  | { type: "refused"; reason: "album" | "poll" | "unsupported" }
  | { type: "refused"; reason: "text-too-long" | "caption-too-long"; over: number; limit: number };

/** Turns a message that an admin sent or forwarded into Content, or says why it cannot be sent on. */
export function capture(message: Message): Captured {
  if (message.media_group_id !== undefined) return { type: "refused", reason: "album" };
  if (message.poll) return { type: "refused", reason: "poll" };
  const post = postOf(message);
  if (!post) return { type: "refused", reason: "unsupported" };
  // An admin with Premium can write longer ones than a bot may send.
  const [text, limit] =
    post.kind === "text" ? [post.text, TEXT_LIMIT] : [message.caption ?? "", CAPTION_LIMIT];
  const over = countCharacters(text) - limit;
  if (over > 0)
    return {
      type: "refused",
      reason: post.kind === "text" ? "text-too-long" : "caption-too-long",
      over,
      limit,
    };
  const { buttons, leftOut } = linkButtons(message.reply_markup);
  return { type: "captured", content: { ...post, buttons }, leftOut };
}

function postOf(message: Message): Post | null {
  if (message.text !== undefined)
    return {
      kind: "text",
      text: message.text,
      ...(message.entities && { entities: message.entities }),
      ...(message.link_preview_options && { linkPreview: message.link_preview_options }),
    };
  const caption = {
    ...(message.caption !== undefined && { caption: message.caption }),
    ...(message.caption_entities && { entities: message.caption_entities }),
  };
  const cover = {
    ...(message.has_media_spoiler && { spoiler: true as const }),
    ...(message.show_caption_above_media && { captionAbove: true as const }),
  };
  // Sizes come smallest first; the last is the original.
  const photo = message.photo?.at(-1);
  if (photo) return { kind: "photo", fileId: photo.file_id, ...caption, ...cover };
  if (message.video) return { kind: "video", fileId: message.video.file_id, ...caption, ...cover };
  // Before `document`: an animation carries both, for old clients.
  if (message.animation)
    return { kind: "animation", fileId: message.animation.file_id, ...caption, ...cover };
  if (message.document) return { kind: "document", fileId: message.document.file_id, ...caption };
  if (message.audio) return { kind: "audio", fileId: message.audio.file_id, ...caption };
  if (message.voice) return { kind: "voice", fileId: message.voice.file_id, ...caption };
  if (message.video_note) return { kind: "video_note", fileId: message.video_note.file_id };
  if (message.sticker) return { kind: "sticker", fileId: message.sticker.file_id };
  return null;
}

function linkButtons(markup: InlineKeyboardMarkup | undefined): { buttons: Button[][]; leftOut: number } {
  const rows = markup?.inline_keyboard ?? [];
  const buttons = rows
    .map((row) => row.flatMap((button) => ("url" in button ? [{ text: button.text, url: button.url }] : [])))
    .filter((row) => row.length > 0);
  return { buttons, leftOut: rows.flat().length - buttons.flat().length };
}
