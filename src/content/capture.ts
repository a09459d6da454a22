import type { InlineKeyboardButton, Message } from "grammy/types";
import {
  type AlbumPart,
  type Button,
  type Content,
  type Post,
  type Version,
  CAPTION_LIMIT,
  MOST_PARTS,
} from "./content.ts";
import { type RefusedReason, POST_KINDS, kindOf, unknownKindOf } from "./post-kinds.ts";
import { type Excess, beyondLimits, overBy } from "./limits.ts";
import { pollFields } from "./poll.ts";
import { withFiles } from "./post-files.ts";
import { richFields } from "./rich.ts";

export { POST_KINDS } from "./post-kinds.ts";

export type Captured =
  | {
      type: "captured";
      version: Version;
      /** Telegram's id of the message's effect. */
      effect?: string;
      /** How many buttons were left out because only the bot they came from could answer them. */
      leftOut: number;
      notes: CaptureNote[];
      /** It was forwarded. */
      forwarded?: true;
    }
  /** Too long for a bot; `whole` is the same post as two messages, if that suffices. */
  | ({ type: "too-long"; whole: Extract<Captured, { type: "captured" }> | null } & Omit<Excess, "whole">)
  | { type: "refused"; reason: RefusedReason };

/** What an admin should know about a post that is not sent quite as received. */
export type CaptureNote =
  /** It is sent as a fixed location. */
  | "live-location"
  /** It is sent open. */
  | "closed-poll"
  /** It had a close date; it is sent without one. */
  | "close-date";

/** The result of one message, before its limits are checked. */
type Taken = { post: Post; leftOut: number; notes: CaptureNote[] } | RefusedReason;

/**
 * Turns what an admin sent or forwarded, one message or the parts of an album, into a post, or says why it cannot be
 * sent.
 */
export function capture(messages: readonly Message[]): Captured {
  const sorted = messages.toSorted((a, b) => a.message_id - b.message_id);
  const [first] = sorted;
  if (!first) return { type: "refused", reason: "unsupported" };
  const taken = sorted.length === 1 ? postOf(first) : albumOf(sorted);
  if (typeof taken === "string") return { type: "refused", reason: taken };
  const { buttons, leftOut } = buttonsIn(sorted);
  // Telegram forwards a whole keyboard or none of it (TDLib, `InlineKeyboardButton::clone`).
  const goAlong = buttons.length > 0 && leftOut === 0;
  const effect = sorted.find(({ effect_id }) => effect_id !== undefined)?.effect_id;
  const version: Version = {
    ...taken.post,
    ...(buttons.length > 0 && { buttons }),
    source: {
      chatId: first.chat.id,
      messageIds: sorted.map(({ message_id }) => message_id),
      ...(first.media_group_id !== undefined && { albumId: first.media_group_id }),
      ...(goAlong && { buttons }),
    },
  };
  const captured = (version: Version): Extract<Captured, { type: "captured" }> => ({
    type: "captured",
    version,
    ...(effect !== undefined && { effect }),
    leftOut: taken.leftOut + leftOut,
    notes: taken.notes,
    ...(first.forward_origin && { forwarded: true }),
  });
  const tooLong = beyondLimits(version);
  if (!tooLong) return captured(version);
  return { type: "too-long", ...tooLong, whole: tooLong.whole && captured(tooLong.whole) };
}

/**
 * Adds parts that came after the rest of their album. Parts that it already has change nothing; null if they do not
 * fit: another album or chat, kinds that do not go together, too many parts, or too long a caption.
 */
export function joinAlbum(version: Version, messages: readonly Message[]): Version | null {
  const { source } = version;
  const there = partsOf(version);
  if (source?.albumId === undefined || !there) return null;
  const { albumId, chatId } = source;
  if (messages.some(({ media_group_id, chat }) => media_group_id !== albumId || chat.id !== chatId))
    return null;
  const late = new Map(messages.map((message) => [message.message_id, message]));
  for (const id of source.messageIds) late.delete(id);
  if (late.size === 0) return version;
  const parts = new Map(there.map((part, index) => [source.messageIds[index] ?? 0, part]));
  for (const [id, message] of late) {
    const part = partOf(message);
    if (!part || overBy(part.caption ?? "", CAPTION_LIMIT) > 0) return null;
    parts.set(id, part);
  }
  const sorted = [...parts].toSorted(([a], [b]) => a - b);
  const joined = sorted.map(([, part]) => part);
  if (!goTogether(joined)) return null;
  return {
    kind: "album",
    parts: joined,
    ...(version.buttons && { buttons: version.buttons }),
    ...(version.below && { below: version.below }),
    source: { ...source, messageIds: sorted.map(([id]) => id) },
  };
}

/** The parts of an album, or of a message that is the first part of one. */
function partsOf(version: Version & Omit<Partial<Content>, keyof Version>): AlbumPart[] | null {
  switch (version.kind) {
    case "album":
      return version.parts;
    case "photo":
    case "live_photo":
    case "video":
    case "document":
    case "audio": {
      const { buttons: _, below: __, source: ___, options: ____, versions: _____, ...part } = version;
      return [part];
    }
    default:
      return null;
  }
}

function albumOf(messages: Message[]): Taken {
  const parts = messages.flatMap((message) => partOf(message) ?? []);
  if (parts.length < messages.length || !goTogether(parts)) return "album";
  return { post: { kind: "album", parts }, leftOut: 0, notes: [] };
}

export function partOf(message: Message): AlbumPart | null {
  const taken = postOf(message);
  if (typeof taken === "string") return null;
  const { post } = taken;
  switch (post.kind) {
    case "photo":
    case "live_photo":
    case "video":
    case "document":
    case "audio":
      return post;
    default:
      return null;
  }
}

/** Bot API, sendMediaGroup: documents and audio only with their own kind. */
export function goTogether(parts: AlbumPart[]): boolean {
  const families = new Set(
    parts.map(({ kind }) => (kind === "document" || kind === "audio" ? kind : "visual")),
  );
  return families.size === 1 && parts.length <= MOST_PARTS;
}

function postOf(message: Message): Taken {
  const taken = bareOf(message);
  return typeof taken === "string" ? taken : { ...taken, post: withFiles(taken.post, message) };
}

/** Without the lasting ids of its files. */
function bareOf(message: Message): Taken {
  const kind = kindOf(message);
  if (kind === undefined) {
    const what = unknownKindOf(message);
    return what === undefined ? "unsupported" : copied(message, what);
  }
  const treatment = POST_KINDS[kind];
  if (treatment === "copied") return copied(message, kind);
  if (treatment !== "sent") return treatment;
  if (kind === "poll") return pollOf(message);
  const rich = message.rich_message && richFields(message.rich_message);
  if (rich) return { post: { kind: "rich", rich: rich.rich }, leftOut: rich.leftOut, notes: [] };
  const post = mediaOf(message) ?? plainOf(message);
  if (!post) return copied(message, kind);
  const alive = post.kind === "location" && message.location?.live_period !== undefined;
  return { post, leftOut: 0, notes: alive ? ["live-location"] : [] };
}

function copied(message: Message, what: string): Taken {
  if (message.has_protected_content) return "protected";
  return { post: { kind: "copy", what }, leftOut: 0, notes: [] };
}

function pollOf({ poll }: Message): Taken {
  if (!poll) return "unsupported";
  if (poll.type === "quiz" && !poll.correct_option_ids?.length) return "quiz-answer-unknown";
  const notes: CaptureNote[] = [];
  if (poll.is_closed) notes.push("closed-poll");
  if (poll.close_date !== undefined && poll.open_period === undefined) notes.push("close-date");
  return { post: { kind: "poll", poll: pollFields(poll) }, leftOut: 0, notes };
}

/** Posts with files. */
function mediaOf(message: Message): Post | null {
  const caption = {
    ...(message.caption !== undefined && { caption: message.caption }),
    ...(message.caption_entities && { entities: message.caption_entities }),
  };
  const cover = {
    ...(message.has_media_spoiler && { spoiler: true as const }),
    ...(message.show_caption_above_media && { captionAbove: true as const }),
  };
  const { live_photo, video } = message;
  // Sizes come smallest first; the last is the original.
  const photoId = (live_photo?.photo ?? message.photo)?.at(-1)?.file_id;
  if (live_photo)
    return photoId === undefined
      ? null
      : { kind: "live_photo", fileId: live_photo.file_id, photoId, ...caption, ...cover };
  if (photoId !== undefined) return { kind: "photo", fileId: photoId, ...caption, ...cover };
  if (video) {
    const coverId = video.cover?.at(-1)?.file_id;
    const videoFields = {
      ...(coverId !== undefined && { coverId }),
      ...(video.start_timestamp !== undefined && { startAt: video.start_timestamp }),
    };
    return { kind: "video", fileId: video.file_id, ...videoFields, ...caption, ...cover };
  }
  if (message.animation)
    return { kind: "animation", fileId: message.animation.file_id, ...caption, ...cover };
  if (message.document) return { kind: "document", fileId: message.document.file_id, ...caption };
  if (message.audio) return { kind: "audio", fileId: message.audio.file_id, ...caption };
  if (message.voice) return { kind: "voice", fileId: message.voice.file_id, ...caption };
  if (message.video_note) return { kind: "video_note", fileId: message.video_note.file_id };
  if (message.sticker) return { kind: "sticker", fileId: message.sticker.file_id };
  return null;
}

/** Posts without files. */
function plainOf(message: Message): Post | null {
  if (message.text !== undefined)
    return {
      kind: "text",
      text: message.text,
      ...(message.entities && { entities: message.entities }),
      ...(message.link_preview_options && { linkPreview: message.link_preview_options }),
    };
  if (message.venue) {
    const { location, ...venue } = message.venue;
    const { latitude, longitude } = location;
    return { kind: "venue", venue: { latitude, longitude, ...venue } };
  }
  if (message.location) {
    const { latitude, longitude, horizontal_accuracy } = message.location;
    const accuracy = horizontal_accuracy === undefined ? {} : { horizontal_accuracy };
    return { kind: "location", location: { latitude, longitude, ...accuracy } };
  }
  if (message.contact) {
    const { user_id: _, ...contact } = message.contact;
    return { kind: "contact", contact };
  }
  return message.dice ? { kind: "dice", emoji: message.dice.emoji } : null;
}

function buttonsIn(messages: Message[]): { buttons: Button[][]; leftOut: number } {
  const rows = messages.flatMap(({ reply_markup }) => reply_markup?.inline_keyboard ?? []);
  const buttons = rows.map((row) => row.flatMap((button) => buttonOf(button) ?? []));
  return {
    buttons: buttons.filter((row) => row.length > 0),
    leftOut: rows.flat().length - buttons.flat().length,
  };
}

/** Links and copy-text buttons work under any bot's post. */
function buttonOf(button: InlineKeyboardButton): Button | null {
  const { text, style, icon_custom_emoji_id: icon } = button;
  const face = { text, ...(style && { style }), ...(icon !== undefined && { icon }) };
  if ("url" in button) return { ...face, url: button.url };
  return "copy_text" in button ? { ...face, copy: button.copy_text.text } : null;
}
