import { expect, test } from "vitest";
import { homeScope, scopeOf } from "../../src/db/scope.ts";
import { senders } from "../../src/db/schema.ts";
import { apiScene } from "../support/api.ts";
import { until } from "../support/broadcast.ts";
import { BOT_ID } from "../support/database.ts";
import { FIRST } from "../support/scene.ts";
import { seedPeople } from "../support/seed.ts";
import { SHOP_ID, SHOP_TOKEN } from "../support/senders.ts";

/* A post to the people of two bots, by the API: the home with 6 people, and the shop with 3, of whom 2 have both. */

const SHOP_PEOPLE = [FIRST, FIRST + 1, 200_000];

async function twoBots() {
  const made = await apiScene(6, {
    config: { extraBotTokens: [SHOP_TOKEN] },
    async prepare(scope) {
      await scope.db.insert(senders).values([
        { botId: BOT_ID, homeId: BOT_ID, username: `herald_${BOT_ID}_bot` },
        { botId: SHOP_ID, homeId: BOT_ID, username: `herald_${SHOP_ID}_bot`, handling: "beside" },
      ]);
      const home = homeScope(scope.db, BOT_ID);
      await seedPeople(scopeOf(home, { botId: SHOP_ID }), SHOP_PEOPLE);
    },
  });
  made.telegram.people(1, { firstId: 200_000, bot: SHOP_ID });
  const content = { kind: "text", text: "Autumn menu" };
  return { ...made, makes: (more: object) => made.call("POST", "/v1/campaigns", { content, ...more }) };
}

test("a draft of several bots becomes one campaign per bot, and each person gets it once", async () => {
  const { call, makes, telegram } = await twoBots();
  const made = await makes({ bots: [`@herald_${SHOP_ID}_bot`, BOT_ID] });
  expect(made).toMatchObject({
    status: 201,
    body: {
      number: 1,
      bot: SHOP_ID,
      bots: [SHOP_ID, BOT_ID],
      each_person_once: true,
      together: null,
      reach: {
        reachable: 7,
        by_bot: [
          { bot: SHOP_ID, people: 3, sends: 3 },
          { bot: BOT_ID, people: 6, sends: 4 },
        ],
      },
    },
  });
  expect((await call("POST", "/v1/campaigns/1/send", { agreed_count: 9 })).status).toBe(409);
  const sent = await call("POST", "/v1/campaigns/1/send", { agreed_count: 7 });
  expect(sent).toMatchObject({
    status: 200,
    body: { number: 1, bot: SHOP_ID, together: [1, 2], bots: null },
  });
  expect((await call("GET", "/v1/campaigns/2")).body).toMatchObject({ bot: BOT_ID, together: [1, 2] });
  await until(async () => {
    const { body } = await call("GET", "/v1/campaigns");
    return body.items.every(({ state }: { state: string }) => state === "finished");
  });
  const copies = telegram.counts(({ text }) => text === "Autumn menu");
  expect([...copies.values()]).toEqual(Array.from({ length: 7 }, () => 1));
}, 60_000);

test("what does not go together is refused, and names the place", async () => {
  const { makes } = await twoBots();
  const refusals = [
    [{ bots: ["@shap_bot"] }, "/bots/0"],
    [{ bots: [] }, "/bots"],
    [{ bot: BOT_ID, bots: [SHOP_ID] }, "/bots"],
  ] as const;
  for (const [body, pointer] of refusals) {
    const answer = await makes(body);
    expect([answer.status, answer.body.errors?.[0]?.pointer]).toEqual([422, pointer]);
  }
  const chats = await makes({ bots: [BOT_ID, SHOP_ID], audience: { chats: [{ chat_id: -5 }] } });
  expect(chats).toMatchObject({ status: 422 });
  const each = await makes({ bots: [BOT_ID, SHOP_ID], each_person_once: false });
  expect(each.body).toMatchObject({ each_person_once: false, reach: { reachable: 9 } });
}, 60_000);
