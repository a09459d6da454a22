import { eq, inArray } from "drizzle-orm";
import { expect, test } from "vitest";
import type { Person } from "../../playground/people/person.ts";
import type { Telegram } from "../../playground/telegram.ts";
import { campaigns, deliveries, recipients, senders } from "../../src/db/schema.ts";
import { homeScope, scopeOf } from "../../src/db/scope.ts";
import { addsShop } from "../support/bots-scene.ts";
import { type ApiScene, apiScene } from "../support/api.ts";
import { ownerOf, until, within } from "../support/broadcast.ts";
import { BOT_ID, freshLocation } from "../support/database.ts";
import { localTelegram } from "../support/herald.ts";
import { environment, isUp, spawnHerald } from "../support/process.ts";
import { shows } from "../support/scene.ts";
import { range, seedCampaign, seedPeople } from "../support/seed.ts";
import { NEWS_ID, NEWS_TOKEN, SHOP_ID, SHOP_TOKEN } from "../support/senders.ts";
import { en } from "../support/words.ts";

/* A home with further bots, as an owner uses it: added in /bots, and sending what belongs to them. */

const PEOPLE = 200;
const SHOP_PEOPLE = range(500_000, 500_000 + PEOPLE - 1);
const HOME_PEOPLE = 20;

interface Shop extends ApiScene {
  /** People of the shop with this text from the bot, and the most copies that one has. */
  copies(text: string, botId?: number): { people: number; most: number };
  makes(text: string): Promise<number>;
  sends(id: number): Promise<void>;
  stateOf(id: number): Promise<string>;
}

const copiesIn = (telegram: Telegram, text: string, botId: number) => {
  const counts = telegram.counts((message) => message.text === text && message.from?.id === botId);
  return { people: counts.size, most: Math.max(0, ...counts.values()) };
};

async function opensShop(owner: Person): Promise<void> {
  await owner.sends("/bots");
  await owner.sees(en("bots-title"));
  await owner.taps("Shop (@shop_bot)");
  await owner.sees(en.like("bots-added"));
}

/** From /broadcast to the question whether to send it. */
async function composesForShop(owner: Person, post: string): Promise<void> {
  await owner.sends("/broadcast");
  await owner.sees(en.like("from-note"));
  await owner.taps(en.opens("card-from"));
  await owner.sees(en("from-ask"));
  await owner.taps("@shop_bot");
  await owner.sees(en("from-note", { bot: "@shop_bot" }));
  await owner.sends(post);
  await owner.sees(en.like("audience-ask"));
  await owner.taps(en("audience-continue"));
  await owner.sees(en.like("review-title"));
  await owner.taps(en("button-send-now"));
}

/** A home with people of its own, and the shop's bot, added in /bots and answered by Herald, with others. */
async function withShop(rate = 100): Promise<Shop> {
  const staged = await apiScene(HOME_PEOPLE, { rate });
  const { telegram, owner, database, call } = staged;
  telegram.bot(SHOP_TOKEN, { username: "shop_bot", name: "Shop" });
  telegram.people(PEOPLE, { firstId: SHOP_PEOPLE[0] ?? 0, bot: SHOP_ID });
  await addsShop(owner);
  await owner.taps(en("bots-answers"));
  await owner.taps(en("bots-yes-polls"));
  await owner.sees(en("bots-state-answers"));
  await within(database, ({ db }) =>
    seedPeople(scopeOf(homeScope(db, BOT_ID), { botId: SHOP_ID }), SHOP_PEOPLE.slice(1)),
  );
  const [anna] = telegram.people(1, { firstId: SHOP_PEOPLE[0] ?? 0, bot: SHOP_ID });
  await anna?.sends("/start");
  await until(async () => {
    const known = await within(database, ({ db }) =>
      db.select().from(recipients).where(eq(recipients.botId, SHOP_ID)),
    );
    return known.length === PEOPLE;
  });
  return {
    ...staged,
    copies: (text, botId = SHOP_ID) => copiesIn(telegram, text, botId),
    async makes(text) {
      const made = await call("POST", "/v1/campaigns", { bot: SHOP_ID, content: { kind: "text", text } });
      expect(made.status).toBe(201);
      return made.body.number as number;
    },
    async sends(id) {
      expect(await call("POST", `/v1/campaigns/${id}/send`, { agreed_count: PEOPLE })).toMatchObject({
        status: 200,
      });
    },
    stateOf: async (id) => (await call("GET", `/v1/campaigns/${id}`)).body.state as string,
  };
}

test("a bot that is added in /bots sends to its own people only, each once, through pauses, and its card finishes", async () => {
  const { owner, call, copies, makes, sends, stateOf, telegram } = await withShop(40);
  const id = await makes("Autumn menu");
  await sends(id);
  await until(() => copies("Autumn menu").people >= 30);
  expect((await call("POST", `/v1/campaigns/${id}/pause`)).status).toBe(200);
  await until(async () => (await stateOf(id)) === "paused");
  await new Promise((resolve) => setTimeout(resolve, 500));
  const at = copies("Autumn menu").people;
  expect(at).toBeLessThan(PEOPLE);
  expect(
    (await call("PATCH", `/v1/campaigns/${id}`, { content: { kind: "text", text: "Winter menu" } })).status,
  ).toBe(200);
  expect((await call("POST", `/v1/campaigns/${id}/resume`)).status).toBe(200);
  await until(async () => (await stateOf(id)) === "finished");
  expect(copies("Autumn menu")).toEqual({ people: at, most: 1 });
  expect(copies("Winter menu")).toEqual({ people: PEOPLE - at, most: 1 });
  for (const text of ["Autumn menu", "Winter menu"]) {
    expect(copies(text, BOT_ID).people).toBe(0);
    const reached = telegram.counts((message) => message.text === text).keys();
    expect([...reached].filter((chat) => !SHOP_PEOPLE.includes(chat))).toEqual([]);
  }
  await shows(owner, /200 of 200/, id);
}, 60_000);

test("removed while it sends: it stops, the home goes on, and old buttons say what became of it", async () => {
  const { owner, database, call, copies, makes, sends, stateOf } = await withShop(40);
  const id = await makes("Autumn menu");
  const draft = await makes("Later");
  await sends(id);
  await until(() => copies("Autumn menu").people >= 20);
  await opensShop(owner);
  await owner.taps(en("bots-remove"));
  await owner.sees(en("bots-type-name", { name: "@shop_bot" }));
  await owner.sends("@shop_bot");
  await until(async () => (await stateOf(id)) === "cancelled");
  await new Promise((resolve) => setTimeout(resolve, 1_000));
  const at = copies("Autumn menu").people;
  expect(at).toBeLessThan(PEOPLE);
  for (const [method, path, body] of [
    ["POST", `/v1/campaigns/${draft}/send`, { agreed_count: PEOPLE }],
    ["POST", `/v1/campaigns/${id}/duplicate`, undefined],
  ] as const)
    expect(await call(method, path, body)).toMatchObject({ status: 404 });
  expect((await call("POST", `/v1/campaigns/${id}/resume`)).status).toBe(409);
  expect((await call("POST", "/v1/campaigns", { content: { kind: "text", text: "Home" } })).body.number).toBe(
    3,
  );
  await call("POST", "/v1/campaigns/3/send", { agreed_count: HOME_PEOPLE });
  await until(async () => (await stateOf(3)) === "finished");
  expect(copies("Home", BOT_ID)).toEqual({ people: HOME_PEOPLE, most: 1 });
  expect(copies("Autumn menu")).toEqual({ people: at, most: 1 });
  const open = await within(database, ({ db }) =>
    db
      .select()
      .from(campaigns)
      .where(inArray(campaigns.state, ["running", "scheduled", "paused"])),
  );
  expect(open).toEqual([]);
}, 60_000);

test("its token refused in the middle and replaced in /bots: it goes on, nobody twice", async () => {
  const { owner, telegram, copies, makes, sends, stateOf } = await withShop(60);
  const id = await makes("Autumn menu");
  await sends(id);
  await until(() => copies("Autumn menu").people >= 30);
  telegram.revoke(SHOP_TOKEN);
  await owner.sees(en("trouble-sender-unauthorized", { bot: "shop_bot" }));
  await until(async () => (await stateOf(id)) === "paused");
  const next = `${SHOP_ID}:AAHanother-token_of35characters00002`;
  telegram.bot(next, { username: "shop_bot", name: "Shop" });
  await opensShop(owner);
  await owner.taps(en("bots-replace-token"));
  await owner.sees(en("bots-ask-new-token", { name: "Shop (@shop_bot)" }));
  await owner.sends(next);
  await owner.sees(en("bots-token-replaced", { name: "Shop (@shop_bot)" }));
  await until(async () => (await stateOf(id)) === "finished");
  expect(copies("Autumn menu")).toEqual({ people: PEOPLE, most: 1 });
}, 60_000);

test("two bots with the same people, killed in the middle: each sends its own post once", async () => {
  const database = await freshLocation();
  const telegram = await localTelegram({ limits: "none" });
  const owner = ownerOf(telegram);
  const bots = [
    [SHOP_ID, SHOP_TOKEN, "shop_bot"],
    [NEWS_ID, NEWS_TOKEN, "news_bot"],
  ] as const;
  for (const [botId, token, username] of bots) {
    telegram.bot(token, { username });
    telegram.people(PEOPLE, { firstId: SHOP_PEOPLE[0] ?? 0, bot: botId });
  }
  const variables = {
    ...environment(telegram, database),
    EXTRA_BOT_TOKENS: `${SHOP_TOKEN},${NEWS_TOKEN}`,
    MESSAGES_PER_SECOND: "28",
  };
  const first = spawnHerald(variables);
  await isUp(first);
  await within(database, async ({ db }) => {
    for (const [botId] of bots) {
      const scope = scopeOf(homeScope(db, BOT_ID), { botId });
      await seedPeople(scope, SHOP_PEOPLE);
      await seedCampaign(scope, {
        state: "running",
        startedAt: new Date(),
        createdBy: owner.id,
        content: { kind: "text", text: `From ${botId}`, buttons: [] },
      });
    }
  });
  const copies = (botId: number) => copiesIn(telegram, `From ${botId}`, botId);
  await until(() => bots.every(([botId]) => copies(botId).people >= 20), 30_000);
  await first.kill9();
  for (const [botId] of bots) expect(copies(botId).people).toBeLessThan(PEOPLE);
  const second = spawnHerald(variables);
  await isUp(second);
  const states = () => within(database, ({ db }) => db.select({ state: campaigns.state }).from(campaigns));
  await until(async () => (await states()).every(({ state }) => state === "finished"), 40_000);
  const unclear = await within(database, ({ db }) =>
    db
      .select()
      .from(deliveries)
      .where(inArray(deliveries.state, ["uncertain", "failed", "pending"])),
  );
  for (const [botId] of bots) {
    expect(copies(botId).most).toBe(1);
    const missing = unclear.filter((one) => one.botId === botId).length;
    expect(copies(botId).people).toBeGreaterThanOrEqual(PEOPLE - missing);
  }
  expect(second.output()).not.toContain(SHOP_TOKEN);
}, 120_000);

test("composed in /broadcast for that bot, slowed down and handed over while it sends: everybody has it once", async () => {
  const { owner, database, copies, stateOf } = await withShop(60);
  await composesForShop(owner, "Autumn menu");
  await owner.taps(en.opens("button-yes-send"));
  await until(() => copies("Autumn menu").people >= 20);
  await opensShop(owner);
  await owner.taps(en("bots-beside"));
  await owner.sees(en("bots-state-beside"));
  await until(() => copies("Autumn menu").people >= 60);
  await within(database, ({ db }) => db.update(senders).set({ rate: 90 }).where(eq(senders.botId, SHOP_ID)));
  await until(async () => (await stateOf(1)) === "finished");
  // With the author, who has seen the post in the review.
  expect(copies("Autumn menu")).toEqual({ people: PEOPLE + 1, most: 1 });
  expect(copies("Autumn menu", BOT_ID).people).toBe(0);
  await shows(owner, /200 of 200/);
}, 60_000);

test("a draft whose bot is removed before it is sent says so, and goes to nobody", async () => {
  const { owner, database, telegram } = await withShop(60);
  await composesForShop(owner, "Autumn menu");
  await owner.sees(en.opens("confirm-ask", { id: "1" }));
  await within(database, ({ db }) =>
    db.update(senders).set({ removedAt: new Date(), sealedToken: null }).where(eq(senders.botId, SHOP_ID)),
  );
  expect(await owner.taps(en.opens("button-yes-send"))).toMatchObject({ text: en("error-bot-unknown") });
  await new Promise((resolve) => setTimeout(resolve, 500));
  const { [owner.id]: _, ...others } = Object.fromEntries(
    telegram.counts(({ text }) => text === "Autumn menu"),
  );
  expect(others).toEqual({});
}, 60_000);
