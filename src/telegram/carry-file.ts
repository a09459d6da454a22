import { Api, GrammyError, HttpError, InputFile } from "grammy";
import type { Message } from "grammy/types";
import { type Outcome, classify } from "./outcome.ts";

/** Kinds that a single file makes: a live photo takes two. */
export const CARRIED_KINDS = [
  "photo",
  "video",
  "animation",
  "document",
  "audio",
  "voice",
  "video_note",
  "sticker",
] as const;
export type CarriedKind = (typeof CARRIED_KINDS)[number];

/** The bytes of a file, from the first on, or its `file://` address on the disk of the Bot API server. */
export type FileSource = (() => AsyncIterable<Uint8Array>) | string;

/** A file to be carried to Telegram. */
export type Freight = {
  name: string;
  source: FileSource;
  /** What Telegram does not find out by itself. */
  facts?: FreightFacts;
  /** A JPEG of at most 320 pixels and 200 kB. */
  thumbnail?: FileSource;
} & ({ kind: CarriedKind } | { kind: "live_photo"; still: FileSource | { fileId: string } });

export interface FreightFacts {
  width?: number;
  height?: number;
  /** In seconds. */
  duration?: number;
  title?: string;
  performer?: string;
  /** Of a sticker. */
  emoji?: string;
}

export type Carried = Delivered | Exclude<Outcome, { type: "sent" }>;

interface Delivered {
  type: "delivered";
  /** What Telegram has made of it, which may be another kind: a video without sound is an animation. */
  message: Message;
  /** Why the message could not be deleted; null if it was. */
  undeleted: unknown;
}

/** 50 MiB on a slow line. */
const TIMEOUT_SECONDS = 600;

/** Telegram knows a file once it is in a message: sends it into a chat, silently, and deletes the message. */
export async function carryFile(
  { token, options }: Pick<Api, "token" | "options">,
  chatId: number,
  freight: Freight,
): Promise<Carried> {
  const api = new Api(token, { ...options, timeoutSeconds: TIMEOUT_SECONDS });
  try {
    const message = await send(api, chatId, freight);
    const undeleted: unknown = await api.deleteMessage(chatId, message.message_id).then(
      () => null,
      (error: unknown) => error,
    );
    return { type: "delivered", message, undeleted };
  } catch (error) {
    if (!(error instanceof GrammyError || error instanceof HttpError)) throw error;
    const outcome = classify(error);
    if (outcome.type === "sent") throw error;
    return outcome;
  }
}

function send(api: Api, chatId: number, freight: Freight): Promise<Message> {
  const { kind, name, source, facts: { width, height, duration, title, performer, emoji } = {} } = freight;
  const file = inputOf(source, name);
  const silent = { disable_notification: true };
  const thumbnail = freight.thumbnail && inputOf(freight.thumbnail, "thumbnail.jpg");
  // A thumbnail can only be uploaded; an address on the server's disk is an upload, too, and a string.
  const shown = { ...silent, ...(thumbnail && { thumbnail: thumbnail as InputFile }) };
  const frame = {
    ...(width !== undefined && { width }),
    ...(height !== undefined && { height }),
    ...(duration !== undefined && { duration }),
  };
  switch (kind) {
    case "photo":
      return api.sendPhoto(chatId, file, silent);
    case "live_photo": {
      const { still } = freight;
      const photo = typeof still === "object" ? still.fileId : inputOf(still, "photo.jpg");
      return api.sendLivePhoto(chatId, file, photo, silent);
    }
    case "video":
      // A video that Telegram has given out can be streamed; of others it is not known.
      return api.sendVideo(chatId, file, {
        ...shown,
        ...frame,
        ...(freight.facts && { supports_streaming: true }),
      });
    case "animation":
      return api.sendAnimation(chatId, file, { ...shown, ...frame });
    case "document":
      return api.sendDocument(chatId, file, { ...shown, disable_content_type_detection: true });
    case "audio":
      return api.sendAudio(chatId, file, {
        ...shown,
        ...(duration !== undefined && { duration }),
        ...(title !== undefined && { title }),
        ...(performer !== undefined && { performer }),
      });
    case "voice":
      return api.sendVoice(chatId, file, { ...silent, ...(duration !== undefined && { duration }) });
    case "video_note":
      return api.sendVideoNote(chatId, file, {
        ...shown,
        ...(width !== undefined && { length: width }),
        ...(duration !== undefined && { duration }),
      });
    case "sticker":
      return api.sendSticker(chatId, file, { ...silent, ...(emoji !== undefined && { emoji }) });
  }
}

function inputOf(source: FileSource, name: string): InputFile | string {
  return typeof source === "string" ? source : new InputFile(source, name);
}
