import type { LinkPreviewOptions, MessageEntity } from "grammy/types";

/**
 * A post as data: all that is needed to send it again, and nothing of the message it came from.
 * It is stored as JSON, so a field is absent rather than undefined.
 */
export type Content = Post & {
  /** Rows of buttons under the post. */
  buttons: LinkButton[][];
  options?: PostOptions;
};

/** How a post is sent, and what becomes of it then. What is not asked for is absent. */
export interface PostOptions {
  /** It arrives without a sound. */
  silent?: true;
  /** It can be neither forwarded nor saved. */
  protect?: true;
  /** It is pinned in its chat, in place of what a campaign pinned there before. */
  pin?: true;
  /** It is deleted after so many hours, 1 to LONGEST_STAY_HOURS. */
  deleteAfterHours?: number;
}

/** A bot can delete its messages for 48 hours (Bot API, deleteMessage); an hour of them is left for doing it. */
export const LONGEST_STAY_HOURS = 47;

export type Post =
  | { kind: "text"; text: string; entities?: MessageEntity[]; linkPreview?: LinkPreviewOptions }
  | ({ kind: "photo" | "video" | "animation" } & Media & Caption & Cover)
  | ({ kind: "document" | "audio" | "voice" } & Media & Caption)
  | ({ kind: "video_note" | "sticker" } & Media);

interface Media {
  /** Telegram's id of the file; it is this bot's own and good for ever. */
  fileId: string;
}

interface Caption {
  caption?: string;
  entities?: MessageEntity[];
}

interface Cover {
  /** Hidden behind the spoiler animation. */
  spoiler?: true;
  captionAbove?: true;
}

export interface LinkButton {
  text: string;
  url: string;
}

export type ContentKind = Content["kind"];

/** The first words of a post in a list. */
const OPENING = 24;

/** What cards and lists say of a post: its kind, the length and the opening of its text, the number of its buttons. */
export function summarize(content: Content): {
  kind: ContentKind;
  characters: number;
  buttons: number;
  opening: string;
} {
  const words = [...textOf(content).replace(/\s+/g, " ").trim()];
  return {
    kind: content.kind,
    opening: words.length > OPENING ? `${words.slice(0, OPENING - 1).join("")}…` : words.join(""),
    characters: countCharacters(textOf(content)),
    buttons: content.buttons.flat().length,
  };
}

/** Characters as a reader and Telegram's limits count them: an emoji is one, not two UTF-16 units. */
export function countCharacters(text: string): number {
  return [...text].length;
}

function textOf(content: Content): string {
  if (content.kind === "text") return content.text;
  return "caption" in content ? (content.caption ?? "") : "";
}
