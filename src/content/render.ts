import type { RawApi } from "grammy";
import type { InlineKeyboardMarkup, Message } from "grammy/types";
import type { Content, LinkButton } from "./content.ts";

export type SendMethod =
  | "sendMessage"
  | "sendPhoto"
  | "sendVideo"
  | "sendAnimation"
  | "sendDocument"
  | "sendAudio"
  | "sendVoice"
  | "sendVideoNote"
  | "sendSticker";

/** One Bot API call as data. */
export type ApiCall = { [M in SendMethod]: { method: M; payload: Parameters<RawApi[M]>[0] } }[SendMethod];

/**
 * The call that sends `content` to a chat, or to the topic `threadId` of a forum. Preview, test send and campaign all
 * use it, so they show the same.
 */
export function render(content: Content, chatId: number, threadId: number | null = null): ApiCall {
  const to = {
    chat_id: chatId,
    ...(threadId !== null && { message_thread_id: threadId }),
    ...manner(content),
    ...replyMarkup(content.buttons),
  };
  switch (content.kind) {
    case "text":
      return {
        method: "sendMessage",
        payload: {
          ...to,
          text: content.text,
          ...(content.entities && { entities: content.entities }),
          ...(content.linkPreview && { link_preview_options: content.linkPreview }),
        },
      };
    case "photo":
      return {
        method: "sendPhoto",
        payload: { ...to, photo: content.fileId, ...caption(content), ...cover(content) },
      };
    case "video":
      return {
        method: "sendVideo",
        payload: { ...to, video: content.fileId, ...caption(content), ...cover(content) },
      };
    case "animation":
      return {
        method: "sendAnimation",
        payload: { ...to, animation: content.fileId, ...caption(content), ...cover(content) },
      };
    case "document":
      return { method: "sendDocument", payload: { ...to, document: content.fileId, ...caption(content) } };
    case "audio":
      return { method: "sendAudio", payload: { ...to, audio: content.fileId, ...caption(content) } };
    case "voice":
      return { method: "sendVoice", payload: { ...to, voice: content.fileId, ...caption(content) } };
    case "video_note":
      return { method: "sendVideoNote", payload: { ...to, video_note: content.fileId } };
    case "sticker":
      return { method: "sendSticker", payload: { ...to, sticker: content.fileId } };
  }
}

function manner({ options }: Content) {
  return {
    ...(options?.silent && { disable_notification: true }),
    ...(options?.protect && { protect_content: true }),
  };
}

function caption(content: Extract<Content, { caption?: string }>) {
  return {
    ...(content.caption !== undefined && { caption: content.caption }),
    ...(content.entities && { caption_entities: content.entities }),
  };
}

function cover(content: Extract<Content, { spoiler?: true }>) {
  return {
    ...(content.spoiler && { has_spoiler: true }),
    ...(content.captionAbove && { show_caption_above_media: true }),
  };
}

function replyMarkup(buttons: LinkButton[][]): { reply_markup?: InlineKeyboardMarkup } {
  return buttons.length > 0 ? { reply_markup: { inline_keyboard: buttons } } : {};
}

/** The part of the Bot API that sends posts. */
export type SendApi = Pick<RawApi, SendMethod>;

/** Makes the call. @throws GrammyError, HttpError */
export async function perform(api: SendApi, { method, payload }: ApiCall): Promise<Message> {
  // Method and payload belong together by ApiCall; TypeScript cannot see it through the union.
  return (api[method] as (payload: ApiCall["payload"]) => Promise<Message>)(payload);
}
