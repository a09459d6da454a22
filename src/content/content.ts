import type { RawApi } from "grammy";
import type { LinkPreviewOptions, MessageEntity } from "grammy/types";
import type { FileDetails } from "./file-details.ts";

/**
 * A post as data: all that is needed to send it again. Stored as JSON, so fields are absent rather than undefined.
 */
export type Content = Version & {
  /** Rows of buttons under the post. */
  buttons: Button[][];
  options?: PostOptions;
  /** Versions by language, as in `recipients`: `en`. People of other languages get the post itself. */
  versions?: Record<string, Version>;
  /** How many button ids have been assigned; button-ids.ts. */
  buttonIds?: number;
  /** Buttons that an edit removed but delivered messages still show. */
  retired?: Button[];
  /**
   * Which of its words in braces are attributes, from the moment when it is confirmed: if nobody has one any longer, people get its
   * default and never the braces. Absent from drafts, and from what older versions confirmed.
   */
  attributes?: string[];
};

/** A post in one language. */
export type Version = Post & {
  /** Rows of buttons under it. A version without any uses those of the default one. */
  buttons?: Button[][];
  /** A second message right below: text beyond the limits of the first, or the buttons of an album. */
  below?: Below;
  /**
   * The messages that it was taken from, in an admin's chat with the bot. Copying and forwarding need them to exist.
   */
  source?: Source;
};

/** The text of the second message, and its source if that is not the post's own. */
export interface Below extends TextFields {
  source?: Source;
}

export interface Source {
  chatId: number;
  /** Ascending; several for an album. */
  messageIds: number[];
  /** Telegram's id of the album, or of the album whose first part it is. */
  albumId?: string;
  /** Rows of buttons that are kept when it is forwarded. */
  buttons?: Button[][];
}

/** How a post is sent, and what happens to it afterwards. Options that are off are absent. */
export interface PostOptions {
  /** It arrives without a sound. */
  silent?: true;
  /** It cannot be forwarded or saved. */
  protect?: true;
  /** No link previews, even if the post asks for them. */
  noPreview?: true;
  /** Telegram's id of the effect played on arrival; only in chats with people. */
  effect?: string;
  /** It is forwarded, with its author's name. A forward has the buttons of its source, and no personal text. */
  forward?: true;
  /** It is pinned in its chat, replacing what a campaign pinned there before. */
  pin?: true;
  /** For polls: each person sees the options in a random order. */
  shuffle?: true;
  /** For polls that are neither anonymous nor quizzes: people may add options. */
  addOptions?: true;
  /** For polls with a closing time: nobody sees the results before it. */
  hideResults?: true;
  /** It is deleted after this many hours, 1 to LONGEST_STAY_HOURS. */
  deleteAfterHours?: number;
}

/** A bot can delete its messages for 48 hours (Bot API, deleteMessage); one hour is left for doing it. */
export const LONGEST_STAY_HOURS = 47;

/** Longest text and caption that a bot may send, in characters (Bot API, sendMessage and sendPhoto). */
export const TEXT_LIMIT = 4096;
export const CAPTION_LIMIT = 1024;

/** Most parts of an album (Bot API, sendMediaGroup). */
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
  /** Telegram copies it from its source; `what` is the message field that holds it, such as `checklist`. */
  | { kind: "copy"; what: string };

/** What an album can contain. */
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
  /** Telegram's id of the file, by which the bot that received it can always send it. Other bots have their own. */
  fileId: string;
}

interface Files {
  /**
   * The lasting ids of all its files. Posts of older versions, and files of which Telegram did not say it, have none.
   */
  files?: FileRef[];
}

/** What can be looked up of a file, so that another bot can send it, too. */
export interface FileRef {
  /** As it stands in the post: the id of the bot that received it. */
  fileId: string;
  /** Telegram's `file_unique_id`, which is the same for every bot. Nothing can be sent by it. */
  uniqueId: string;
  kind: FileKind;
  /** What Telegram said of it; absent from posts of older versions. */
  details?: FileDetails;
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

/* What is passed to the Bot API unchanged. */
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
  /** Assigned when the post is stored, and kept by edits; button-ids.ts. Absent in buttons just typed. */
  id?: string;
  text: string;
  style?: ButtonStyle;
  /** Id of the custom emoji before the text. */
  icon?: string;
}

export const BUTTON_STYLES = ["success", "danger", "primary"] as const;
export type ButtonStyle = (typeof BUTTON_STYLES)[number];

/** What a tap does. Only `vote` and `answer` reach Herald. */
export type ButtonAction =
  | { url: string }
  /** Opens a Mini App; only in chats with people. */
  | { app: string }
  /** Copies a text. */
  | { copy: string }
  /** Opens the bot's inline mode, in a chat that the person picks or in this one. */
  | { share: string }
  | { here: string }
  /** A counter; the text is an emoji. */
  | { vote: true }
  /** Shows an alert. */
  | { answer: string };

export type ContentKind = Content["kind"];

/** The version for people of a language, and its language; null for the default one. */
export function versionFor(
  content: Content,
  language: string | null | undefined,
): { language: string | null; version: Version } {
  const version = language == null ? undefined : content.versions?.[language];
  return version ? { language: language ?? null, version } : { language: null, version: content };
}

/** The default version alone. */
export function defaultVersionOf(content: Content): Version {
  const { options: _, versions: __, ...version } = content;
  return version;
}

/** The default version, then those by language. */
export function versionsOf(content: Content): { language: string | null; version: Version }[] {
  const others = Object.entries(content.versions ?? {}).map(([language, version]) => ({ language, version }));
  return [{ language: null, version: content }, ...others];
}

/** Replaces one version of a post, null being the default one. Options and other versions stay. */
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

/** True if the post has buttons whose taps reach Herald. Forwards have none. */
export function hasCallbackButtons(content: Content): boolean {
  const rows = versionsOf(content).flatMap(({ version }) => buttonsOf(content, version));
  const own = content.options?.forward ? [] : rows.flat();
  return [...own, ...(content.retired ?? [])].some((button) => "vote" in button || "answer" in button);
}

/** How many messages a version makes in a chat, which is what Telegram's limits count. */
export function messagesOf({ options }: Content, version: Version): number {
  const first = version.kind === "album" ? version.parts.length : 1;
  return options?.forward ? (version.source?.messageIds.length ?? first) : first + (version.below ? 1 : 0);
}

/** The first words of a post in a list. */
const OPENING = 24;

/**
 * What cards and lists show of a post: its kind, the length and the first `longest` characters of its text, and the
 * number of its buttons.
 */
export function summarize(
  content: Content,
  longest = OPENING,
): {
  kind: ContentKind;
  characters: number;
  buttons: number;
  /** For an album. */
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

/** Counts characters as readers and Telegram's limits do: an emoji is one, not two UTF-16 units. */
export function countCharacters(text: string): number {
  return [...text].length;
}

/**
 * The first characters of a text, counted as `countCharacters` does, because Telegram refuses half an emoji. If anything was
 * cut off, `end` replaces the last character.
 */
export function cut(text: string, characters: number, end: "" | "…" = ""): string {
  const all = [...text];
  return all.length > characters ? all.slice(0, characters - end.length).join("") + end : text;
}

/** Its texts, message by message. */
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
