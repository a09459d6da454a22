import { beforeAll, beforeEach, expect, test } from "vitest";
import { addCategory, switchCategory } from "../../src/campaign/actions/change-categories.ts";
import { retry } from "../../src/campaign/actions/retry.ts";
import type { Campaign } from "../../src/campaign/campaign.ts";
import { longestCapDays } from "../../src/campaign/frequency-cap.ts";
import { countRecipients } from "../../src/campaign/recipients-of.ts";
import { saveSettings } from "../../src/campaign/settings.ts";
import { countUnfrozen } from "../../src/campaign/unfrozen.ts";
import { type Scope, scopeOf } from "../../src/db/scope.ts";
import { deliveries, senders } from "../../src/db/schema.ts";
import type { DeliveryState } from "../../src/db/states.ts";
import { freezeChunk } from "../../src/delivery/freeze/freeze-chunk.ts";
import { readCap } from "../../src/bot/features/settings/cap-screen.ts";
import { BOT_ID, freshScope } from "../support/database.ts";
import { ADMIN, deliveriesOf, emptied, range, seedCampaign, seedPeople } from "../support/seed.ts";

const SHOP = BOT_ID + 1;
const DAY_MS = 86_400_000;
/** The present: what was sent is dated by the database. */
const now = new Date();
const ago = (days: number) => new Date(now.getTime() - days * DAY_MS);

let home: Scope;
const of = (botId: number) => scopeOf(home, { botId });
beforeAll(async () => {
  home = await freshScope();
});
beforeEach(async () => {
  await emptied(home);
  await home.db.insert(senders).values({ botId: SHOP, homeId: BOT_ID });
});

const capAt = (most: number, days = 7) => saveSettings(home, ADMIN, { cap: { most, days } });

const pick = (most: number) => Math.floor(Math.random() * most);

interface Got {
  chatId: number;
  state: DeliveryState;
  daysAgo: number;
}

/** A campaign of the past, with what became of it for each person. */
async function past(got: readonly Got[], botId = BOT_ID, change: Partial<Campaign> = {}): Promise<number> {
  const started = { startedAt: ago(30), finishedAt: now, frozenAt: ago(30), total: got.length };
  const { id } = await seedCampaign(of(botId), { state: "finished", ...started, ...change });
  const rows = got.map(({ chatId, state, daysAgo }, index) => ({
    botId,
    campaignId: id,
    seq: index + 1,
    chatId,
    state,
    ...(state !== "pending" && { settledAt: ago(daysAgo) }),
  }));
  if (rows.length > 0) await home.db.insert(deliveries).values(rows);
  return id;
}
const sentTo = (ids: readonly number[], daysAgo = 1): Got[] =>
  ids.map((chatId) => ({ chatId, state: "sent", daysAgo }));

const next = (change: Partial<Campaign> = {}, botId = BOT_ID) =>
  seedCampaign(of(botId), { state: "running", startedAt: now, ...change });

async function frozen({ botId, id }: Campaign, size = 3): Promise<number[]> {
  while (!(await freezeChunk(of(botId), id, size))) continue;
  return (await deliveriesOf(of(botId), id)).map(({ chatId }) => chatId);
}

test("no cap lets everyone get it, 0 nobody, and a category may be without the cap", async () => {
  await seedPeople(home, [1, 2, 3]);
  await past(sentTo([1, 2, 3]));
  await addCategory(home, ADMIN, { name: "Receipts", names: {} });
  await switchCategory(home, ADMIN, 1, "uncapped", true);
  expect(await frozen(await next())).toEqual([1, 2, 3]);
  await capAt(0);
  const held = await next();
  expect(await countRecipients(home, held, now)).toEqual({
    reachable: 0,
    optedOut: 0,
    unreachable: 0,
    overCap: 3,
  });
  expect(await frozen(held)).toEqual([]);
  expect(await frozen(await next({ category: 1 }))).toEqual([1, 2, 3]);
  await saveSettings(home, ADMIN, { cap: null });
  expect(await frozen(await next())).toEqual([1, 2, 3]);
});

test("what counts is what was sent or is uncertain, lately, by this bot, to a person; a retry is not held back", async () => {
  await capAt(1);
  await seedPeople(home, range(1, 8));
  await past([
    { chatId: 1, state: "sent", daysAgo: 1 },
    { chatId: 2, state: "uncertain", daysAgo: 1 },
    { chatId: 3, state: "failed", daysAgo: 1 },
    { chatId: 4, state: "skipped", daysAgo: 1 },
    { chatId: 5, state: "sent", daysAgo: 8 },
    { chatId: 6, state: "pending", daysAgo: 0 },
  ]);
  await past(sentTo([7]), SHOP);
  await past(sentTo([8]), BOT_ID, { audience: { chats: [{ chatId: 8 }] } });
  const campaign = await next();
  expect(await countRecipients(home, campaign, now)).toMatchObject({ reachable: 6, overCap: 2 });
  expect(await countUnfrozen(home, campaign)).toBe(6);
  expect(await frozen(campaign)).toEqual([3, 4, 5, 6, 7, 8]);
  // By now all of them are over the cap.
  const again = await past([{ chatId: 1, state: "failed", daysAgo: 1 }]);
  await retry(home, ADMIN, again, "failed");
  expect((await deliveriesOf(home, again)).map(({ state }) => state)).toEqual(["pending"]);
});

test("of several bots, each holds back those whom it has sent enough, and another one may reach them", async () => {
  await capAt(1);
  await seedPeople(home, [1, 2, 3]);
  await seedPeople(of(SHOP), [1, 2, 4]);
  await past(sentTo([1, 2]));
  await past(sentTo([2, 4]), SHOP);
  const draft = await seedCampaign(home, { bots: [BOT_ID, SHOP], eachOnce: true });
  expect(await countRecipients(home, draft, now)).toMatchObject({
    reachable: 2,
    overCap: 2,
    unreachable: 0,
    shares: [{ sends: 1 }, { sends: 1 }],
  });
  expect(await countRecipients(home, { ...draft, eachOnce: false }, now)).toMatchObject({
    reachable: 2,
    overCap: 4,
  });
  const bundle = { bundleId: 5, eachOnce: true };
  expect(await frozen(await next(bundle))).toEqual([3]);
  expect(await frozen(await next(bundle, SHOP))).toEqual([1]);
});

test("random campaigns: whom a freeze takes, and whom the review counts, are those whom plain arithmetic lets through", async () => {
  const states = ["sent", "sent", "sent", "uncertain", "failed", "skipped", "pending"] as const;
  const people = range(1, 40);
  for (let run = 0; run < 8; run += 1) {
    await emptied(home);
    await seedPeople(home, people);
    const [most, days] = [1 + pick(4), 1 + pick(10)];
    await capAt(most, days);
    const got = new Map<number, number>();
    for (let campaigns = pick(8); campaigns > 0; campaigns -= 1) {
      const gone = people
        .filter(() => pick(3) > 0)
        .map((chatId) => {
          const one = { chatId, state: states[pick(states.length)] ?? "sent", daysAgo: pick(12) + 0.5 };
          const counts = (one.state === "sent" || one.state === "uncertain") && one.daysAgo < days;
          if (counts) got.set(chatId, (got.get(chatId) ?? 0) + 1);
          return one;
        });
      await past(gone, BOT_ID, pick(3) === 0 ? { state: "running", finishedAt: null } : {});
    }
    const fit = people.filter((chatId) => (got.get(chatId) ?? 0) < most);
    const campaign = await next();
    expect(await countRecipients(home, campaign, now)).toMatchObject({ reachable: fit.length });
    expect(await frozen(campaign, 1 + pick(12))).toEqual(fit);
  }
});

test("a cap is typed in both languages, and looks back no longer than deliveries are kept", () => {
  for (const typed of ["3 in 7", "3 за 7 дней", "3/7", "3-7 days"])
    expect(readCap(typed)).toEqual({ most: 3, days: 7 });
  for (const typed of ["0", "0 campaigns"]) expect(readCap(typed)).toMatchObject({ most: 0 });
  for (const typed of ["", "3", "101 in 7", "3 in 0", "no", "-1"]) expect(readCap(typed)).toBeNull();
  expect([longestCapDays(0), longestCapDays(30), longestCapDays(365)]).toEqual([90, 30, 90]);
});
