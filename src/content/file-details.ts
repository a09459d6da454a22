import { type Shape, number, object, optional, text } from "../stored-json.ts";

/**
 * What Telegram says of a file. Another bot that uploads it has to say it again: a video without its size is shown as a
 * square, a document without its name is called "file".
 */
export interface FileDetails {
  /** In bytes. */
  size?: number;
  name?: string;
  mimeType?: string;
  width?: number;
  height?: number;
  /** In seconds. */
  duration?: number;
  title?: string;
  performer?: string;
  /** Of a sticker. */
  emoji?: string;
  /** The file_id of its thumbnail, for the bot that received it. */
  thumbnailId?: string;
}

export const fileDetails: Shape<FileDetails> = object<FileDetails>({
  size: optional(number),
  name: optional(text),
  mimeType: optional(text),
  width: optional(number),
  height: optional(number),
  duration: optional(number),
  title: optional(text),
  performer: optional(text),
  emoji: optional(text),
  thumbnailId: optional(text),
});

/** The details in a file of a received message, such as `message.video`. Undefined if Telegram says nothing of it. */
export function detailsOf(file: object): FileDetails | undefined {
  const given = file as Readonly<Record<string, unknown>>;
  const thumbnail = given["thumbnail"];
  const found: Record<keyof FileDetails, unknown> = {
    size: given["file_size"],
    name: given["file_name"],
    mimeType: given["mime_type"] ?? stickerType(given),
    width: given["width"] ?? given["length"], // a video note is a square
    height: given["height"] ?? given["length"],
    duration: given["duration"],
    title: given["title"],
    performer: given["performer"],
    emoji: given["emoji"],
    thumbnailId:
      typeof thumbnail === "object" && thumbnail !== null && "file_id" in thumbnail
        ? thumbnail.file_id
        : undefined,
  };
  const said = Object.entries(found).filter(([, value]) => value !== undefined);
  if (said.length === 0) return undefined;
  const details: unknown = Object.fromEntries(said);
  return readDetails(details);
}

/** Telegram tells a sticker's format by two flags. Undefined for what is no sticker. */
function stickerType({ is_animated, is_video }: Readonly<Record<string, unknown>>): string | undefined {
  if (is_animated === true) return "application/x-tgsticker";
  if (is_video === true) return "video/webm";
  return is_animated === false ? "image/webp" : undefined;
}

/** What is stored of a file; undefined for nothing, and for what another version of Herald stored in another form. */
export function readDetails(stored: unknown): FileDetails | undefined {
  if (stored == null || fileDetails.faultIn(stored) !== null) return undefined;
  return stored;
}
