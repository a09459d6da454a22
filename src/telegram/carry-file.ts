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

/** A file to be carried to Telegram. */
export interface Freight {
  kind: CarriedKind;
  name: string;
  /** Its bytes, from the first on. */
  open: () => AsyncIterable<Uint8Array>;
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
  { kind, name, open }: Freight,
): Promise<Carried> {
  const api = new Api(token, { ...options, timeoutSeconds: TIMEOUT_SECONDS });
  try {
    const message = await send(api, kind, chatId, new InputFile(open, name));
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

function send(api: Api, kind: CarriedKind, chatId: number, file: InputFile): Promise<Message> {
  const silent = { disable_notification: true };
  switch (kind) {
    case "photo":
      return api.sendPhoto(chatId, file, silent);
    case "video":
      return api.sendVideo(chatId, file, silent);
    case "animation":
      return api.sendAnimation(chatId, file, silent);
    case "document":
      return api.sendDocument(chatId, file, { ...silent, disable_content_type_detection: true });
    case "audio":
      return api.sendAudio(chatId, file, silent);
    case "voice":
      return api.sendVoice(chatId, file, silent);
    case "video_note":
      return api.sendVideoNote(chatId, file, silent);
    case "sticker":
      return api.sendSticker(chatId, file, silent);
  }
}
