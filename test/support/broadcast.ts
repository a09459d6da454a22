import { count } from "drizzle-orm";
import { drizzle } from "drizzle-orm/postgres-js";
import { Api } from "grammy";
import type { Message } from "grammy/types";
import postgres from "postgres";
import type { Person } from "../../playground/people/person.ts";
import type { Post } from "../../playground/people/post.ts";
import type { Telegram } from "../../playground/telegram.ts";
import { type Database, type DatabaseLocation, openDatabase } from "../../src/db/open/open-database.ts";
import * as schema from "../../src/db/schema.ts";
import { deliveries, recipients } from "../../src/db/schema.ts";
import { BOT_ID } from "./database.ts";
import { OWNER_ID, TOKEN } from "./herald.ts";
import { en } from "./words.ts";

/** The owner, whose Telegram is in English. */
export function ownerOf(telegram: Telegram): Person {
  return telegram.person({ id: OWNER_ID, firstName: "Olga", languageCode: "en", started: true });
}

/** Adds people to the bot's list while no Herald runs. */
export async function register(
  location: DatabaseLocation,
  chatIds: number[],
  language: string | null = "en",
): Promise<void> {
  await within(location, async ({ db }) => {
    for (let from = 0; from < chatIds.length; from += 1000)
      await db
        .insert(recipients)
        .values(
          chatIds
            .slice(from, from + 1000)
            .map((chatId) => ({ botId: BOT_ID, chatId, language, firstName: "P" })),
        );
  });
}

/** Runs `work` on the database. An embedded one is opened for that, so no Herald may run on it meanwhile. */
export async function within<T>(
  location: DatabaseLocation,
  work: (database: Pick<Database, "db">) => Promise<T>,
): Promise<T> {
  if (location.type === "embedded") {
    const database = await openDatabase(location);
    try {
      return await work(database);
    } finally {
      await database.close();
    }
  }
  // Without what Herald checks and listens to when it starts, since tests do this all the time.
  const client = postgres(location.url, {
    max: 3,
    prepare: false,
    fetch_types: false,
    onnotice: () => undefined,
  });
  try {
    return await work({ db: drizzle(client, { schema }) });
  } finally {
    await client.end();
  }
}

/** Drops the updates from before Herald ran, as Telegram does after a day, so that it learns of blocks only by sending. */
export async function dropUpdates(telegram: Telegram): Promise<void> {
  const api = new Api(TOKEN, { apiRoot: telegram.apiRoot });
  await api.deleteWebhook({ drop_pending_updates: true });
}

/** The number of deliveries in each state. */
export async function deliveryStates(location: DatabaseLocation): Promise<Record<string, number>> {
  return within(location, async ({ db }) => {
    const rows = await db
      .select({ state: deliveries.state, count: count() })
      .from(deliveries)
      .groupBy(deliveries.state);
    return Object.fromEntries(rows.map(({ state, count }) => [state, count]));
  });
}

/** The number of recipients of each status. */
export async function recipientStatuses(location: DatabaseLocation): Promise<Record<string, number>> {
  return within(location, async ({ db }) => {
    const rows = await db
      .select({ status: recipients.status, count: count() })
      .from(recipients)
      .groupBy(recipients.status);
    return Object.fromEntries(rows.map(({ status, count }) => [status, count]));
  });
}

/** Composes from /broadcast to the review card, for all languages. */
export async function composes(admin: Person, post: Post): Promise<void> {
  await admin.sends("/broadcast");
  await admin.sees(en("post-ask"));
  await admin.sends(post);
  await admin.sees(en.like("audience-ask"));
  await admin.taps(en("audience-continue"));
  await admin.sees(en.like("review-title"));
}

/** Broadcasts from /broadcast to the running campaign. */
export async function broadcasts(admin: Person, post: Post): Promise<void> {
  await composes(admin, post);
  await admin.taps(en("button-send-now"));
  await admin.taps(en.opens("button-yes-send"));
}

/** The newest message that is the campaign's card. */
export function cardOf(admin: Person, id = 1): Message | undefined {
  return admin.holds.findLast((message) =>
    en.opens("card-title", { id: String(id) }).test(message.text ?? ""),
  );
}

/** Waits until `condition` holds, or fails after `withinMs`. */
export async function until(condition: () => boolean | Promise<boolean>, withinMs = 20_000): Promise<void> {
  const end = performance.now() + withinMs;
  while (!(await condition())) {
    if (performance.now() > end) throw new Error(`not within ${withinMs} ms: ${condition.toString()}`);
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}
