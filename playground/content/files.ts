import type {
  Animation,
  Audio,
  Document,
  LivePhoto,
  PhotoSize,
  Sticker,
  Video,
  VideoNote,
  Voice,
} from "@grammyjs/types";
import { sizeOfImage } from "./image-size.ts";

/** The kinds of messages that carry a file. */
export const MEDIA_KINDS = [
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
export type MediaKind = (typeof MEDIA_KINDS)[number];

/** What a message holds in the field of each kind. */
export interface MediaByKind {
  photo: PhotoSize[];
  /** The moving part; the still is a photo of its own. */
  live_photo: LivePhoto;
  video: Video;
  animation: Animation;
  document: Document;
  audio: Audio;
  voice: Voice;
  video_note: VideoNote;
  sticker: Sticker;
}
export type Media = MediaByKind[MediaKind];

/** What is known about a new file; the rest is filled in with plausible values. */
export interface FileFacts {
  file_name?: string;
  mime_type?: string;
  content?: Buffer | string;
  width?: number;
  height?: number;
  /** Seconds. */
  duration?: number;
  title?: string;
  performer?: string;
}

export interface StoredFile {
  id: string;
  uniqueId: string;
  kind: MediaKind;
  path: string;
  size: number;
  /** Undefined for a file that nobody uploaded: its bytes are generated on request. */
  content: Buffer | undefined;
  /** The bot that the file_id belongs to; other bots cannot use it. */
  botId: number | undefined;
  media: Media;
}

/** As at Telegram, file_ids of one kind share a prefix. */
const PREFIXES: Record<MediaKind, string> = {
  photo: "AgACAgIAAxkB",
  live_photo: "EgACAgIAAxkB",
  video: "BAACAgIAAxkB",
  animation: "CgACAgIAAxkB",
  document: "BQACAgIAAxkB",
  audio: "CQACAgIAAxkB",
  voice: "AwACAgIAAxkB",
  video_note: "DQACAgIAAxkB",
  sticker: "CAACAgIAAxkB",
};
const FOLDERS: Record<MediaKind, [folder: string, extension: string]> = {
  photo: ["photos", "jpg"],
  live_photo: ["live_photos", "mp4"],
  video: ["videos", "mp4"],
  animation: ["animations", "mp4"],
  document: ["documents", "bin"],
  audio: ["music", "mp3"],
  voice: ["voice", "oga"],
  video_note: ["video_notes", "mp4"],
  sticker: ["stickers", "webp"],
};

/** All files that people and bots have sent. */
export class FileStore {
  readonly #files = new Map<string, StoredFile>();
  readonly #paths = new Map<string, StoredFile>();
  #made = 0;

  get(fileId: string): StoredFile | undefined {
    return this.#files.get(fileId);
  }

  atPath(path: string): StoredFile | undefined {
    return this.#paths.get(path);
  }

  /** The bytes of a file. A generated file is filled with its own file_id, so that no two are equal. */
  content(file: StoredFile): Buffer {
    return file.content ?? Buffer.alloc(file.size, file.id);
  }

  /** Creates a file and returns what a message with it holds. */
  make<K extends MediaKind>(kind: K, facts: FileFacts, botId: number | undefined): MediaByKind[K] {
    const makers: { [Kind in MediaKind]: () => MediaByKind[Kind] } = {
      photo: () => this.#makePhoto(facts, botId),
      live_photo: () =>
        this.#store("live_photo", facts, botId, {
          ...frame(facts),
          duration: facts.duration ?? 3,
          mime_type: "video/mp4",
        }),
      video: () =>
        this.#store("video", facts, botId, {
          ...frame(facts),
          duration: facts.duration ?? 12,
          ...named(facts, "video/mp4"),
        }),
      animation: () =>
        this.#store("animation", facts, botId, {
          ...frame(facts),
          duration: facts.duration ?? 3,
          ...named(facts, "video/mp4"),
        }),
      document: () => this.#store("document", facts, botId, named(facts, "application/octet-stream")),
      audio: () =>
        this.#store("audio", facts, botId, {
          duration: facts.duration ?? 180,
          ...(facts.title !== undefined && { title: facts.title }),
          ...(facts.performer !== undefined && { performer: facts.performer }),
          ...named(facts, "audio/mpeg"),
        }),
      voice: () =>
        this.#store("voice", facts, botId, { duration: facts.duration ?? 4, mime_type: "audio/ogg" }),
      video_note: () =>
        this.#store("video_note", facts, botId, {
          length: facts.width ?? 384,
          duration: facts.duration ?? 5,
        }),
      sticker: () =>
        this.#store("sticker", facts, botId, {
          type: "regular",
          width: 512,
          height: 512,
          is_animated: false,
          is_video: false,
          emoji: "👍",
          set_name: "playground",
        }),
    };
    return makers[kind]();
  }

  #makePhoto(facts: FileFacts, botId: number | undefined): PhotoSize[] {
    const content = contentOf(facts);
    const given = { width: facts.width ?? 1280, height: facts.height ?? 853 };
    const { width, height } = (content && sizeOfImage(content)) ?? given;
    // Telegram keeps smaller copies of a photo. The largest comes last, and any of their ids sends the photo.
    const sizes = [90, 320, 1280]
      .map((limit) => Math.min(1, limit / Math.max(width, height)))
      .map((scale) =>
        this.#store("photo", facts, botId, {
          width: Math.max(1, Math.round(width * scale)),
          height: Math.max(1, Math.round(height * scale)),
        }),
      );
    for (const size of sizes) {
      const file = this.#files.get(size.file_id);
      if (file !== undefined) file.media = sizes;
    }
    return sizes;
  }

  #store<T extends object>(kind: MediaKind, facts: FileFacts, botId: number | undefined, rest: T) {
    this.#made += 1;
    const number = this.#made.toString(36).toUpperCase().padStart(6, "0");
    const content = contentOf(facts);
    const [folder, extension] = FOLDERS[kind];
    const ending = /\.(\w{1,8})$/.exec(facts.file_name ?? "")?.[1] ?? extension;
    const media = {
      file_id: `${PREFIXES[kind]}AAI${number}Zk9oZXJhbGQtcGxheWdyb3VuZAAB`,
      file_unique_id: `AgAD${number}AAhd`,
      ...rest,
      file_size: content?.length ?? 2048,
    };
    const file: StoredFile = {
      id: media.file_id,
      uniqueId: media.file_unique_id,
      kind,
      path: `${folder}/file_${this.#made}.${ending}`,
      size: media.file_size,
      content,
      botId,
      // The caller supplies the fields of this kind; for photos the list of sizes replaces this later.
      media,
    };
    this.#files.set(file.id, file);
    this.#paths.set(file.path, file);
    return media;
  }
}

function contentOf({ content }: FileFacts): Buffer | undefined {
  return typeof content === "string" ? Buffer.from(content) : content;
}

function frame(facts: FileFacts): { width: number; height: number } {
  return { width: facts.width ?? 1280, height: facts.height ?? 720 };
}

/** MIME types by file ending: a client that uploads bytes often sends none, and Telegram goes by the name. */
const TYPES_BY_ENDING: Record<string, string> = {
  csv: "text/csv",
  txt: "text/plain",
  json: "application/json",
  pdf: "application/pdf",
  zip: "application/zip",
  png: "image/png",
  jpg: "image/jpeg",
};

function named(facts: FileFacts, fallback: string): { file_name?: string; mime_type: string } {
  const { file_name: name, mime_type: given } = facts;
  const ending = /\.(\w+)$/.exec(name ?? "")?.[1]?.toLowerCase() ?? "";
  const known = given === "application/octet-stream" ? undefined : given;
  return {
    ...(name !== undefined && { file_name: name }),
    mime_type: known ?? TYPES_BY_ENDING[ending] ?? fallback,
  };
}
