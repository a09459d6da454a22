import type { EditCall } from "../telegram/edit-call.ts";
import type { ApiCall } from "../telegram/api-call.ts";
import type { AlbumPart, Content, Post, Version } from "./content.ts";
import { versionsOf } from "./content.ts";

/*
 * Editing a post in the chats that have it. A text becomes another text, and a file another file, with its caption and its
 * buttons in the same call. Telegram cannot turn a text into a photo, and cannot edit forwards, copies, polls and the like.
 */

/** Why the copies of a post cannot become another post. */
export const EDIT_OBSTACLES = [
  /** It is forwarded: a bot cannot edit what somebody else wrote. */
  "forwarded",
  /** Telegram edits no messages of its kind: polls, dice, voice messages, stickers, copies … */
  "kind-fixed",
  /** A text cannot become a file, or the other way round; an album keeps its kinds of files. */
  "kind-changed",
  /** An album keeps its number of parts. */
  "parts",
  /** The second message below it cannot be added or removed. */
  "below",
] as const;
export type EditObstacle = (typeof EDIT_OBSTACLES)[number];

/** An obstacle, and the version in which it is; null for the default one. */
export interface FoundObstacle {
  why: EditObstacle;
  language: string | null;
}

/** What can become what: kinds of the same family. Kinds without one cannot be edited. */
const FAMILIES: Partial<Record<Post["kind"], "text" | "rich" | "file" | "album">> = {
  text: "text",
  rich: "rich",
  photo: "file",
  live_photo: "file",
  video: "file",
  animation: "file",
  document: "file",
  audio: "file",
  album: "album",
};

/**
 * The first reason why copies of `before` cannot become `after`; null if they can. A copy stays in the version that it was
 * sent in, and a removed version becomes the default one. A version that was added concerns no copy.
 */
export function editObstacle(before: Content, after: Content): FoundObstacle | null {
  for (const { version, language } of versionsOf(before)) {
    const next = (language !== null && after.versions?.[language]) || after;
    const why = before.options?.forward || after.options?.forward ? "forwarded" : obstacleIn(version, next);
    if (why) return { why, language };
  }
  return null;
}

function obstacleIn(before: Version, after: Version): EditObstacle | null {
  const family = FAMILIES[before.kind];
  if (!family) return "kind-fixed";
  if (family !== FAMILIES[after.kind]) return "kind-changed";
  if (Boolean(before.below) !== Boolean(after.below)) return "below";
  if (before.kind !== "album" || after.kind !== "album") return null;
  if (before.parts.length !== after.parts.length) return "parts";
  return albumKind(before.parts) === albumKind(after.parts) ? null : "kind-changed";
}

/** Bot API, editMessageMedia: documents stay documents, audio stays audio; photos and videos may replace each other. */
function albumKind([first]: readonly AlbumPart[]): "document" | "audio" | "visual" {
  return first?.kind === "document" || first?.kind === "audio" ? first.kind : "visual";
}

/** A copy has another number of messages than the post, or of another kind. */
export class Uneditable extends Error {
  override readonly name = "Uneditable";
}

/**
 * The calls that make the messages of a copy show what these calls would send, in order; a copy of which not everything
 * has arrived has fewer messages than the post. Files are replaced even if they are the same, because copies of an earlier
 * revision may show others; Telegram then says that nothing was modified.
 * @throws Uneditable
 */
export function editsOf(calls: readonly ApiCall[], messageIds: readonly number[]): EditCall[] {
  const edits = calls.flatMap(editsOfCall);
  if (messageIds.length > edits.length) throw new Uneditable("the copy has more messages than the post");
  return messageIds.map((id, at) => edits[at]?.(id)).filter((edit) => edit !== undefined);
}

/** One edit for each message that the call sends. */
function editsOfCall(call: ApiCall): ((messageId: number) => EditCall)[] {
  const { method, payload } = call;
  const { chat_id } = payload;
  const marked = "reply_markup" in payload && payload.reply_markup ? { reply_markup: inline(payload) } : {};
  const withMedia =
    (media: Media) =>
    (message_id: number): EditCall => ({
      method: "editMessageMedia",
      payload: { chat_id, message_id, media, ...marked },
    });
  switch (method) {
    case "sendMessage": {
      const { text, entities, link_preview_options } = payload;
      const said = {
        text,
        ...(entities && { entities }),
        ...(link_preview_options && { link_preview_options }),
      };
      return [
        (message_id) => ({ method: "editMessageText", payload: { chat_id, message_id, ...said, ...marked } }),
      ];
    }
    case "sendRichMessage": {
      const { rich_message } = payload;
      return [
        (message_id) => ({
          method: "editMessageText",
          payload: { chat_id, message_id, rich_message, ...marked },
        }),
      ];
    }
    case "sendPhoto":
      return [withMedia({ type: "photo", media: payload.photo, ...captionOf(payload), ...spoiler(payload) })];
    case "sendLivePhoto":
      return [
        withMedia({
          type: "live_photo",
          media: payload.live_photo,
          photo: payload.photo,
          ...captionOf(payload),
          ...spoiler(payload),
        }),
      ];
    case "sendVideo": {
      const { video: media, cover, start_timestamp } = payload;
      const shown = {
        ...(cover !== undefined && { cover }),
        ...(start_timestamp !== undefined && { start_timestamp }),
      };
      return [withMedia({ type: "video", media, ...shown, ...captionOf(payload), ...spoiler(payload) })];
    }
    case "sendAnimation":
      return [
        withMedia({
          type: "animation",
          media: payload.animation,
          ...captionOf(payload),
          ...spoiler(payload),
        }),
      ];
    case "sendDocument":
      return [withMedia({ type: "document", media: payload.document, ...captionOf(payload) })];
    case "sendAudio":
      return [withMedia({ type: "audio", media: payload.audio, ...captionOf(payload) })];
    case "sendMediaGroup":
      return payload.media.map((media) => withMedia(media));
    default:
      throw new Uneditable(`what ${method} sends cannot be edited`);
  }
}

type Media = Extract<EditCall, { method: "editMessageMedia" }>["payload"]["media"];
type Captioned = Pick<
  Extract<ApiCall, { method: "sendPhoto" }>["payload"],
  "caption" | "caption_entities" | "show_caption_above_media" | "has_spoiler"
>;

function captionOf({ caption, caption_entities, show_caption_above_media }: Captioned) {
  return {
    ...(caption !== undefined && { caption }),
    ...(caption_entities && { caption_entities }),
    ...(show_caption_above_media && { show_caption_above_media }),
  };
}

function spoiler({ has_spoiler }: Captioned) {
  return has_spoiler ? { has_spoiler } : {};
}

/** The keyboard under a post, which is never one of the others that the type allows. */
function inline({ reply_markup }: { reply_markup?: unknown }) {
  return reply_markup as NonNullable<EditCall["payload"]["reply_markup"]>;
}
