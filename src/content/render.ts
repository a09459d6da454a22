import { isPersonId } from "../chat-id.ts";
import type { RawApi } from "grammy";
import type { InlineKeyboardMarkup } from "grammy/types";
import {
  type AlbumPart,
  type Button,
  type Content,
  type TextFields,
  type Version,
  CAPTION_LIMIT,
  TEXT_LIMIT,
  buttonsOf,
  versionFor,
} from "./content.ts";
import { type Extra, type Ticket, KEYBOARD_LIMIT, keyboardOf } from "./keyboard.ts";
import { checkFilled, personalButtons, personalRich } from "./personal-parts.ts";
import { type Formatted, type PersonFacts, Unfillable, personalize } from "./personal.ts";
import { pollSettings } from "./poll-options.ts";
import type { ApiCall } from "../telegram/api-call.ts";

/** Who gets a post. */
export interface Addressee extends Ticket, Extra {
  chatId: number;
  /** The topic of a forum. */
  threadId?: number | null;
  /** Selects the version and fills in personal text; absent for groups and channels. */
  person?: PersonFacts | null;
}

/** The parameters of all calls of a post. */
interface Wish {
  chat_id: number;
  message_thread_id?: number;
  disable_notification?: true;
  protect_content?: true;
  message_effect_id?: string;
  reply_markup?: InlineKeyboardMarkup;
}

/** Fills in what is known of a person. */
type Say = (formatted: Formatted) => Formatted;

/**
 * The one or two calls that send a post to a chat, in order. Preview, test send and campaign all use this, so they show
 * the same.
 * @throws Unfillable if the post cannot be sent to this person, because of what is known of them
 */
export function render(content: Content, to: Addressee): ApiCall[] {
  const { version: written } = versionFor(content, to.person?.language);
  const wish = wishOf(content, to);
  if (content.options?.forward) return [forward(written, wish)];
  const person = to.person ?? null;
  const version =
    written.kind === "rich" ? { ...written, rich: personalRich(written.rich, person) } : written;
  const keyboard = personalKeyboard(buttonsOf(content, version), to);
  const marked = keyboard && { reply_markup: keyboard };
  const say: Say = (formatted) => personalize(formatted, person);
  if (!version.below) return [first(content, version, { ...wish, ...marked }, say)];
  // One post makes one sound and has one effect.
  const { message_effect_id: _, ...plain } = wish;
  const below: Wish = { ...plain, disable_notification: true, ...marked };
  return [first(content, version, wish, say), message(content, version.below, below, say)];
}

/** @throws Unfillable if what was filled in makes it too long: Telegram's refusal of it would stop the post for everyone */
function personalKeyboard(rows: Button[][], to: Addressee): InlineKeyboardMarkup | undefined {
  const filled = personalButtons(rows, to.person ?? null);
  const keyboard = keyboardOf(filled, to);
  if (filled !== rows && Buffer.byteLength(JSON.stringify(keyboard)) > KEYBOARD_LIMIT)
    throw new Unfillable("The buttons of this post are too long with what is known of this person");
  return keyboard;
}

function wishOf({ options = {} }: Content, { chatId, threadId }: Addressee): Wish {
  return {
    chat_id: chatId,
    ...(threadId != null && { message_thread_id: threadId }),
    ...(options.silent && { disable_notification: true }),
    ...(options.protect && { protect_content: true }),
    // Bot API: for private chats only.
    ...(options.effect !== undefined && isPersonId(chatId) && { message_effect_id: options.effect }),
  };
}

function first(content: Content, version: Version, wish: Wish, say: Say): ApiCall {
  switch (version.kind) {
    case "text":
      return message(content, version, wish, say);
    case "photo":
      return {
        method: "sendPhoto",
        payload: { ...wish, photo: version.fileId, ...caption(version, say), ...cover(version) },
      };
    case "live_photo":
      return {
        method: "sendLivePhoto",
        payload: {
          ...wish,
          live_photo: version.fileId,
          photo: version.photoId,
          ...caption(version, say),
          ...cover(version),
        },
      };
    case "video":
      return {
        method: "sendVideo",
        payload: {
          ...wish,
          video: version.fileId,
          ...videoFields(version),
          ...caption(version, say),
          ...cover(version),
        },
      };
    case "animation":
      return {
        method: "sendAnimation",
        payload: { ...wish, animation: version.fileId, ...caption(version, say), ...cover(version) },
      };
    case "document":
      return {
        method: "sendDocument",
        payload: { ...wish, document: version.fileId, ...caption(version, say) },
      };
    case "audio":
      return { method: "sendAudio", payload: { ...wish, audio: version.fileId, ...caption(version, say) } };
    case "voice":
      return { method: "sendVoice", payload: { ...wish, voice: version.fileId, ...caption(version, say) } };
    case "video_note":
      return { method: "sendVideoNote", payload: { ...wish, video_note: version.fileId } };
    case "sticker":
      return { method: "sendSticker", payload: { ...wish, sticker: version.fileId } };
    case "album": {
      // Albums cannot have buttons; they are under the message below.
      const { reply_markup: _, ...bare } = wish;
      // Its parts came as an album, so their kinds go together.
      const media = version.parts.map((part) => albumPart(part, say)) as Parameters<
        RawApi["sendMediaGroup"]
      >[0]["media"];
      return { method: "sendMediaGroup", payload: { ...bare, media } };
    }
    case "poll":
      return {
        method: "sendPoll",
        payload: { ...wish, ...version.poll, ...pollSettings(version.poll, content.options) },
      };
    case "location":
      return { method: "sendLocation", payload: { ...wish, ...version.location } };
    case "venue":
      return { method: "sendVenue", payload: { ...wish, ...version.venue } };
    case "contact":
      return { method: "sendContact", payload: { ...wish, ...version.contact } };
    case "dice":
      return { method: "sendDice", payload: { ...wish, emoji: version.emoji } };
    case "rich":
      return { method: "sendRichMessage", payload: { ...wish, rich_message: version.rich } };
    case "copy":
      return { method: "copyMessage", payload: { ...wish, ...only(version) } };
  }
}

function message({ options }: Content, post: TextFields, wish: Wish, say: Say): ApiCall {
  const { text, entities } = say(post);
  if (text !== post.text) checkFilled(text, { limit: TEXT_LIMIT, needed: true });
  const preview = options?.noPreview ? { is_disabled: true } : post.linkPreview;
  return {
    method: "sendMessage",
    payload: {
      ...wish,
      text,
      ...(entities && { entities }),
      ...(preview && { link_preview_options: preview }),
    },
  };
}

function albumPart(part: AlbumPart, say: Say) {
  const { kind: type, fileId: media } = part;
  const mediaFields = { media, ...caption(part, say), ...cover(part) };
  switch (type) {
    case "live_photo":
      return { type, ...mediaFields, photo: part.photoId };
    case "video":
      return { type, ...mediaFields, ...videoFields(part) };
    default:
      return { type, ...mediaFields };
  }
}

/** Forwards the messages that a version was taken from. */
function forward(version: Version, wish: Wish): ApiCall {
  const { chatId, messageIds } = sourceOf(version);
  if (messageIds.length === 1) return { method: "forwardMessage", payload: { ...wish, ...only(version) } };
  const { message_effect_id: _, ...plain } = wish;
  return {
    method: "forwardMessages",
    payload: { ...plain, from_chat_id: chatId, message_ids: messageIds },
  };
}

function only(version: Version): { from_chat_id: number; message_id: number } {
  const { chatId, messageIds } = sourceOf(version);
  return { from_chat_id: chatId, message_id: messageIds[0] ?? 0 };
}

function sourceOf({ source }: Version) {
  if (!source) throw new Error("a post that is copied or forwarded has no source");
  return source;
}

function caption(post: { caption?: string; entities?: Formatted["entities"] }, say: Say) {
  if (post.caption === undefined) return {};
  const { text, entities } = say({ text: post.caption, ...(post.entities && { entities: post.entities }) });
  if (text !== post.caption) checkFilled(text, { limit: CAPTION_LIMIT, needed: false });
  return { ...(text !== "" && { caption: text }), ...(entities && { caption_entities: entities }) };
}

function cover(post: AlbumPart | { spoiler?: true; captionAbove?: true }) {
  if (!("spoiler" in post || "captionAbove" in post)) return {};
  return {
    ...(post.spoiler && { has_spoiler: true }),
    ...(post.captionAbove && { show_caption_above_media: true }),
  };
}

function videoFields({ coverId, startAt }: { coverId?: string; startAt?: number }) {
  return {
    ...(coverId !== undefined && { cover: coverId }),
    ...(startAt !== undefined && { start_timestamp: startAt }),
  };
}
