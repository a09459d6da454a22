import type { MessageEntity } from "grammy/types";
import { type TextFields, type Version, CAPTION_LIMIT, TEXT_LIMIT, countCharacters } from "./content.ts";
import { longestLength } from "./personal.ts";
import { splitText } from "./split.ts";

/** How far a post exceeds a bot's limits; `whole` is the same post as two messages, if that suffices. */
export interface Excess {
  reason: "text-too-long" | "caption-too-long";
  /** In characters. */
  over: number;
  limit: number;
  whole: Version | null;
}

/** Null if it fits. Admins with Premium can write longer posts than a bot may send. */
export function beyondLimits(version: Version): Excess | null {
  if (version.kind === "text") {
    const over = overBy(version.text, TEXT_LIMIT);
    if (over <= 0) return null;
    return { reason: "text-too-long", over, limit: TEXT_LIMIT, whole: inTwo(version) };
  }
  const captioned = version.kind === "album" ? version.parts : "fileId" in version ? [version] : [];
  const texts = captioned.map((part) => ("caption" in part ? (part.caption ?? "") : ""));
  const excess = texts.map((text) => overBy(text, CAPTION_LIMIT)).filter((over) => over > 0);
  const [over] = excess;
  if (over === undefined) return null;
  const whole = excess.length === 1 ? captionBelow(version) : null;
  return { reason: "caption-too-long", over, limit: CAPTION_LIMIT, whole };
}

/**
 * How many characters a text exceeds a limit by. Placeholders may be longer than any name; whether long names exceed
 * the limit is up to `check`, once it is known who gets the post.
 */
export function overBy(text: string, limit: number): number {
  return Math.min(countCharacters(text), longestLength(text)) - limit;
}

/** A text as two messages; the link preview options apply to the first. */
function inTwo(version: Extract<Version, { kind: "text" }>): Version | null {
  const parts = splitText(version, TEXT_LIMIT);
  if (!parts) return null;
  const { text: _, entities: __, ...rest } = version;
  const [head, tail] = parts;
  return { ...rest, ...head, below: { ...tail, ...(version.linkPreview && WITHOUT_PREVIEW) } };
}

const WITHOUT_PREVIEW = { linkPreview: { is_disabled: true } };

/** A post with its caption, which is too long, as a message below. */
function captionBelow(version: Version): Version | null {
  if (version.kind === "album") {
    const long = version.parts.find(({ caption = "" }) => overBy(caption, CAPTION_LIMIT) > 0);
    const below = long && textOf(long);
    if (!below) return null;
    return { ...version, parts: version.parts.map((part) => (part === long ? bare(part) : part)), below };
  }
  if (!("caption" in version)) return null;
  const below = textOf(version);
  return below && { ...bare(version), below };
}

/** A caption as a text; without link previews, as in captions. */
function textOf({ caption = "", entities }: Captioned): TextFields | null {
  if (overBy(caption, TEXT_LIMIT) > 0) return null;
  return { text: caption, ...(entities && { entities }), ...WITHOUT_PREVIEW };
}

interface Captioned {
  caption?: string;
  entities?: MessageEntity[];
  captionAbove?: true;
}

function bare<T extends Captioned>(post: T): T {
  const copy = { ...post };
  delete copy.caption;
  delete copy.entities;
  delete copy.captionAbove;
  return copy;
}
