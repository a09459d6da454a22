import { Api } from "grammy";
import type { Message } from "grammy/types";
import { type ApiCall, type SendApi, perform } from "../content/render.ts";
import { type Outcome, classify } from "./outcome.ts";

/**
 * A send that is silent for so long is given up as uncertain. Telegram may hold a call 8 s before it answers 429,
 * and grammY's own default of 500 s would keep a place in flight for minutes.
 */
const TIMEOUT_SECONDS = 30;

/**
 * The engine's own connection to Telegram. Its calls never queue behind replies to admins, nor those behind its.
 * No automatic retry is installed: it would repeat what may have arrived.
 */
export function createSendApi(token: string, apiRoot: string): SendApi {
  return new Api(token, { apiRoot, timeoutSeconds: TIMEOUT_SECONDS }).raw;
}

/** Makes one call and says what it came to. It never throws. */
export async function send(api: SendApi, call: ApiCall): Promise<Outcome> {
  try {
    const message: Message = await perform(api, call);
    return { type: "sent", messageId: message.message_id };
  } catch (error) {
    return classify(error);
  }
}
