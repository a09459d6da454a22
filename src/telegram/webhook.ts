import type { Api } from "grammy";
import type { WebhookInfo } from "grammy/types";
import { withoutToken } from "../log.ts";
import { botWebhook } from "./bot-webhook.ts";

/** Where Telegram sends a bot's updates instead of answering getUpdates. */
export interface Webhook {
  /** Only the host: the rest of the address may contain a secret. */
  host: string;
  /** Updates not delivered to it yet. */
  waiting: number;
  /** It is one of Herald's, made for this token: WEBHOOK=on. */
  isOwn: boolean;
}

/** The webhook of the token's bot; null if there is none. */
export async function findWebhook(api: Pick<Api, "getWebhookInfo" | "token">): Promise<Webhook | null> {
  const { url = "", pending_update_count: waiting } = await api.getWebhookInfo();
  if (url === "") return null;
  return { host: hostOf(url), waiting, isOwn: botWebhook(api.token).isOwn(url) };
}

/** Removes the bot's webhook if it is one of Herald's. Updates that wait are kept. True if it was. */
export async function removeOwnWebhook(
  api: Pick<Api, "getWebhookInfo" | "deleteWebhook" | "token">,
): Promise<boolean> {
  const isOwn = (await findWebhook(api))?.isOwn ?? false;
  if (isOwn) await api.deleteWebhook();
  return isOwn;
}

export function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).host : "an unreadable address";
}

const LONGEST_ERROR = 200;

/** Why the last post to a webhook failed, in Telegram's words, without what may be secret. */
export function lastErrorOf({
  last_error_message: message = "",
}: Pick<WebhookInfo, "last_error_message">): string {
  const words = withoutToken(message).replaceAll(/https?:\/\/\S+/g, "…");
  return words.length > LONGEST_ERROR ? `${words.slice(0, LONGEST_ERROR)}…` : words;
}
