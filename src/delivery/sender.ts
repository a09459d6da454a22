import { Api, GrammyError, HttpError, type Transformer } from "grammy";
import type { Message } from "grammy/types";
import { type ApiCall, type SendApi, perform } from "../content/render.ts";
import { createFetch } from "./fetch.ts";
import { type Outcome, classify } from "./outcome.ts";
import type { Paid } from "./paid.ts";

/**
 * A send that is silent for so long is given up as uncertain. Telegram may hold a call 8 s before it answers 429,
 * and grammY's own default of 500 s would keep a place in flight for minutes.
 */
const TIMEOUT_SECONDS = 30;

/**
 * The engine's own connection to Telegram. Its calls never queue behind replies to admins, nor those behind its.
 * No automatic retry is installed: it would repeat what may have arrived.
 */
export function createSendApi(token: string, apiRoot: string, timeoutSeconds = TIMEOUT_SECONDS): Api {
  return new Api(token, { apiRoot, timeoutSeconds, fetch: createFetch(apiRoot) });
}

/** Bot API: these take `allow_paid_broadcast`. */
const PAYABLE = /^(send(?!ChatAction|Checklist)|copyMessage$)/;

/** Lets Telegram take Stars for what is sent above the free rate, while `paid` is on. */
export function paying(paid: Pick<Paid, "on">): Transformer {
  return (call, method, payload, signal) =>
    call(
      method,
      paid.on && PAYABLE.test(method) ? { ...payload, allow_paid_broadcast: true } : payload,
      signal,
    );
}

/**
 * Makes one call and says what it came to.
 * @throws only what is neither Telegram's answer nor the network's: a fault of ours.
 */
export async function send(api: SendApi, call: ApiCall): Promise<Outcome> {
  try {
    const message: Message = await perform(api, call);
    return { type: "sent", messageId: message.message_id };
  } catch (error) {
    if (error instanceof GrammyError || error instanceof HttpError) return classify(error);
    throw error;
  }
}
