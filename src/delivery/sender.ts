import { Api, GrammyError, HttpError } from "grammy";
import type { Message } from "grammy/types";
import fetch, { type Response } from "node-fetch";
import { type ApiCall, type SendApi, perform } from "../content/render.ts";
import { type Outcome, ProxyAnswer, classify } from "./outcome.ts";

/**
 * A send that is silent for so long is given up as uncertain. Telegram may hold a call 8 s before it answers 429,
 * and grammY's own default of 500 s would keep a place in flight for minutes.
 */
const TIMEOUT_SECONDS = 30;

/**
 * The engine's own connection to Telegram. Its calls never queue behind replies to admins, nor those behind its.
 * No automatic retry is installed: it would repeat what may have arrived.
 */
export function createSendApi(token: string, apiRoot: string): Api {
  return new Api(token, { apiRoot, timeoutSeconds: TIMEOUT_SECONDS, fetch: fetchJson as typeof fetch });
}

/** grammY's own fetch, but an answer that is no JSON keeps its status: 502 and 504 mean different things. */
async function fetchJson(...request: Parameters<typeof fetch>): Promise<Response> {
  const answer = await fetch(...request);
  if (!/json/i.test(answer.headers.get("content-type") ?? "")) throw new ProxyAnswer(answer.status);
  return answer;
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
