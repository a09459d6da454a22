import type { Update } from "grammy/types";
import type { Person } from "../../playground/people/person.ts";
import type { Telegram } from "../../playground/telegram.ts";
import type { Bot } from "../../playground/world/bot.ts";
import type { DatabaseLocation } from "../../src/db/open/open-database.ts";
import { queuedUpdates } from "../../src/db/schema.ts";
import { botWebhook } from "../../src/telegram/bot-webhook.ts";
import { ownerOf, within } from "./broadcast.ts";
import { freshLocation } from "./database.ts";
import { TOKEN, localTelegram } from "./herald.ts";
import { freePort } from "./ports.ts";

/** A Telegram that posts to webhooks of this machine, and what Herald needs to be reached by it. */
export interface WebhookScene {
  telegram: Telegram;
  /** The home. */
  bot: Bot;
  owner: Person;
  database: DatabaseLocation;
  publicUrl: string;
  /** Changes of the configuration that turn the webhook on. */
  config: {
    database: DatabaseLocation;
    webhookUrl: string;
    http: { host: string; port: number; publicUrl: string };
  };
  /** Variables that do so for a process of its own. */
  variables: Record<string, string>;
}

export async function webhookScene(): Promise<WebhookScene> {
  const telegram = await localTelegram({ limits: "none", local: true });
  const bot = telegram.bot(TOKEN, { username: "home_bot" });
  const owner = ownerOf(telegram);
  const database = await freshLocation();
  const port = await freePort();
  const publicUrl = `http://127.0.0.1:${port}`;
  return {
    telegram,
    bot,
    owner,
    database,
    publicUrl,
    config: { database, webhookUrl: publicUrl, http: { host: "127.0.0.1", port, publicUrl } },
    variables: { WEBHOOK: "on", HTTP_PORT: String(port), PUBLIC_URL: publicUrl },
  };
}

/** Posts to a bot's webhook as Telegram does, or as somebody else. Resolves with the status and the answer's length. */
export async function posts(
  publicUrl: string,
  update: Partial<Update> | string,
  { token = TOKEN, secret = botWebhook(token).secret }: { token?: string; secret?: string | null } = {},
): Promise<{ status: number; bytes: number }> {
  const response = await fetch(botWebhook(token).addressBelow(publicUrl), {
    method: "POST",
    headers: {
      "content-type": "application/json",
      ...(secret !== null && { "x-telegram-bot-api-secret-token": secret }),
    },
    body: typeof update === "string" ? update : JSON.stringify(update),
  });
  return { status: response.status, bytes: (await response.arrayBuffer()).byteLength };
}

/** An update that says what a person writes. */
export function writes(updateId: number, { user }: Person, text: string): Update {
  const chat = { id: user.id, type: "private" as const, first_name: user.first_name };
  const entities = text.startsWith("/")
    ? { entities: [{ type: "bot_command" as const, offset: 0, length: text.split(" ", 1)[0]?.length ?? 0 }] }
    : {};
  return {
    update_id: updateId,
    message: { message_id: updateId, date: 1, chat, from: user, text, ...entities },
  };
}

/** The updates that are stored and not handled. */
export function queued(database: DatabaseLocation) {
  return within(database, ({ db }) => db.select().from(queuedUpdates).orderBy(queuedUpdates.updateId));
}
