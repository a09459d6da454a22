import type { Message } from "grammy/types";
import { FILE_KINDS, type FileKind, type FileRef } from "./content.ts";
import { detailsOf } from "./file-details.ts";

/** The file of a message; of a live photo, its video. Null if it has none. */
export function sentFile(message: Message): FileRef | null {
  // A live photo is given as a photo, too.
  const live = sentLivePhoto(message);
  if (live) return live.moving;
  // An animation is given as a document, too, and stands before it in the list.
  for (const kind of FILE_KINDS) {
    const given = kind === "photo" ? message.photo?.at(-1) : message[kind];
    if (given) return refOf(kind, given);
  }
  return null;
}

/** The two files of a live photo. Null for other messages. */
export function sentLivePhoto({ live_photo, photo }: Message): { moving: FileRef; still: FileRef } | null {
  const still = (live_photo?.photo ?? photo)?.at(-1);
  return live_photo && still
    ? { moving: refOf("live_photo", live_photo), still: refOf("photo", still) }
    : null;
}

function refOf(kind: FileKind, given: { file_id: string; file_unique_id: string }): FileRef {
  const details = detailsOf(given);
  return {
    kind,
    fileId: given.file_id,
    uniqueId: given.file_unique_id,
    ...(details && { details }),
  };
}
