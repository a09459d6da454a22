import type { Message } from "grammy/types";
import {
  type Content,
  type FileKind,
  type FileRef,
  type Post,
  type Version,
  FILE_KINDS,
  versionsOf,
} from "./content.ts";
import { detailsOf } from "./file-details.ts";

/* The files of a post: which they are, and the same post with the ids that another bot knows them by. */

/** Where a post holds a file_id, in fields of Herald's own and in those that the Bot API takes as they stand. */
const ID_FIELDS: ReadonlySet<string> = new Set(["fileId", "photoId", "coverId", "media", "photo", "cover"]);

/** Fields of a message in which a file has another name than its kind. */
const OTHER_NAMES: Readonly<Record<string, FileKind>> = { cover: "photo", voice_note: "voice" };

/** The post with the lasting ids of its files, which are found in the message that it was taken from. */
export function withFiles(post: Post, message: Message): Post {
  const known = filesOfMessage(message);
  if (known.size === 0) return post;
  const files = new Map<string, FileRef>();
  replaceIds(post, (fileId) => {
    const file = known.get(fileId);
    if (file) files.set(fileId, file);
    return fileId;
  });
  // Of all posts, only those that can have `files` hold a file_id.
  return files.size > 0 ? ({ ...post, files: [...files.values()] } as Post) : post;
}

/** The files of a message by file_id. Thumbnails, which no post holds, may be among them. */
function filesOfMessage(message: Message): Map<string, FileRef> {
  const found = new Map<string, FileRef>();
  look(message, "document");
  return found;

  function look(value: unknown, kind: FileKind): void {
    if (Array.isArray(value)) for (const one of value) look(one, kind);
    if (!isObject(value)) return;
    const { file_id: fileId, file_unique_id: uniqueId } = value;
    // Telegram gives an animation as a document, too (Bot API, Message.animation).
    const isBetter = typeof fileId === "string" && (kind !== "document" || !found.has(fileId));
    if (isBetter && typeof uniqueId === "string") {
      const details = detailsOf(value);
      found.set(fileId, { fileId, uniqueId, kind, ...(details && { details }) });
    }
    for (const [name, inner] of Object.entries(value)) look(inner, kindNamed(name) ?? kind);
  }
}

function kindNamed(name: string): FileKind | undefined {
  return OTHER_NAMES[name] ?? FILE_KINDS.find((kind) => kind === name);
}

/** The version without the lasting ids of its files. What it sends is the same. */
export function withoutFiles(version: Version): Version {
  return bare(version.kind === "album" ? { ...version, parts: version.parts.map(bare) } : version);
}

function bare<T extends object>(post: T): T {
  const { files: _, ...rest } = { files: undefined, ...post };
  // `files` may be absent from every post that has it.
  return rest as unknown as T;
}

/** The files of all versions, as far as their lasting ids are known. */
export function filesOf(content: Content): FileRef[] {
  return versionsOf(content).flatMap(({ version }) => filesOfVersion(version));
}

/** The files of one version, as far as their lasting ids are known. */
export function filesOfVersion(version: Version): FileRef[] {
  const posts = version.kind === "album" ? version.parts : [version];
  return posts.flatMap((post) => ("files" in post ? (post.files ?? []) : []));
}

/** A file as another bot has to upload it. */
export interface Parcel extends FileRef {
  /** The still of a live photo: neither can be uploaded without the other. */
  still?: FileRef;
}

/** The files of a version as another bot has to upload them: each once, the still of a live photo with its moving part. */
export function parcelsOf(version: Version): Parcel[] {
  const files = new Map(filesOfVersion(version).map((file) => [file.fileId, file]));
  const stillIds = stillsOf(version);
  const pairs = new Map(
    [...files.values()].map(({ fileId, kind }) => [
      fileId,
      kind === "live_photo" ? files.get(stillIds.get(fileId) ?? "") : undefined,
    ]),
  );
  const stills = new Set([...pairs.values()].map((still) => still?.fileId));
  return [...files.values()].flatMap((file) => {
    if (stills.has(file.fileId)) return [];
    const still = pairs.get(file.fileId);
    return [still ? { ...file, still } : file];
  });
}

/** The file_ids of the stills of live photos, by that of the moving part. */
function stillsOf(version: Version): Map<string, string> {
  const found = new Map<string, string>();
  const look = (value: unknown): void => {
    if (Array.isArray(value)) for (const one of value) look(one);
    if (!isObject(value)) return;
    const { fileId, photoId, media, photo } = value;
    const [moving, still] = [fileId ?? media, photoId ?? photo];
    if (typeof moving === "string" && typeof still === "string") found.set(moving, still);
    for (const inner of Object.values(value)) look(inner);
  };
  look(version);
  return found;
}

/** True if the version has a file whose lasting id is not known, so that no other bot can send it. */
export function hasUnknownFiles(version: Version): boolean {
  const known = new Set(filesOfVersion(version).map(({ fileId }) => fileId));
  let unknown = false;
  replaceIds(version, (fileId) => {
    unknown ||= !known.has(fileId);
    return fileId;
  });
  return unknown;
}

/**
 * The post as another bot sends it. `ownIds` has that bot's file_ids by lasting id; a file that is not in it keeps the
 * file_id that it has.
 */
export function withFileIds(content: Content, ownIds: ReadonlyMap<string, string>): Content {
  const replaced = new Map<string, string>();
  for (const { fileId, uniqueId } of filesOf(content)) {
    const own = ownIds.get(uniqueId);
    if (own !== undefined && own !== fileId) replaced.set(fileId, own);
  }
  if (replaced.size === 0) return content;
  return replaceIds(content, (fileId) => replaced.get(fileId) ?? fileId);
}

/** A copy of a value in which every file_id is replaced. */
function replaceIds<T>(value: T, replacement: (fileId: string) => string): T {
  const copy = (inner: unknown, name: string): unknown => {
    if (typeof inner === "string") return ID_FIELDS.has(name) ? replacement(inner) : inner;
    if (Array.isArray(inner)) return inner.map((one) => copy(one, name));
    if (!isObject(inner)) return inner;
    return Object.fromEntries(Object.entries(inner).map(([field, one]) => [field, copy(one, field)]));
  };
  // The copy has the same fields with values of the same types.
  return copy(value, "") as T;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
