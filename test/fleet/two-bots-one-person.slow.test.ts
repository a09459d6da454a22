import { eq } from "drizzle-orm";
import { expect, test } from "vitest";
import { admins, recipients, senders } from "../../src/db/schema.ts";
import { scopeOf } from "../../src/db/scope.ts";
import { type ApiScene, apiScene } from "../support/api.ts";
import { until, within } from "../support/broadcast.ts";
import { BOT_ID } from "../support/database.ts";
import { OWNER_ID, TOKEN } from "../support/herald.ts";
import { FIRST, shows } from "../support/scene.ts";
import { seedPeople } from "../support/seed.ts";
import { SHOP_ID, SHOP_TOKEN } from "../support/senders.ts";
import { en, inState } from "../support/words.ts";

/* A home with 20 people, and a shop's bot beside another program, with five of the same people. */

const PEOPLE = [FIRST, FIRST + 1, FIRST + 2, FIRST + 3, FIRST + 4];
const HOME_PEOPLE = 20;
const ADMIN_ID = 42;
/** What the local Telegram calls the shop's bot. */
const SHOP = `@herald_${SHOP_ID}_bot`;

interface TwoBots extends ApiScene {
  /** What the shop's program relays of somebody. */
  relays(id: number, what: "blocks" | "leaves" | "writes in Russian"): Promise<void>;
  /** What is stored of somebody as a person of a bot. */
  known(id: number, botId: number): Promise<{ status: string; language: string | null } | undefined>;
  /** Who has this text from a bot. */
  readers(text: string, botId: number): number[];
}

async function twoBots(): Promise<TwoBots> {
  const staged = await apiScene(HOME_PEOPLE, {
    config: { extraBotTokens: [SHOP_TOKEN] },
    async prepare(scope) {
      await scope.db.insert(senders).values({ botId: SHOP_ID, homeId: BOT_ID, handling: "beside" });
      await scope.db
        .insert(admins)
        .values({ homeId: BOT_ID, userId: ADMIN_ID, name: "Ada", addedBy: OWNER_ID });
      await seedPeople(scopeOf(scope, { botId: SHOP_ID }), PEOPLE);
    },
  });
  const { telegram, database, call } = staged;
  let updates = 0;
  // Its engine is up.
  await until(async () => (await call("GET", `/v1/bots/${SHOP}`)).body.rate?.now != null);
  return {
    ...staged,
    async relays(id, what) {
      updates += 1;
      const from = {
        id,
        is_bot: false,
        first_name: `Person ${id}`,
        language_code: what === "writes in Russian" ? "ru" : "en",
      };
      const chat = { id, type: "private" };
      const me = { id: SHOP_ID, is_bot: true, first_name: "Shop" };
      const moved = { chat, from, date: 0, old_chat_member: { user: me, status: "member" } };
      const news =
        what === "blocks"
          ? { my_chat_member: { ...moved, new_chat_member: { user: me, status: "kicked", until_date: 0 } } }
          : {
              message: {
                message_id: updates,
                date: 0,
                chat,
                from,
                text: what === "leaves" ? "/quit" : "/start",
              },
            };
      const path = `/v1/bots/${SHOP}/updates?leave=quit`;
      expect(await call("POST", path, { update_id: updates, ...news }, { as: "relay" })).toMatchObject({
        body: { taken: 1 },
      });
    },
    known: (id, botId) =>
      within(database, async ({ db }) => {
        const rows = await db.select().from(recipients).where(eq(recipients.chatId, id));
        return rows.find((row) => row.botId === botId);
      }),
    readers: (text, botId) =>
      [...telegram.counts((message) => message.text === text && message.from?.id === botId).keys()].toSorted(
        (a, b) => a - b,
      ),
  };
}

/** A campaign of a bot, sent by the API to all of its people. Resolves with its number once it has finished. */
async function sends({ call }: ApiScene, bot: string, text: string, count: number): Promise<number> {
  const { body } = await call("POST", "/v1/campaigns", { bot, content: { kind: "text", text } });
  const path = `/v1/campaigns/${body.number}`;
  expect(await call("POST", `${path}/send`, { agreed_count: count })).toMatchObject({ status: 200 });
  await until(async () => (await call("GET", path)).body.state === "finished");
  return body.number as number;
}

test("who blocks one of two bots, or leaves it, gets what the other one sends", async () => {
  const api = await twoBots();
  const { relays, known, readers, telegram } = api;
  const [blocker, leaver, ...rest] = PEOPLE as [number, number, ...number[]];
  await relays(blocker, "blocks");
  await relays(leaver, "leaves");
  expect((await known(blocker, SHOP_ID))?.status).toBe("blocked");
  expect((await known(blocker, BOT_ID))?.status).toBe("active");
  await sends(api, SHOP, "From the shop", rest.length);
  await sends(api, String(BOT_ID), "From home", HOME_PEOPLE);
  expect(readers("From the shop", SHOP_ID)).toEqual(rest);
  expect(readers("From home", BOT_ID)).toHaveLength(HOME_PEOPLE);
  // The other way round, found out by sending.
  telegram.fault(
    { method: "sendMessage", token: TOKEN, chat: FIRST + 3 },
    { error: { error_code: 403, description: "Forbidden: bot was blocked by the user" } },
  );
  await sends(api, String(BOT_ID), "From home again", HOME_PEOPLE);
  expect((await known(FIRST + 3, BOT_ID))?.status).toBe("blocked");
  expect((await known(FIRST + 3, SHOP_ID))?.status).toBe("active");
  await sends(api, SHOP, "Once more", rest.length);
  expect(readers("Once more", SHOP_ID)).toEqual(rest);
}, 60_000);

test("a language is known of each bot by itself, and decides which version that bot sends", async () => {
  const api = await twoBots();
  const { relays, known, call, telegram } = api;
  await relays(FIRST, "writes in Russian");
  expect((await known(FIRST, SHOP_ID))?.language).toBe("ru");
  expect((await known(FIRST, BOT_ID))?.language).toBe("en");
  for (const [bot, count] of [
    [SHOP, PEOPLE.length],
    [String(BOT_ID), HOME_PEOPLE],
  ] as const) {
    const content = { kind: "text", text: "Menu", versions: { ru: { kind: "text", text: "Меню" } } };
    const { body } = await call("POST", "/v1/campaigns", { bot, content });
    expect((await call("POST", `/v1/campaigns/${body.number}/send`, { agreed_count: count })).status).toBe(
      200,
    );
    await until(async () => (await call("GET", `/v1/campaigns/${body.number}`)).body.state === "finished");
  }
  const got = (botId: number) => [
    ...telegram.counts(({ text, from }) => text === "Меню" && from?.id === botId).keys(),
  ];
  expect([got(SHOP_ID), got(BOT_ID)]).toEqual([[FIRST], []]);
}, 60_000);

test("an admin who is no owner sends by the second bot; its failures, series, calendar and figures are that bot's", async () => {
  const api = await twoBots();
  const { telegram, readers, call } = api;
  const admin = telegram.person({ id: ADMIN_ID, firstName: "Ada", languageCode: "en", started: true });
  telegram.fault(
    { method: "sendMessage", token: SHOP_TOKEN, chat: FIRST },
    { error: { error_code: 400, description: "Bad Request: MESSAGE_TOO_ODD" } },
  );
  await admin.sends("/broadcast");
  await admin.sees(en.like("from-note"));
  await admin.taps(en.opens("card-from"));
  await admin.taps(SHOP);
  await admin.sees(en("from-note", { bot: SHOP }));
  await admin.sends("Autumn menu");
  await admin.sees(en.like("audience-ask", { people: en("people", { count: PEOPLE.length }) }));
  await admin.taps(en("audience-continue"));
  await admin.sees(en.like("review-title"));
  await admin.taps(en("button-send-now"));
  await admin.taps(en.opens("button-yes-send"));
  await shows(admin, inState("finished"));
  expect(readers("Autumn menu", SHOP_ID).filter((id) => id >= FIRST)).toEqual(PEOPLE.slice(1));
  expect(readers("Autumn menu", BOT_ID)).toEqual([]);

  // The person of the home with the same id is not among the failures.
  await admin.sends("/failures 1");
  const { document } = await admin.sees(en("failures-caption", { id: "1", count: 1 }));
  const file = telegram.file(document?.file_id ?? "");
  expect(String(file)).toMatch(new RegExp(`^${FIRST},.*MESSAGE_TOO_ODD`, "m"));
  expect(String(file).trim().split("\n")).toHaveLength(2);
  const failed = await call("GET", "/v1/campaigns/1/deliveries?state=failed");
  expect(failed.body.items).toMatchObject([
    { chat_id: FIRST, description: expect.stringContaining("TOO_ODD") },
  ]);
  expect((await call("GET", `/v1/recipients/${FIRST}/history`)).body.items).toEqual([]);
  expect((await call("GET", `/v1/recipients/${FIRST}/history?bot=${SHOP}`)).body.items).toMatchObject([
    { campaign: 1, deliveries: [{ state: "failed" }] },
  ]);

  await admin.sends("/retry 1");
  await until(async () => readers("Autumn menu", SHOP_ID).includes(FIRST));

  const daily = { every: "day", at: "09:30", zone: "UTC" };
  await call("POST", "/v1/campaigns", { bot: SHOP, content: { kind: "text", text: "Daily menu" } });
  const planned = await call("POST", "/v1/campaigns/2/schedule", {
    agreed_count: PEOPLE.length,
    repeat: daily,
  });
  expect(planned).toMatchObject({ status: 200, body: { bot: SHOP_ID, state: "scheduled" } });
  await admin.sends(`/calendar ${SHOP}`);
  expect((await admin.sees("Daily menu")).text).toContain("#2");
  await admin.sends(`/calendar ${BOT_ID}`);
  await admin.sees(en("calendar-empty"));
  expect((await call("GET", `/v1/calendar?bot=${SHOP}`)).body.items.length).toBeGreaterThan(5);
  expect((await call("GET", `/v1/calendar?bot=${BOT_ID}`)).body.items).toEqual([]);

  await until(async () => (await call("GET", "/v1/campaigns/1")).body.state === "finished");
  const figures = async (bot: string) => (await call("GET", `/v1/statistics?bot=${bot}`)).body;
  expect(await figures(SHOP)).toMatchObject({
    people: { active: PEOPLE.length },
    campaigns: { finished: 1, scheduled: 1 },
    last_campaigns: [{ campaign: 1, total: PEOPLE.length, share: 1 }],
  });
  expect(await figures(String(BOT_ID))).toMatchObject({
    campaigns: { finished: 0, scheduled: 0 },
    last_campaigns: [],
  });
}, 90_000);
