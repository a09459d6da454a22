import type { Message } from "grammy/types";
import { FILE_KINDS, type FileRef } from "./content.ts";

/** The file of a message, and what Telegram says of it. */
export interface SentFile extends FileRef {
  /** In bytes. */
  size?: number;
  width?: number;
  height?: number;
  /** In seconds. */
  duration?: number;
}

/** Null if the message has no file. */
export function sentFile(message: Message): SentFile | null {
  // An animation is given as a document, too, and stands before it in the list.
  for (const kind of FILE_KINDS) {
    const given = kind === "photo" ? message.photo?.at(-1) : message[kind];
    if (!given) continue;
    const { file_id: fileId, file_unique_id: uniqueId, file_size: size } = given;
    const edge = "length" in given ? given.length : undefined; // a video note is a square
    const width = "width" in given ? given.width : edge;
    const height = "height" in given ? given.height : edge;
    const duration = "duration" in given ? given.duration : undefined;
    return {
      kind,
      fileId,
      uniqueId,
      ...(size !== undefined && { size }),
      ...(width !== undefined && { width }),
      ...(height !== undefined && { height }),
      ...(duration !== undefined && { duration }),
    };
  }
  return null;
}
