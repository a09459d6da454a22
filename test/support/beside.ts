import { Api } from "grammy";
import type { Update } from "grammy/types";
import type { Telegram } from "../../playground/telegram.ts";
import { createKey } from "../../src/access/keys.ts";
import { homes, recipients, senders } from "../../src/db/schema.ts";
import { homeScope } from "../../src/db/scope.ts";
import { KEY_ROLES, type KeyRole } from "../../src/db/states.ts";
import { type ApiScene, HTTP, callerOf } from "./api.ts";
import { until, within } from "./broadcast.ts";
import { BOT_ID, freshLocation } from "./database.ts";
import { OWNER, type Running, localTelegram, running } from "./herald.ts";
import { FIRST } from "./scene.ts";
import { range } from "./seed.ts";

export const BESIDE_ID = 1_000_077;
export const BESIDE_TOKEN = `${BESIDE_ID}:TEST-beside`;
const BESIDE = {
  botId: BESIDE_ID,
  username: "shop_bot",
  name: "Shop",
  token: BESIDE_TOKEN,
  handling: "beside",
  rate: null,
} as const;

export const UPDATES = `/v1/bots/${BESIDE_ID}/updates`;

/** A Herald whose home nobody writes to, and a bot beside another program: the people are that bot's. */
export interface BesideScene extends Pick<ApiScene, "address" | "keys" | "call" | "database"> {
  telegram: Telegram;
  herald: Running;
  people: number[];
  /** What the bot has got since the last time, as Telegram's poller gets it. */
  polls(): Promise<Update[]>;
  /** Relays what the bot has got. Resolves with what Herald answered. */
  relays(updates?: readonly object[]): Promise<unknown>;
  /** Sends a post to the bot's people, and waits until they have it. Resolves with its number. */
  sends(content: object, count: number): Promise<number>;
}

export async function besideScene(crowd: number): Promise<BesideScene> {
  const telegram = await localTelegram({ limits: "none" });
  // Before Herald's own: people write to the first bot that there is.
  telegram.bot(BESIDE_TOKEN, { username: "shop_bot", name: "Shop" });
  const people = range(FIRST, FIRST + crowd - 1);
  telegram.people(crowd, { firstId: FIRST });
  const database = await freshLocation();
  const keys: Partial<Record<KeyRole, string>> = {};
  await within(database, async ({ db }) => {
    const scope = homeScope(db, BOT_ID);
    for (const role of KEY_ROLES)
      keys[role] = (await createKey(scope, OWNER, { name: role, role, expiresAt: null })).secret;
    await db.insert(homes).values({ homeId: BOT_ID }).onConflictDoNothing();
    await db.insert(senders).values({ botId: BESIDE_ID, homeId: BOT_ID }).onConflictDoNothing();
    if (crowd > 0)
      await db
        .insert(recipients)
        .values(people.map((chatId) => ({ botId: BESIDE_ID, chatId, language: "en", firstName: "P" })));
  });
  const config = { database, http: HTTP, messagesPerSecond: 200 };
  const herald = await running(telegram, config, { listSenders: async () => [BESIDE] });
  const address = herald.httpAddress ?? "";
  const all = keys as Record<KeyRole, string>;
  const call = callerOf(address, all);
  await until(async () => (await call("POST", UPDATES, [], { as: "relay" })).status === 202);

  const api = new Api(BESIDE_TOKEN, { apiRoot: telegram.apiRoot });
  let offset = 0;
  async function polls(): Promise<Update[]> {
    const updates = await api.getUpdates({ offset });
    offset = Math.max(offset, ...updates.map(({ update_id }) => update_id + 1));
    return updates;
  }

  return {
    telegram,
    herald,
    database,
    people,
    address,
    keys: all,
    call,
    polls,
    async relays(updates) {
      const { status, body } = await call("POST", UPDATES, updates ?? (await polls()), { as: "relay" });
      return status === 202 ? body : { status, ...body };
    },
    async sends(content, count) {
      const { body: made } = await call("POST", "/v1/campaigns", { bot: BESIDE_ID, content });
      const sent = await call("POST", `/v1/campaigns/${made.number}/send`, { agreed_count: count });
      if (sent.status !== 200) throw new Error(JSON.stringify([made, sent.body]));
      await until(
        async () => (await call("GET", `/v1/campaigns/${made.number}`)).body.state === "finished",
        50_000,
      ).catch(async (error: unknown) => {
        const { body } = await call("GET", `/v1/campaigns/${made.number}`);
        throw new Error(JSON.stringify([body, herald.logged.slice(-20)]), { cause: error });
      });
      return made.number as number;
    },
  };
}
