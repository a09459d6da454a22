import { eq } from "drizzle-orm";
import { expect, test } from "vitest";
import { campaigns } from "../../src/db/schema.ts";
import { homeScope, scopeOf } from "../../src/db/scope.ts";
import { listSenders } from "../../src/senders/sender-store.ts";
import { TITLE, botsScene } from "../support/bots-scene.ts";
import { until } from "../support/broadcast.ts";
import { BOT_ID } from "../support/database.ts";
import type { SceneOptions } from "../support/scene.ts";
import { seedCampaign, seedPeople, range } from "../support/seed.ts";
import { SHOP_ID } from "../support/senders.ts";
import { en } from "../support/words.ts";

/** The shop with people, whose card is open. */
async function withShop(people: number, options: SceneOptions = {}) {
  const staged = await botsScene(options);
  const { owner, onDatabase, hasShop, opens } = staged;
  await hasShop();
  const its = <T>(work: (scope: ReturnType<typeof scopeOf>) => Promise<T>) =>
    onDatabase((db) => work(scopeOf(homeScope(db, BOT_ID), { botId: SHOP_ID })));
  await its((scope) => seedPeople(scope, range(11, 10 + people)));
  await opens();
  await owner.taps(TITLE);
  await owner.sees(en.like("bots-added"));
  const isGone = async () => (await staged.shop()) === null;
  return { ...staged, its, isGone };
}

const PAUSED = { state: "paused", pauseReason: "admin" } as const;
const loses = (people: number, campaigns: number) =>
  en("bots-loses", { people: en("bots-people", { count: people }), campaigns });

test("a bot with a few people is removed by a tap, after a question that says what goes with it", async () => {
  const { owner, onDatabase, isGone, its } = await withShop(3);
  const { id } = await its((scope) => seedCampaign(scope, { state: "finished" }));
  await owner.taps(en("bots-remove"));
  const { text } = await owner.sees(en("bots-ask-remove", { name: TITLE }));
  expect(text).toContain(loses(3, 1));
  expect(text).toContain(`/v1/recipients/export?bot=${SHOP_ID}`);
  expect(id).toBeGreaterThan(0);
  expect(await isGone()).toBe(false);
  await owner.taps(en("bots-yes-remove"));
  await until(isGone);
  await owner.sees(en("bots-title"));
  const left = await onDatabase((db) => listSenders(homeScope(db, BOT_ID)));
  expect(left.map(({ botId }) => botId)).toEqual([BOT_ID]);
});

test("one with open campaigns, by typing its name; it is asked again if another campaign would end", async () => {
  const { owner, isGone, its } = await withShop(3);
  const { id } = await its((scope) => seedCampaign(scope, PAUSED));
  await owner.taps(en("bots-remove"));
  const question = await owner.sees(en("bots-ends", { count: 1 }));
  expect(question.text).toContain(en("bots-ending", { id: String(id), state: en("state-paused") }));
  expect(question.text).toContain(en("bots-type-name", { name: "@shop_bot" }));
  expect(owner.buttons(question)).toEqual([[en("button-back")]]);
  await owner.sends("yes");
  await owner.sees(en("bots-wrong-name", { text: "yes", name: "@shop_bot" }));
  const { id: second } = await its((scope) => seedCampaign(scope, PAUSED));
  await owner.sends("@shop_bot");
  await owner.sees(en("bots-campaigns-moved"));
  await owner.sees(en("bots-ends", { count: 2 }));
  expect(await isGone()).toBe(false);
  await owner.sends("shop_bot");
  await owner.sees(en("bots-removed", { name: TITLE }));
  expect(await isGone()).toBe(true);
  const states = await its((scope) =>
    scope.db.select({ state: campaigns.state }).from(campaigns).where(eq(campaigns.botId, scope.botId)),
  );
  expect(states).toEqual([{ state: "cancelled" }, { state: "cancelled" }]);
  expect(second).toBeGreaterThan(id);
});

test("one with many people, by typing its name; after Back, what is typed removes nothing", async () => {
  const { owner, isGone } = await withShop(20, { config: { confirmTypedFrom: 20 } });
  await owner.taps(en("bots-remove"));
  await owner.sees(loses(20, 0));
  await owner.taps(en("button-back"));
  await owner.sees(en.like("bots-added"));
  await owner.sends("@shop_bot");
  await owner.sees(en("outside-dialog"));
  expect(await isGone()).toBe(false);
});

test("a tap on an old question does not remove a bot that has got a campaign since", async () => {
  const { owner, isGone, its } = await withShop(3);
  await owner.taps(en("bots-remove"));
  await owner.sees(loses(3, 0));
  await its((scope) => seedCampaign(scope, PAUSED));
  await owner.taps(en("bots-yes-remove"));
  await owner.sees(en("bots-type-name", { name: "@shop_bot" }));
  expect(await isGone()).toBe(false);
});
