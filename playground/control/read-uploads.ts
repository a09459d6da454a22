import { type FileFacts, type MediaKind } from "../content/files.ts";
import { parseMultipart } from "../wire/multipart.ts";
import { isRecord, type Upload } from "../wire/params.ts";
import { isFileGiven, type PostFields } from "../people/post.ts";
import type { Body } from "./read-body.ts";

/** Bot API, "Sending files", in bytes. A larger photo must be sent as a file. */
const MOST = { photo: 10 * 1024 * 1024, file: 50 * 1024 * 1024 };

/** Bot API, "sendMediaGroup". */
const MOST_IN_ALBUM = 10;
const ALBUMS: readonly (readonly MediaKind[])[] = [["photo", "video"], ["document"], ["audio"]];

/** How Telegram's apps send a file by its type. Everything else is a document. */
const KINDS: readonly [type: RegExp, kind: MediaKind][] = [
  [/^image\/(?:jpeg|png|webp)$/, "photo"],
  [/^image\/gif$/, "animation"],
  [/^video\//, "video"],
  [/^audio\/(?:mpeg|mp3|mp4|x-m4a|aac|flac)$/, "audio"],
];

/** Parses a form: its field "message" is JSON, its files become `files`. */
export function readForm(type: string, body: Buffer): Body {
  const { values, uploads } = parseMultipart({}, type, body);
  let message: unknown;
  try {
    message = JSON.parse(String(values["message"]));
  } catch {
    message = undefined;
  }
  if (!isRecord(message)) throw new TypeError(`"message" is JSON like {"from": 1}.`);
  return { ...message, files: [...uploads.values()] };
}

/**
 * Turns uploaded files into posts, the first with the caption. Files that may share an album become one. `facts`
 * holds what a file's bytes do not tell: {"width", "height", "duration"}. With `"as": "file"` all are documents.
 */
export function readUploads({ files, facts, as }: Body, caption: PostFields): PostFields[][] {
  // Only forms can hold uploads; JSON cannot hold a Buffer.
  const uploads = Array.isArray(files) ? (files as unknown[]).filter(isUpload) : [];
  if (uploads.length === 0) throw new TypeError("Choose a file to send: a form carries it.");
  if (uploads.length > MOST_IN_ALBUM) throw new Error(`Telegram takes ${MOST_IN_ALBUM} files at a time.`);
  const known = Array.isArray(facts) ? (facts as unknown[]) : [];
  const kinds = uploads.map((upload) => (as === "file" ? "document" : kindOf(upload)));
  const parts = uploads.map((upload, index): PostFields => {
    const kind = kinds[index] ?? "document";
    return { [kind]: fileOf(upload, kind, known[index]), ...(index === 0 && caption) };
  });
  const isAlbum = parts.length > 1 && ALBUMS.some((album) => kinds.every((kind) => album.includes(kind)));
  return isAlbum ? [parts] : parts.map((part) => [part]);
}

function isUpload(value: unknown): value is Upload {
  return isRecord(value) && Buffer.isBuffer(value["content"]);
}

function kindOf({ mime }: Upload): MediaKind {
  return KINDS.find(([type]) => type.test(mime))?.[1] ?? "document";
}

function fileOf({ name, mime, content }: Upload, kind: MediaKind, facts: unknown): FileFacts {
  if (content.length === 0) throw new Error(`${name} is empty, and Telegram takes no empty files.`);
  const most = kind === "photo" ? MOST.photo : MOST.file;
  if (content.length > most)
    throw new Error(
      kind === "photo"
        ? `${name} is too large: a photo has at most 10 MB. Send it as a file.`
        : `${name} is too large: bots take files of at most 50 MB.`,
    );
  const { width, height, duration } = isRecord(facts) && isFileGiven(facts) ? (facts as FileFacts) : {};
  return {
    content,
    ...(kind !== "photo" && { file_name: name }),
    ...(mime !== "" && { mime_type: mime }),
    ...(width !== undefined && { width }),
    ...(height !== undefined && { height }),
    ...(duration !== undefined && { duration: Math.round(duration) }),
  };
}
