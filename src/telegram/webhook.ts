import type { Api } from "grammy";

/** Where Telegram hands a bot's updates instead of answering getUpdates. */
export interface Webhook {
  /** Only the host: the rest of the address may hold a secret. */
  host: string;
  /** Updates that it has not taken yet. */
  waiting: number;
}

/** The webhook of the bot; null when there is none. */
export async function findWebhook(api: Pick<Api, "getWebhookInfo">): Promise<Webhook | null> {
  const { url = "", pending_update_count: waiting } = await api.getWebhookInfo();
  if (url === "") return null;
  return { host: URL.canParse(url) ? new URL(url).host : "an unreadable address", waiting };
}
