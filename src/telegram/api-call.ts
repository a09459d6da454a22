import { GrammyError, type RawApi } from "grammy";
import type { Message, MessageId } from "grammy/types";
import { type RefusalClass, classify } from "./outcome.ts";

/** Bot API methods that send posts. */
export type SendMethod =
  | "sendMessage"
  | "sendPhoto"
  | "sendLivePhoto"
  | "sendVideo"
  | "sendAnimation"
  | "sendDocument"
  | "sendAudio"
  | "sendVoice"
  | "sendVideoNote"
  | "sendSticker"
  | "sendMediaGroup"
  | "sendPoll"
  | "sendLocation"
  | "sendVenue"
  | "sendContact"
  | "sendDice"
  | "sendRichMessage"
  | "copyMessage"
  | "forwardMessage"
  | "forwardMessages";

/** One Bot API call as data. */
export type ApiCall = { [M in SendMethod]: { method: M; payload: Parameters<RawApi[M]>[0] } }[SendMethod];

/** How many messages a call makes, which is what Telegram's limits count. */
export function weightOf({ method, payload }: ApiCall): number {
  if (method === "sendMediaGroup") return payload.media.length;
  return method === "forwardMessages" ? payload.message_ids.length : 1;
}

/** The part of the Bot API that sends posts. */
export type SendApi = Pick<RawApi, SendMethod>;

/** Makes the call. Resolves with the messages it created, in order. @throws GrammyError, HttpError */
export function perform(
  api: SendApi,
  { method, payload }: ApiCall,
): Promise<readonly (Message | MessageId)[]> {
  // ApiCall pairs each method with its payload; TypeScript cannot see that through the union.
  const call = api[method] as (payload: ApiCall["payload"]) => Promise<Message | MessageId | MessageId[]>;
  return call(payload).then((made) => (Array.isArray(made) ? made : [made]));
}

/** What Telegram says if it refused a call with one of these codes; null for other errors. */
export function refusedWith(error: unknown, ...codes: number[]): string | null {
  return error instanceof GrammyError && codes.includes(error.error_code) ? error.description : null;
}

/** Why Telegram refused a call for good; null for other errors. */
export function refusalOf(error: unknown): { class: RefusalClass; description: string } | null {
  const outcome = error instanceof GrammyError ? classify(error) : null;
  return outcome?.type === "refused" ? outcome : null;
}

/** What Telegram says if the bot cannot write to a person at all; null for other errors. */
export function unreachableWith(error: unknown): string | null {
  const refusal = refusalOf(error);
  return refusal && ["blocked", "deactivated", "unreachable"].includes(refusal.class)
    ? refusal.description
    : null;
}
