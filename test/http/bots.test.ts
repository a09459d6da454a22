import { eq } from "drizzle-orm";
import { expect, test } from "vitest";
import { keepTrouble } from "../../src/db/troubles.ts";
import { recipients, senders } from "../../src/db/schema.ts";
import { homeScope, scopeOf } from "../../src/db/scope.ts";
import { createTokenVault } from "../../src/senders/token-vault.ts";
import { apiScene } from "../support/api.ts";
import { within } from "../support/broadcast.ts";
import { SHOP, tokenOf } from "../support/carrying.ts";
import { BOT_ID } from "../support/database.ts";
import { SECRET_KEY } from "../support/herald.ts";
import { FIRST } from "../support/scene.ts";
import { seedPeople } from "../support/seed.ts";
import { nameOf } from "../support/three-bots.ts";

const NEWS = SHOP + 1;
const LOST = SHOP + 2;

/** The home, a shop's bot that is well, one that Telegram refuses, and one whose token is lost. */
const fourBots = () =>
  apiScene(3, {
    rate: 28,
    listSenders: async () => [],
    async prepare(scope) {
      const vault = createTokenVault({ type: "given", key: SECRET_KEY });
      const sealed = (botId: number) => vault.seal(botId, tokenOf(botId));
      const refused = new Date("2026-01-01T10:00:00Z");
      await scope.db.insert(senders).values([
        {
          botId: SHOP,
          homeId: BOT_ID,
          username: "shop_bot",
          name: "Shop",
          handling: "beside",
          rate: 5,
          sealedToken: await sealed(SHOP),
        },
        {
          botId: NEWS,
          homeId: BOT_ID,
          sealedToken: await sealed(NEWS),
          tokenRefusedAt: refused,
          quietUntil: new Date(Date.now() + 3_600_000),
        },
        { botId: LOST, homeId: BOT_ID, sealedToken: "v1.another-key" },
        { botId: LOST + 1, homeId: LOST + 1 },
        { botId: LOST + 2, homeId: BOT_ID, removedAt: refused },
      ]);
      const shop = scopeOf(scope, { botId: SHOP });
      await seedPeople(shop, [5, 6]);
      await seedPeople(shop, [7], { status: "blocked" });
      await keepTrouble(shop, { kind: "stars", since: refused, facts: { rate: 5 } });
    },
  });

test("the API tells of each bot of the home how it is doing, and of no token", async () => {
  const { call } = await fourBots();
  const { status, body } = await call("GET", "/v1/bots");
  expect(status).toBe(200);
  expect(body).toMatchObject({
    next_cursor: null,
    items: [
      {
        id: BOT_ID,
        home: true,
        answered_by: "herald",
        troubles: [],
        rate: { set: 28, now: 28 },
        paused_until: null,
        people: { reachable: 3, opted_out: 1, unreachable: 0 },
      },
      {
        id: SHOP,
        username: "shop_bot",
        title: "Shop",
        home: false,
        answered_by: "another_program",
        troubles: [{ type: "stars", since: "2026-01-01T10:00:00.000Z" }],
        rate: { set: 5, now: null },
        people: { reachable: 2, opted_out: 0, unreachable: 1 },
      },
      {
        id: NEWS,
        username: null,
        title: String(NEWS),
        troubles: [{ type: "token_refused", since: "2026-01-01T10:00:00.000Z" }],
        rate: { set: 28, now: null },
        paused_until: expect.stringMatching(/Z$/),
      },
      { id: LOST, troubles: [{ type: "no_token", since: null }] },
    ],
  });
  expect(JSON.stringify(body)).not.toMatch(/SENDER-token|v1\./);
});

test("it is read in pages, and one by its id or @username; a key of the role relay may not", async () => {
  const { call } = await fourBots();
  const first = await call("GET", "/v1/bots?limit=3");
  expect(first.body).toMatchObject({ next_cursor: String(NEWS) });
  expect((await call("GET", `/v1/bots?limit=3&cursor=${NEWS}`)).body.items).toMatchObject([{ id: LOST }]);
  for (const bot of [SHOP, "@Shop_Bot", "shop_bot"])
    expect((await call("GET", `/v1/bots/${bot}`)).body).toMatchObject({ id: SHOP, title: "Shop" });
  for (const bot of [LOST + 1, LOST + 2, "@nobody_bot"])
    expect((await call("GET", `/v1/bots/${bot}`)).status).toBe(404);
  expect((await call("GET", "/v1/bots", undefined, { as: "relay" })).status).toBe(403);
});

test("people are counted at most once a minute, and what is wrong is read each time", async () => {
  const { call, database } = await fourBots();
  await call("GET", `/v1/bots/${NEWS}`);
  await within(database, async ({ db }) => {
    await seedPeople(homeScope(db, NEWS), [8]);
    await db.update(senders).set({ tokenRefusedAt: null }).where(eq(senders.botId, NEWS));
  });
  expect((await call("GET", `/v1/bots/${NEWS}`)).body).toMatchObject({
    troubles: [],
    people: { reachable: 0 },
  });
});

test("the sources of a bot's people come with their links", async () => {
  const { call } = await apiScene(3, {
    prepare: ({ db }) =>
      db.update(recipients).set({ source: "promo_vk0" }).where(eq(recipients.chatId, FIRST)),
  });
  const link = `https://t.me/${nameOf(BOT_ID).slice(1)}?start=promo_vk0`;
  const found = { source: "promo_vk0", people: 1, reachable: 1 };
  expect((await call("GET", `/v1/bots/${BOT_ID}/sources`)).body.items).toMatchObject([{ ...found, link }]);
  expect((await call("GET", `/v1/bots/${BOT_ID}/sources?limit=1001`)).status).toBe(422);
  expect((await call("GET", "/v1/bots/9/sources")).status).toBe(404);
});
