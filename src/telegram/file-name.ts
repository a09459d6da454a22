import type { CarriedKind } from "./carry-file.ts";

type NamedKind = CarriedKind | "live_photo";

/** What a nameless file of each kind is called: Telegram goes by the ending. */
const USUAL: Record<NamedKind, string> = {
  photo: "photo.jpg",
  live_photo: "live.mp4",
  video: "video.mp4",
  animation: "animation.mp4",
  document: "file.bin",
  audio: "audio.mp3",
  voice: "voice.ogg",
  video_note: "video.mp4",
  sticker: "sticker.webp",
};

const ENDINGS: Readonly<Record<string, string>> = {
  "application/pdf": "pdf",
  "application/zip": "zip",
  "text/csv": "csv",
  "text/plain": "txt",
  "image/gif": "gif",
  "image/jpeg": "jpg",
  "image/png": "png",
  "image/webp": "webp",
  "video/mp4": "mp4",
  "video/webm": "webm",
  "audio/mp4": "m4a",
  "audio/mpeg": "mp3",
  "audio/ogg": "ogg",
  "application/x-tgsticker": "tgs",
};

/** The name that Telegram gets: the given one or, without it, one that fits. */
export function fileNameFor(kind: NamedKind, name: string | null, contentType: string): string {
  const given = name?.replaceAll(/[/\\\p{Cc}]/gu, "").slice(-200);
  if (given) return given;
  const ending = ENDINGS[contentType];
  return ending ? USUAL[kind].replace(/[^.]+$/, ending) : USUAL[kind];
}
