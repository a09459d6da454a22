import type { RawApi } from "grammy";
import type { LinkPreviewOptions, MessageEntity } from "grammy/types";

/**
 * A post as data: all that is needed to send it again. It is stored as JSON, so a field is absent rather than
 * undefined.
 */
export type Content = Version & {
  /** Rows of buttons under the post. */
  buttons: Button[][];
  options?: PostOptions;
  /** What people of a language get instead, by language as in `recipients`: `en`. Others get the post itself. */
  versions?: Record<string, Version>;
  /** How many ids its buttons have been given; button-ids.ts. */
  buttonIds?: number;
  /** Buttons that an edit took away, and that messages out there still show. */
  retired?: Button[];
};

/** A post with all that belongs to it in one language. */
export type Version = Post & {
  /** Rows of buttons under it. A version by language without any has those of the default one. */
  buttons?: Button[][];
  /** A second message right below: what is beyond the limits of the first, or what carries the buttons of an album. */
  below?: Below;
  /** The messages that it was taken from, in the chat of an admin with the bot. A copy or a forward needs them to stay. */
  source?: Source;
};

/** The text of the second message, and the message that it was sent in when that is not the post's own. */
export interface Below extends TextFields {
  source?: Source;
}

export interface Source {
  chatId: number;
  /** Ascending; several of an album. */
  messageIds: number[];
  /** Telegram's id of the album that it is, or is the first part of. */
  albumId?: string;
  /** Rows of buttons that go along when it is forwarded. */
  buttons?: Button[][];
}

/** How a post is sent, and what becomes of it then. What is not asked for is absent. */
export interface PostOptions {
  /** It arrives without a sound. */
  silent?: true;
  /** It can be neither forwarded nor saved. */
  protect?: true;
  /** Links show no preview, whatever the post itself says. */
  noPreview?: true;
  /** Telegram's id of the effect that plays when it arrives; people's chats only. */
  effect?: string;
  /** It is forwarded, with the name of whoever wrote it. A forward has the buttons of its source, and no personal text. */
  forward?: true;
  /** It is pinned in its chat, in place of what a campaign pinned there before. */
  pin?: true;
  /** Of a poll: each person sees its options in an order of their own. */
  shuffle?: true;
  /** Of a poll that is neither anonymous nor a quiz: people may add options to it. */
  addOptions?: true;
  /** Of a poll with a closing time: nobody sees the results before it. */
  hideResults?: true;
  /** It is deleted after so many hours, 1 to LONGEST_STAY_HOURS. */
  deleteAfterHours?: number;
}

/** A bot can delete its messages for 48 hours (Bot API, deleteMessage); an hour of them is left for doing it. */
export const LONGEST_STAY_HOURS = 47;

/** Longest text and caption that a bot may send, in characters (Bot API, sendMessage and sendPhoto). */
export const TEXT_LIMIT = 4096;
export const CAPTION_LIMIT = 1024;

/** An album has so many parts (Bot API, sendMediaGroup). */
export const MOST_PARTS = 10;

export type Post =
  | ({ kind: "text" } & TextFields)
  | AlbumPart
  | ({ kind: "animation" } & Media & Caption & Cover)
  | ({ kind: "voice" } & Media & Caption)
  | ({ kind: "video_note" | "sticker" } & Media)
  /** Photos, videos and live photos together, or documents, or audio. */
  | { kind: "album"; parts: AlbumPart[] }
  | ({ kind: "poll"; poll: PollFields } & Files)
  | { kind: "location"; location: LocationFields }
  | { kind: "venue"; venue: VenueFields }
  | { kind: "contact"; contact: ContactFields }
  /** Each recipient gets a throw of their own. */
  | { kind: "dice"; emoji: string }
  | ({ kind: "rich"; rich: RichFields } & Files)
  /** Telegram copies it from its source; `what` is the field of the message that holds it, such as `checklist`. */
  | { kind: "copy"; what: string };

/** What can stand in an album. */
export type AlbumPart =
  | ({ kind: "photo" } & Media & Caption & Cover)
  /** `fileId` is the moving part, `photoId` the still. */
  | ({ kind: "live_photo"; photoId: string } & Media & Caption & Cover)
  | ({ kind: "video"; coverId?: string; startAt?: number } & Media & Caption & Cover)
  | ({ kind: "document" | "audio" } & Media & Caption);

export interface TextFields {
  text: string;
  entities?: MessageEntity[];
  linkPreview?: LinkPreviewOptions;
}

interface Media extends Files {
  /** Telegram's id of the file, by which the bot that received it can send it for ever. Other bots have their own. */
  fileId: string;
}

interface Files {
  /** The lasting ids of all its files. Posts of older versions, and files of which Telegram did not say it, have none. */
  files?: FileRef[];
}

/** What can be looked up of a file, so that another bot can send it, too. */
export interface FileRef {
  /** As it stands in the post: the id of the bot that received it. */
  fileId: string;
  /** Telegram's `file_unique_id`, which is the same for every bot. Nothing can be sent by it. */
  uniqueId: string;
  kind: FileKind;
}

export const FILE_KINDS = [
  "photo",
  "live_photo",
  "video",
  "animation",
  "document",
  "audio",
  "voice",
  "video_note",
  "sticker",
] as const;
export type FileKind = (typeof FILE_KINDS)[number];

export interface Caption {
  caption?: string;
  entities?: MessageEntity[];
}

export interface Cover {
  /** Hidden behind the spoiler animation. */
  spoiler?: true;
  captionAbove?: true;
}

/* What the Bot API takes as it stands. */
type Payload<M extends keyof RawApi> = Parameters<RawApi[M]>[0];
export type PollFields = Pick<
  Payload<"sendPoll">,
  | "question"
  | "question_entities"
  | "options"
  | "is_anonymous"
  | "type"
  | "allows_multiple_answers"
  | "allows_revoting"
  | "members_only"
  | "country_codes"
  | "correct_option_ids"
  | "explanation"
  | "explanation_entities"
  | "explanation_media"
  | "description"
  | "description_entities"
  | "media"
  | "open_period"
>;
export type LocationFields = Pick<Payload<"sendLocation">, "latitude" | "longitude" | "horizontal_accuracy">;
export type VenueFields = Pick<
  Payload<"sendVenue">,
  | "latitude"
  | "longitude"
  | "title"
  | "address"
  | "foursquare_id"
  | "foursquare_type"
  | "google_place_id"
  | "google_place_type"
>;
export type ContactFields = Pick<
  Payload<"sendContact">,
  "phone_number" | "first_name" | "last_name" | "vcard"
>;
export type RichFields = Payload<"sendRichMessage">["rich_message"];

export type Button = ButtonFace & ButtonAction;

export interface ButtonFace {
  /** Given when the post is stored, and kept over edits; button-ids.ts. What was just typed has none. */
  id?: string;
  text: string;
  style?: ButtonStyle;
  /** Id of the custom emoji before the text. */
  icon?: string;
}

export const BUTTON_STYLES = ["success", "danger", "primary"] as const;
export type ButtonStyle = (typeof BUTTON_STYLES)[number];

/** What a tap does. Only `vote` and `answer` come back to Herald. */
export type ButtonAction =
  | { url: string }
  /** Opens a Mini App; people's chats only. */
  | { app: string }
  /** Copies a text. */
  | { copy: string }
  /** The bot's inline mode: in a chat that the person picks, or in this one. */
  | { share: string }
  | { here: string }
  /** A counter; the text is an emoji. */
  | { vote: true }
  /** Shows an alert. */
  | { answer: string };

export type ContentKind = Content["kind"];

/** The version for people of a language, and its language; null is the default one. */
export function versionFor(
  content: Content,
  language: string | null | undefined,
): { language: string | null; version: Version } {
  const version = language == null ? undefined : content.versions?.[language];
  return version ? { language: language ?? null, version } : { language: null, version: content };
}

/** The default version by itself. */
export function defaultVersionOf(content: Content): Version {
  const { options: _, versions: __, ...version } = content;
  return version;
}

/** The default version and those by language. */
export function versionsOf(content: Content): { language: string | null; version: Version }[] {
  const others = Object.entries(content.versions ?? {}).map(([language, version]) => ({ language, version }));
  return [{ language: null, version: content }, ...others];
}

/** The post with a version in the place of its own; null is the default one. Options and other versions stay. */
export function withVersion(content: Content, language: string | null, version: Version): Content {
  const { options, versions } = content;
  if (language !== null) return { ...content, versions: { ...versions, [language]: version } };
  return {
    ...version,
    buttons: version.buttons ?? content.buttons,
    ...(options && { options }),
    ...(versions && { versions }),
  };
}

/** The rows of buttons that a version shows. */
export function buttonsOf(content: Content, version: Version): Button[][] {
  return version.buttons ?? content.buttons;
}

/** Whether somebody can tap a button of the post that comes back to Herald. Forwards carry none. */
export function comesBack(content: Content): boolean {
  const rows = versionsOf(content).flatMap(({ version }) => buttonsOf(content, version));
  const own = content.options?.forward ? [] : rows.flat();
  return [...own, ...(content.retired ?? [])].some((button) => "vote" in button || "answer" in button);
}

/** How many messages a version makes in a chat; what Telegram's limits count. */
export function messagesOf({ options }: Content, version: Version): number {
  const first = version.kind === "album" ? version.parts.length : 1;
  return options?.forward ? (version.source?.messageIds.length ?? first) : first + (version.below ? 1 : 0);
}

/** The first words of a post in a list. */
const OPENING = 24;

/**
 * What cards and lists say of a post: its kind, the length of its text and the first `longest` characters of it, the
 * number of its buttons.
 */
export function summarize(
  content: Content,
  longest = OPENING,
): {
  kind: ContentKind;
  characters: number;
  buttons: number;
  /** Of an album. */
  parts: number;
  opening: string;
} {
  const text = textsOf(content).join("\n");
  const words = [...text.replace(/\s+/g, " ").trim()];
  return {
    kind: content.kind,
    opening: words.length > longest ? `${words.slice(0, longest - 1).join("")}…` : words.join(""),
    characters: countCharacters(text),
    buttons: content.buttons.flat().length,
    parts: content.kind === "album" ? content.parts.length : 0,
  };
}

/** Characters as a reader and Telegram's limits count them: an emoji is one, not two UTF-16 units. */
export function countCharacters(text: string): number {
  return [...text].length;
}

/** What there is to read in it, message by message. */
export function textsOf(version: Version): string[] {
  return [...ownTexts(version), ...(version.below ? [version.below.text] : [])];
}

function ownTexts(version: Version): string[] {
  switch (version.kind) {
    case "text":
      return [version.text];
    case "album":
      return version.parts.flatMap(({ caption }) => (caption === undefined ? [] : [caption]));
    case "poll":
      return [version.poll.question];
    case "venue":
      return [version.venue.title];
    default:
      return "caption" in version && version.caption !== undefined ? [version.caption] : [];
  }
}
