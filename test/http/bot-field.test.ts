import { describe, expect, test } from "vitest";
import { noteChat } from "../../src/audience/chats.ts";
import { senders } from "../../src/db/schema.ts";
import { scopeOf } from "../../src/db/scope.ts";
import { type ApiScene, apiScene } from "../support/api.ts";
import { BOT_ID } from "../support/database.ts";
import { seedPeople } from "../support/seed.ts";

/* The API of a home with two bots: its own with 3 people, and a shop's with 2. */

const SHOP = BOT_ID + 1;
const STRANGER = BOT_ID + 2;
const content = { kind: "text", text: "Autumn menu" };

const twoBots = () =>
  apiScene(3, {
    async prepare(scope) {
      await scope.db.insert(senders).values([
        { botId: SHOP, homeId: BOT_ID, username: "Shop_Bot" },
        { botId: STRANGER, homeId: STRANGER, username: "stranger_bot" },
      ]);
      const shop = scopeOf(scope, { botId: SHOP });
      await seedPeople(shop, [5, 6], { language: "de" });
      const rights = { present: true, post: true, pin: false, delete: true, topics: false };
      const group = { chatId: -700, kind: "group", title: "Shop", username: null, isForum: false } as const;
      await noteChat(shop, group, rights);
    },
  });

const numbersOf = ({ items }: { items: { number: number }[] }) => items.map(({ number }) => number);
const idsOf = ({ items }: { items: { id: number }[] }) => items.map(({ id }) => id);

describe("the bot of a campaign", () => {
  test("is named when it is made, is the home's own unless named, and stays with its copies", async () => {
    const { call } = await twoBots();
    const made = await call("POST", "/v1/campaigns", { content, bot: SHOP });
    expect(made).toMatchObject({ status: 201, body: { number: 1, bot: SHOP, reach: { reachable: 2 } } });
    expect((await call("POST", "/v1/campaigns", { content })).body).toMatchObject({
      number: 2,
      bot: BOT_ID,
      reach: { reachable: 3 },
    });
    expect((await call("POST", "/v1/campaigns/1/duplicate")).body).toMatchObject({ number: 3, bot: SHOP });
    for (const bot of [STRANGER, 99, "@stranger_bot", "@shop"]) {
      const answer = await call("POST", "/v1/campaigns", { content, bot });
      expect(answer).toMatchObject({ status: 422, body: { errors: [{ pointer: "/bot" }] } });
    }
    expect(numbersOf((await call("GET", "/v1/campaigns")).body)).toEqual([3, 2, 1]);
    expect(numbersOf((await call("GET", `/v1/campaigns?bot=${SHOP}`)).body)).toEqual([3, 1]);
    expect(numbersOf((await call("GET", `/v1/campaigns?bot=${BOT_ID}`)).body)).toEqual([2]);
    expect(numbersOf((await call("GET", "/v1/campaigns?bot=@shop_bot")).body)).toEqual([3, 1]);
  });

  test("is part of what an Idempotency-Key stands for", async () => {
    const { call } = await twoBots();
    const headers = { "idempotency-key": "order-1" };
    const first = await call("POST", "/v1/campaigns", { content, bot: SHOP }, { headers });
    const again = await call("POST", "/v1/campaigns", { content, bot: SHOP }, { headers });
    expect(again.body).toEqual(first.body);
    const named = await call("POST", "/v1/campaigns", { content, bot: "@shop_bot" }, { headers });
    expect(named.body).toEqual(first.body);
    expect((await call("POST", "/v1/campaigns", { content }, { headers })).status).toBe(422);
  });

  test("sends it to its own people: every step counts them, and the home's engine leaves it alone", async () => {
    const { call } = await twoBots();
    await call("POST", "/v1/campaigns", { content, bot: SHOP });
    const starts_at = new Date(Date.now() + 3_600_000).toISOString();
    expect((await call("POST", "/v1/campaigns/1/schedule", { agreed_count: 3, starts_at })).status).toBe(409);
    const scheduled = await call("POST", "/v1/campaigns/1/schedule", { agreed_count: 2, starts_at });
    expect(scheduled).toMatchObject({ status: 200, body: { bot: SHOP, state: "scheduled" } });
    expect((await call("GET", "/v1/calendar")).body.items).toMatchObject([{ campaign: 1, bot: SHOP }]);
    expect((await call("GET", `/v1/calendar?bot=${BOT_ID}`)).body.items).toEqual([]);
    expect((await call("POST", "/v1/campaigns/1/pause")).body).toMatchObject({ state: "paused" });
    expect((await call("POST", "/v1/campaigns/1/resume")).body).toMatchObject({ state: "scheduled" });
    const now = await call("PATCH", "/v1/campaigns/1", {
      agreed_count: 2,
      starts_at: new Date(Date.now() + 1_000).toISOString(),
    });
    expect(now).toMatchObject({ status: 200, body: { bot: SHOP } });
    expect((await call("POST", "/v1/campaigns", { content })).body.number).toBe(3);
    await call("POST", "/v1/campaigns/3/send", { agreed_count: 3 });
    await expect
      .poll(async () => (await call("GET", "/v1/campaigns/3")).body.state, { timeout: 15_000 })
      .toBe("finished");
    expect((await call("GET", "/v1/campaigns/1")).body).toMatchObject({
      state: "scheduled",
      started_at: null,
    });
  });
});

const stats = async ({ call }: ApiScene, query = "") => (await call("GET", `/v1/statistics${query}`)).body;

describe("people and chats", () => {
  test("are those of the bot that is named, and else the home's own", async () => {
    const api = await twoBots();
    const { call } = api;
    const shop = `bot=${SHOP}`;
    expect(idsOf((await call("GET", `/v1/recipients?${shop}&kind=person`)).body)).toEqual([5, 6]);
    expect(idsOf((await call("GET", "/v1/recipients?kind=person")).body)).not.toContain(5);
    expect(idsOf((await call("GET", `/v1/chats?${shop}`)).body)).toEqual([-700]);
    expect(idsOf((await call("GET", "/v1/chats")).body)).toEqual([]);
    expect((await call("GET", `/v1/chats/-700/topics?${shop}`)).status).toBe(200);
    expect((await call("GET", "/v1/chats/-700/topics")).status).toBe(404);
    expect((await call("PUT", `/v1/recipients/7?${shop}`, { language: "de" })).status).toBe(201);
    expect((await call("GET", "/v1/recipients/7")).status).toBe(404);
    expect((await call("PATCH", `/v1/recipients/7?${shop}`, { language: "ru" })).body).toMatchObject({
      id: 7,
      language: "ru",
    });
    expect((await call("GET", `/v1/recipients/7/history?${shop}`)).body.items).toEqual([]);
    const list = "chat_id,language\n8,de\n";
    const csv = { headers: { "content-type": "text/csv" } };
    expect((await call("POST", `/v1/recipients/import?${shop}`, list, csv)).status).toBe(200);
    expect((await call("GET", `/v1/recipients/export?${shop}`)).body).toMatch(/^8,/m);
    expect((await call("GET", "/v1/recipients/export")).body).not.toMatch(/^8,/m);
    expect((await call("DELETE", `/v1/recipients/8?${shop}`)).status).toBe(204);
    expect(await stats(api, `?${shop}`)).toMatchObject({ people: { active: 3 } });
    expect(await stats(api)).toMatchObject({ people: { active: 3, opted_out: 1 } });
  });

  test("are found by the bot's @username as well, in any case and without the @", async () => {
    const { call } = await twoBots();
    for (const bot of ["@shop_bot", "SHOP_BOT", String(SHOP)]) {
      expect(idsOf((await call("GET", `/v1/recipients?bot=${bot}&kind=person`)).body)).toEqual([5, 6]);
      expect((await call("POST", "/v1/campaigns", { content, bot })).body).toMatchObject({ bot: SHOP });
      expect((await call("GET", `/v1/statistics?bot=${bot}`)).body.people.active).toBe(2);
    }
  });

  test("of a bot that there is not: the answer names those there are", async () => {
    const { call } = await twoBots();
    const known = new RegExp(
      `There is no bot @shap_bot here\\. There are @\\w+ \\(${BOT_ID}\\) and @Shop_Bot \\(${SHOP}\\)\\.$`,
    );
    for (const path of ["campaigns", "calendar", "statistics", "chats", "recipients"])
      expect(await call("GET", `/v1/${path}?bot=@shap_bot`)).toMatchObject({
        status: 422,
        body: { errors: [{ parameter: "bot", detail: expect.stringMatching(known) }] },
      });
    expect(await call("GET", "/v1/bots/@shap_bot")).toMatchObject({
      status: 404,
      body: { detail: expect.stringMatching(known) },
    });
    for (const bot of ["", "@", "shop bot", "https://t.me/shop_bot"])
      expect((await call("GET", `/v1/chats?bot=${encodeURIComponent(bot)}`)).status).toBe(422);
  });

  test("of a bot that is not the home's are not to be had", async () => {
    const { call } = await twoBots();
    for (const path of ["recipients", "recipients/1", "chats", "statistics", "recipients/export"])
      expect(await call("GET", `/v1/${path}?bot=${STRANGER}`)).toMatchObject({
        status: 422,
        body: { errors: [{ parameter: "bot" }] },
      });
    expect((await call("PUT", `/v1/recipients/7?bot=${STRANGER}`, {})).status).toBe(422);
    expect((await call("DELETE", `/v1/recipients/7?bot=${STRANGER}`)).status).toBe(422);
  });
});
