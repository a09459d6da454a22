import type { Api } from "grammy";

/** Where Telegram sends a bot's updates instead of answering getUpdates. */
export interface Webhook {
  /** Only the host: the rest of the address may contain a secret. */
  host: string;
  /** Updates not delivered to it yet. */
  waiting: number;
}

/** The bot's webhook; null if there is none. */
export async function findWebhook(api: Pick<Api, "getWebhookInfo">): Promise<Webhook | null> {
  const { url = "", pending_update_count: waiting } = await api.getWebhookInfo();
  if (url === "") return null;
  return { host: URL.canParse(url) ? new URL(url).host : "an unreadable address", waiting };
}
