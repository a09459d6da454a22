import type { Message } from "@grammyjs/types";
import type { Media, MediaKind } from "./files.ts";

/** What a message holds besides its id, sender, chat and date. */
export type MessageBody = Omit<Message, "message_id" | "from" | "sender_chat" | "chat" | "date">;

/**
 * The fields of a message with this media. For backward compatibility an animation is also a document, and a live photo
 * also a photo (Bot API, "Message").
 */
export function mediaFields(kind: MediaKind, media: Media): MessageBody {
  const body: Partial<Record<string, unknown>> = { [kind]: media };
  if (kind === "animation") body["document"] = media;
  if (kind === "live_photo" && "photo" in media) body["photo"] = media.photo;
  return body;
}
