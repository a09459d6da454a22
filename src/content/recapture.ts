import { isDeepStrictEqual } from "node:util";
import type { Message } from "grammy/types";
import { type Captured, capture, goTogether, partOf } from "./capture.ts";
import {
  type Below,
  type Content,
  type Source,
  type Version,
  defaultVersionOf,
  versionsOf,
  withVersion,
} from "./content.ts";
import { beyondLimits } from "./limits.ts";
import { withoutFiles } from "./post-files.ts";

/** The result of an edit; `T` is what contains it now. */
export type Recaptured<T> =
  | { type: "edited"; edited: T }
  /** Nothing that is sent has changed; Telegram also reports changes that bots cannot see. */
  | { type: "unchanged" }
  /** The message below an album can only be a text. */
  | { type: "not-text" }
  | Refusal;

type Refusal = Exclude<Captured, { type: "captured" }>;

/** Updates a post after one of its source messages was edited. Null if no version was taken from that message. */
export function recapture(content: Content, message: Message): Recaptured<Content> | null {
  const found = versionsOf(content).find(
    ({ version }) => isFrom(version.source, message) || isFrom(version.below?.source, message),
  );
  if (!found) return null;
  const { language } = found;
  const result = recaptureVersion(language === null ? defaultVersionOf(content) : found.version, message);
  if (result.type !== "edited") return result;
  return { type: "edited", edited: withVersion(content, language, result.edited) };
}

/**
 * Updates a version after one of its messages was edited: the post itself, a part of the album, or the text below.
 * Typed buttons stay.
 */
export function recaptureVersion(version: Version, edited: Message): Recaptured<Version> {
  const taken = isFrom(version.below?.source, edited)
    ? editedBelow(version, edited)
    : version.kind === "album"
      ? editedPart(version, edited)
      : editedPost(version, edited);
  if ("type" in taken) return taken;
  // A post of an older version has no lasting ids yet, which is no difference that anyone sees.
  const isSame = isDeepStrictEqual(withoutFiles(taken), withoutFiles(version));
  return isSame ? { type: "unchanged" } : { type: "edited", edited: taken };
}

/** True if the message belongs to this source. */
export function isFrom(source: Source | undefined, { chat, message_id }: Message): boolean {
  return source?.chatId === chat.id && source.messageIds.includes(message_id);
}

function editedPost(before: Version, edited: Message): Version | Refusal {
  // A live location moves by itself; the post keeps the place where it was sent.
  if (before.kind === "location") return before;
  const captured = capture([edited]);
  if (captured.type === "captured") return inPlaceOf(before, captured.version);
  // What was accepted as two messages is still sent as two.
  if (captured.type === "too-long" && captured.whole && before.below)
    return inPlaceOf(before, captured.whole.version);
  return captured;
}

function inPlaceOf(before: Version, version: Version): Version {
  const buttons = version.buttons ?? before.buttons;
  return { ...version, ...(buttons && { buttons }), ...(before.source && { source: before.source }) };
}

function editedPart(album: Extract<Version, { kind: "album" }>, edited: Message): Version | Refusal {
  const part = partOf(edited);
  const index = album.source?.messageIds.indexOf(edited.message_id) ?? -1;
  const parts = album.parts.map((before, at) => (at === index && part ? part : before));
  if (!part || !goTogether(parts)) return { type: "refused", reason: "album" };
  const { below, ...rest } = album;
  // Without a source, the text below was the caption of a part until it grew too long.
  const wasCaption = below && !below.source && part.caption !== undefined;
  const version = { ...rest, parts, ...(below && !wasCaption && { below }) };
  const tooLong = beyondLimits(version);
  if (!tooLong) return version;
  return wasCaption && tooLong.whole ? tooLong.whole : { type: "too-long", ...tooLong, whole: null };
}

function editedBelow(version: Version, edited: Message): Version | Refusal | { type: "not-text" } {
  const captured = capture([edited]);
  if (captured.type !== "captured") return captured;
  if (captured.version.kind !== "text") return { type: "not-text" };
  return { ...version, below: belowFrom(captured.version) };
}

/** A separate text as the second message of a post. */
export function belowFrom({
  text,
  entities,
  linkPreview,
  source,
}: Extract<Version, { kind: "text" }>): Below {
  return {
    text,
    ...(entities && { entities }),
    ...(linkPreview && { linkPreview }),
    ...(source && { source: { chatId: source.chatId, messageIds: source.messageIds } }),
  };
}
