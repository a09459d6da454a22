import { and, asc, eq } from "drizzle-orm";
import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import { countJoint } from "../../src/audience/segment/joint-count.ts";
import { EVERYONE, type People } from "../../src/audience/segment/audience.ts";
import { readLine } from "../../src/audience/segment/read-line.ts";
import { beginChange } from "../../src/campaign/actions/begin-change.ts";
import { cancel } from "../../src/campaign/actions/cancel.ts";
import { chooseBots } from "../../src/campaign/actions/choose-bots.ts";
import { createDraft } from "../../src/campaign/actions/create-draft.ts";
import { editDraft } from "../../src/campaign/actions/edit-draft.ts";
import { launch } from "../../src/campaign/actions/launch.ts";
import { pause } from "../../src/campaign/actions/pause.ts";
import {
  cancelBundle,
  duplicateBundle,
  pauseBundle,
  resumeBundle,
} from "../../src/campaign/actions/steer-bundle.ts";
import { listBundle, subjectOfBundle } from "../../src/campaign/bundle.ts";
import type { Campaign } from "../../src/campaign/campaign.ts";
import { findingsOf } from "../../src/campaign/findings.ts";
import { finish, startDue } from "../../src/campaign/engine-moves.ts";
import { listNews } from "../../src/campaign/news/news.ts";
import { countRecipients } from "../../src/campaign/recipients-of.ts";
import { findCampaign, getCampaign } from "../../src/campaign/queries.ts";
import { countFound, countLists, listPage } from "../../src/campaign/search.ts";
import { type Scope, limitedTo, scopeOf } from "../../src/db/scope.ts";
import { admins, bundlePeople, campaigns, deliveries, recipients, senders } from "../../src/db/schema.ts";
import { progressAhead } from "../../src/delivery/freeze/bundle-order.ts";
import { freezeChunk } from "../../src/delivery/freeze/freeze-chunk.ts";
import { dropBundlePeople, listSpentBundles } from "../../src/delivery/upkeep/spent-bundles.ts";
import { dayBoundsIn } from "../../src/schedule/day-bounds.ts";
import type { Recurrence } from "../../src/schedule/recurrence.ts";
import { BOT_ID, freshScope } from "../support/database.ts";
import { ADMIN, ADMIN_ID, NOW, POST, emptied, ownerActor, range, seedPeople } from "../support/seed.ts";

/* A home with three bots, one draft for all of them, and the campaigns that it becomes. */

const SHOP = BOT_ID + 1;
const NEWS = BOT_ID + 2;
const ALL = [SHOP, BOT_ID, NEWS];

let home: Scope;
const of = (botId: number) => scopeOf(home, { botId });
beforeAll(async () => {
  home = await freshScope();
});
beforeEach(async () => {
  await emptied(home);
  await home.db.insert(senders).values([
    { botId: SHOP, homeId: BOT_ID },
    { botId: NEWS, homeId: BOT_ID },
  ]);
  // 1 has all three, 2 the home and the news, 3 to 5 one each.
  await seedPeople(of(SHOP), [1, 3]);
  await seedPeople(of(BOT_ID), [1, 2, 4]);
  await seedPeople(of(NEWS), [1, 2, 5]);
});

const limits = { now: NOW, typedFrom: 1_000, mostScheduled: 10 };
const later = new Date(NOW.getTime() + 3_600_000);
let drafts = 0;

async function draftOf(bots: readonly number[] = ALL, more: Partial<Campaign> = {}): Promise<Campaign> {
  drafts += 1;
  const draft = { content: POST, audience: EVERYONE, originKey: `draft ${drafts}`, ...more };
  return createDraft(home, ADMIN, draft, bots);
}

/** Confirms a draft, with as many people as there are. */
async function confirmed(draft: Campaign, actor = ADMIN): Promise<Campaign[]> {
  const { reachable: count } = await countRecipients(home, draft, NOW);
  const agreed = { count, typedCount: null, startsAt: draft.startsAt };
  await launch(home, actor, draft, agreed, limits);
  return listBundle(home, draft.id);
}

async function status(botId: number, chatId: number, change: Partial<typeof recipients.$inferInsert>) {
  await home.db
    .update(recipients)
    .set(change)
    .where(and(eq(recipients.botId, botId), eq(recipients.chatId, chatId)));
}

/** Starts all of them, and freezes them in this order; returns whom each has. */
async function frozen(bundle: readonly Campaign[], order = bundle): Promise<number[][]> {
  for (const campaign of bundle) await startDue(scopeOf(home, campaign), campaign.id, later);
  for (const campaign of order)
    while (!(await freezeChunk(scopeOf(home, campaign), campaign.id, 2))) continue;
  return Promise.all(bundle.map(peopleOf));
}

async function peopleOf({ botId, id }: Campaign): Promise<number[]> {
  const rows = await home.db
    .select({ chatId: deliveries.chatId })
    .from(deliveries)
    .where(and(eq(deliveries.botId, botId), eq(deliveries.campaignId, id)))
    .orderBy(asc(deliveries.seq));
  return rows.map(({ chatId }) => chatId);
}

const count = (eachOnce: boolean, bots = ALL) => countJoint(home, { bots, eachOnce }, EVERYONE, NOW);

describe("the people of several bots", () => {
  test("are counted by bot, and once if each gets it once: by the first that reaches them", async () => {
    expect(await count(true)).toEqual({
      reachable: 5,
      optedOut: 0,
      unreachable: 0,
      several: 2,
      shares: [
        { botId: SHOP, people: 2, sends: 2 },
        { botId: BOT_ID, people: 3, sends: 2 },
        { botId: NEWS, people: 3, sends: 1 },
      ],
    });
    expect((await count(false)).shares.map(({ sends }) => sends)).toEqual([2, 3, 3]);
    expect((await count(false)).reachable).toBe(8);
    expect((await count(true, [NEWS, SHOP])).shares.map(({ sends }) => sends)).toEqual([3, 1]);
  });

  test("who blocked or left one bot is reached by the next, and is left out only if none reaches them", async () => {
    await status(SHOP, 1, { status: "blocked" });
    await status(BOT_ID, 1, { optedOutAt: NOW });
    await status(BOT_ID, 4, { optedOutAt: NOW });
    await status(SHOP, 3, { status: "blocked" });
    expect(await count(true)).toMatchObject({ reachable: 3, optedOut: 1, unreachable: 1 });
    expect((await count(true)).shares.map(({ sends }) => sends)).toEqual([0, 1, 2]);
    expect(await count(false)).toMatchObject({ reachable: 4, optedOut: 2, unreachable: 2 });
  });
});

function segmentOf(line: string): People {
  const reading = readLine(line, dayBoundsIn("UTC"));
  if (reading.type !== "read") throw new Error(`${line}: ${reading.type}`);
  return { languages: "all", segment: reading.segment };
}

describe("a segment of several bots", () => {
  test("has no first so many, which each bot would count for itself: one bot has to be chosen", async () => {
    const first: People = { languages: "all", first: 2 };
    const draft = await draftOf(ALL, { audience: first });
    expect(await findingsOf(home, draft)).toMatchObject([
      { level: "error", type: "segment-first-of-several" },
    ]);
    await expect(confirmed(draft)).rejects.toMatchObject({ code: "unsendable" });
    const alone = await chooseBots(home, ADMIN, draft, [BOT_ID]);
    expect(await findingsOf(home, alone)).toEqual([]);
    expect((await countRecipients(home, alone, NOW)).reachable).toBe(2);
  });

  test("nor does a change of one campaign have it, if others of its bundle take people first", async () => {
    for (const eachOnce of [true, false]) {
      const [one] = await confirmed(await draftOf(ALL, { startsAt: later, eachOnce }));
      const change = await beginChange(home, ADMIN, one?.id ?? 0, `change ${eachOnce}`);
      const edited = await editDraft(home, ADMIN, change, { audience: { languages: "all", first: 1 } });
      expect((await findingsOf(home, edited)).map(({ type }) => type)).toEqual(
        eachOnce ? ["segment-first-of-several"] : [],
      );
    }
  });

  test("does not ask who got the campaign of one of them: of the others' people that is not known", async () => {
    const own = await draftOf([BOT_ID]);
    await confirmed(own);
    for (const line of [`got:${own.id}`, `-got:${own.id}`]) {
      const draft = await draftOf(ALL, { audience: segmentOf(line) });
      expect(await findingsOf(home, draft)).toMatchObject([
        { level: "error", type: "segment-campaign-elsewhere", number: String(own.id) },
      ]);
      await expect(confirmed(draft)).rejects.toMatchObject({ code: "unsendable" });
      const alone = await chooseBots(home, ADMIN, draft, [BOT_ID]);
      expect(await findingsOf(home, alone)).toEqual([]);
    }
  });

  test("by chance takes the same people from each bot, so N % are N % of all, and each of them gets it once", async () => {
    const more = range(100, 399);
    for (const botId of ALL) await seedPeople(of(botId), more);
    const draft = await draftOf(ALL, { audience: segmentOf("chance:20%") });
    const { reachable, shares = [] } = await countRecipients(home, draft, NOW);
    expect(reachable).toBeGreaterThan(30);
    expect(reachable).toBeLessThan(100);
    const bundle = await confirmed(await editDraft(home, ADMIN, draft, { startsAt: later }));
    const all = (await frozen(bundle)).flat();
    expect(all).toHaveLength(reachable);
    expect(new Set(all).size).toBe(reachable);
    expect(shares.reduce((sum, { sends }) => sum + sends, 0)).toBe(reachable);
  });
});

describe("a draft of several bots", () => {
  test("keeps the numbers after its own, also for bots that are chosen later", async () => {
    const draft = await draftOf();
    expect(draft).toMatchObject({ id: 1, botId: SHOP, bots: ALL, numbers: [2, 3], eachOnce: true });
    const single = await draftOf([NEWS]);
    expect(single).toMatchObject({ id: 4, botId: NEWS, bots: null, numbers: null });
    const widened = await chooseBots(home, ADMIN, single, [BOT_ID, NEWS]);
    expect(widened).toMatchObject({
      id: 4,
      botId: BOT_ID,
      bots: [BOT_ID, NEWS],
      numbers: [5],
      eachOnce: true,
    });
    const narrowed = await chooseBots(home, ADMIN, widened, [NEWS]);
    expect(narrowed).toMatchObject({ botId: NEWS, bots: null });
    expect(await getCampaign(home, 4)).toMatchObject({ botId: NEWS, revision: 3 });
  });

  test("is for people: chats are refused, and dropped when bots are chosen", async () => {
    const chats = { chats: [{ chatId: -5 }] };
    await expect(draftOf(ALL, { audience: chats })).rejects.toMatchObject({ code: "bots-for-chats" });
    await expect(editDraft(home, ADMIN, await draftOf(), { audience: chats })).rejects.toMatchObject({
      code: "bots-for-chats",
    });
    const posted = await draftOf([SHOP], { audience: chats });
    expect((await chooseBots(home, ADMIN, posted, ALL)).audience).toEqual({ languages: [] });
  });

  test("names a bot that is not of the home, and stays as it is", async () => {
    const draft = await draftOf([SHOP]);
    await expect(chooseBots(home, ADMIN, draft, [SHOP, 99])).rejects.toMatchObject({ code: "bot-unknown" });
    expect(await getCampaign(home, draft.id)).toMatchObject({ bots: null, revision: draft.revision });
  });
});

describe("confirming it", () => {
  test("makes one campaign per bot, in their order, with the numbers that were kept", async () => {
    const draft = await draftOf();
    await draftOf([BOT_ID]);
    const bundle = await confirmed(draft);
    expect(bundle.map(({ id, botId, agreedCount }) => [id, botId, agreedCount])).toEqual([
      [1, SHOP, 2],
      [2, BOT_ID, 2],
      [3, NEWS, 1],
    ]);
    for (const campaign of bundle)
      expect(campaign).toMatchObject({
        state: "scheduled",
        bundleId: 1,
        eachOnce: true,
        startsAt: NOW,
        content: draft.content,
        createdBy: ADMIN_ID,
        bots: null,
      });
  });

  test("does all of it or nothing: not if a bot is removed, or has no place left", async () => {
    const draft = await draftOf(ALL, { startsAt: later });
    await home.db.update(senders).set({ removedAt: NOW }).where(eq(senders.botId, NEWS));
    await expect(confirmed(draft)).rejects.toMatchObject({ code: "bot-unknown" });
    await home.db.update(senders).set({ removedAt: null }).where(eq(senders.botId, NEWS));
    await confirmed(await draftOf([NEWS], { startsAt: later }));
    const agreed = { count: 5, typedCount: null, startsAt: later };
    const full = launch(home, ADMIN, draft, agreed, { ...limits, mostScheduled: 1 });
    await expect(full).rejects.toMatchObject({ code: "too-many" });
    expect(await listBundle(home, draft.id)).toEqual([]);
    expect(await getCampaign(home, draft.id)).toMatchObject({ state: "draft", bots: ALL });
    expect(await confirmed(draft)).toHaveLength(3);
  });

  test("asks again when the number of people, each counted once, has moved", async () => {
    const draft = await draftOf();
    const agreed = { count: 8, typedCount: null, startsAt: null };
    await expect(launch(home, ADMIN, draft, agreed, limits)).rejects.toMatchObject({ code: "count-moved" });
  });
});

describe("where each person gets it once", () => {
  test("the first bot that reaches them takes them, whichever freezes first or at the same time", async () => {
    await status(SHOP, 1, { status: "blocked" });
    expect(await frozen(await confirmed(await draftOf()))).toEqual([[3], [1, 2, 4], [5]]);
    const bundle = await confirmed(await draftOf());
    expect(await frozen(bundle, bundle.toReversed())).toEqual([[3], [4], [1, 2, 5]]);
  });

  test("bots that freeze at the same time take nobody twice and leave nobody out", async () => {
    const many = Array.from({ length: 400 }, (_, index) => 1_000 + index);
    for (const bot of ALL) await seedPeople(of(bot), many);
    const bundle = await confirmed(await draftOf());
    for (const { botId, id } of bundle) await startDue(of(botId), id, later);
    // Each of them by two processes.
    await Promise.all(
      [...bundle, ...bundle].map(async ({ botId, id }) => {
        while (!(await freezeChunk(of(botId), id, 7))) continue;
      }),
    );
    const all = (await Promise.all(bundle.map(peopleOf))).flat();
    expect(all.toSorted((a, b) => a - b)).toEqual([1, 2, 3, 4, 5, ...many]);
    const totals = (await listBundle(home, bundle[0]?.bundleId ?? 0)).map(({ total }) => total);
    expect(totals.reduce((sum, total) => sum + total, 0)).toBe(405);
  });

  test("from each, if the author wants that", async () => {
    const draft = await editDraft(home, ADMIN, await draftOf(), { eachOnce: false });
    expect(await frozen(await confirmed(draft))).toEqual([
      [1, 3],
      [1, 2, 4],
      [1, 2, 5],
    ]);
    expect(await home.db.select().from(bundlePeople)).toEqual([]);
  });

  test("a bot waits for those before it, but not for one that is paused, over or moved to later", async () => {
    const bundle = await confirmed(await draftOf());
    const [shop, own, news] = bundle.map(({ id }) => id);
    const ahead = () => progressAhead(of(NEWS), news ?? 0);
    await startDue(of(NEWS), news ?? 0, later);
    expect(await progressAhead(of(SHOP), shop ?? 0)).toBeNull();
    expect(await ahead()).toEqual({ id: shop, progress: "scheduled " });
    expect(await progressAhead(of(NEWS), news ?? 0, shop)).toEqual({ id: own, progress: "scheduled " });
    await startDue(of(SHOP), shop ?? 0, later);
    expect(await ahead()).toEqual({ id: shop, progress: "running " });
    await freezeChunk(of(SHOP), shop ?? 0, 1);
    expect(await ahead()).toEqual({ id: shop, progress: "running 1" });
    await pause(home, ADMIN, shop ?? 0);
    expect(await ahead()).toEqual({ id: own, progress: "scheduled " });
    await cancel(home, ADMIN, own ?? 0, NOW);
    expect(await ahead()).toBeNull();
  });

  test("a campaign that waits counts only people whom no other has taken or will take", async () => {
    const bundle = await confirmed(await draftOf(ALL, { startsAt: later }));
    const left = () =>
      Promise.all(
        bundle.map(
          async ({ id }) => (await countRecipients(home, await getCampaign(home, id), NOW)).reachable,
        ),
      );
    expect(await left()).toEqual([2, 2, 1]);
    await cancel(home, ADMIN, bundle[1]?.id ?? 0, NOW);
    expect((await left())[2]).toBe(2);
    await startDue(of(NEWS), bundle[2]?.id ?? 0, later);
    while (!(await freezeChunk(of(NEWS), bundle[2]?.id ?? 0, 5))) continue;
    expect((await left())[0]).toBe(1);
  });

  test("whom it has is forgotten once all of it ended long ago, and not before", async () => {
    const bundle = await confirmed(await draftOf());
    await frozen(bundle);
    const end = async ({ id }: Campaign) =>
      home.db.update(campaigns).set({ state: "finished", finishedAt: NOW }).where(eq(campaigns.id, id));
    for (const campaign of bundle.slice(1)) await end(campaign);
    expect(await listSpentBundles(home, later)).toEqual([]);
    await end(bundle[0] as Campaign);
    expect(await listSpentBundles(home, new Date(NOW.getTime() - 1))).toEqual([]);
    const [spent = 0] = await listSpentBundles(home, later);
    expect(spent).toBe(bundle[0]?.bundleId);
    expect(await dropBundlePeople(home, spent, 0, 3)).toBe(3);
    expect(await dropBundlePeople(home, spent, 3, 3)).toBe(5);
    expect(await dropBundlePeople(home, spent, 5, 3)).toBeNull();
    expect(await listSpentBundles(home, later)).toEqual([]);
  });
});

const states = async (bundle: readonly Campaign[]) =>
  (await listBundle(home, bundle[0]?.bundleId ?? 0)).map(({ state }) => state);

const told = async () =>
  (await listNews(home)).map(({ campaignId, what, actorId }) => [campaignId, what, actorId]);

describe("together", () => {
  test("they are paused, resumed and cancelled, those that it fits", async () => {
    const bundle = await confirmed(await draftOf());
    const id = bundle[0]?.bundleId ?? 0;
    await startDue(of(SHOP), bundle[0]?.id ?? 0, NOW);
    await startDue(of(NEWS), bundle[2]?.id ?? 0, NOW);
    expect(await pauseBundle(home, ADMIN, id)).toHaveLength(3);
    await expect(pauseBundle(home, ADMIN, id)).rejects.toMatchObject({ code: "conflict" });
    // The one that had not started is overdue, which somebody has to decide.
    expect(await resumeBundle(home, ADMIN, id, later)).toHaveLength(2);
    expect(await states(bundle)).toEqual(["running", "paused", "running"]);
    await expect(resumeBundle(home, ADMIN, id, later)).rejects.toMatchObject({
      code: "overdue",
      details: { id: bundle[1]?.id },
    });
    expect(await cancelBundle(home, ADMIN, id, NOW)).toHaveLength(3);
    await expect(cancelBundle(home, ADMIN, id, NOW)).rejects.toMatchObject({ code: "conflict" });
    await expect(pauseBundle(home, { type: "key", id: 1, name: "" }, id)).rejects.toMatchObject({
      code: "forbidden",
    });
  });

  test("their author is told once that they began, and once when all have ended", async () => {
    const bundle = await confirmed(await draftOf(ALL, { startsAt: later }));
    const subject = subjectOfBundle(bundle[0]?.bundleId ?? 0);
    // An hour later nobody is looking at the card any longer.
    const began = new Date(Date.now() + 3_600_000);
    for (const { botId, id } of bundle) await startDue(of(botId), id, began);
    expect(await told()).toEqual([[subject, "began", null]]);
    await Promise.all(
      bundle.map(async ({ botId, id }) => {
        await home.db.update(campaigns).set({ frozenAt: NOW }).where(eq(campaigns.id, id));
        await finish(of(botId), id, began);
      }),
    );
    expect(await told()).toEqual([
      [subject, "began", null],
      [subject, "ended", null],
    ]);
  });

  test("what another admin does to all of them is told once", async () => {
    const bundle = await confirmed(await draftOf());
    await pauseBundle(home, ownerActor(8), bundle[0]?.bundleId ?? 0);
    expect((await listNews(home)).map(({ campaignId, what }) => [campaignId, what])).toEqual([
      [subjectOfBundle(bundle[0]?.bundleId ?? 0), "paused"],
    ]);
  });

  test("they are one entry of each list that they are in; for one bot each is its own", async () => {
    const bundle = await confirmed(await draftOf());
    await startDue(of(BOT_ID), bundle[1]?.id ?? 0, NOW);
    await startDue(of(NEWS), bundle[2]?.id ?? 0, NOW);
    expect(await countLists(home)).toEqual({ running: 1, scheduled: 1, drafts: 0, done: 0 });
    const shown = async (bot?: number) =>
      (await listPage(home, "running", { page: 0, size: 5, bot })).campaigns.map(({ id }) => id);
    expect(await shown()).toEqual([bundle[1]?.id]);
    expect(await shown(NEWS)).toEqual([bundle[2]?.id]);
    expect(await countFound(home, "hello")).toBe(1);
    expect(await countFound(home, "hello", NEWS)).toBe(1);
  });

  test("a copy is one draft of the same bots, without those that are gone", async () => {
    const bundle = await confirmed(await draftOf());
    const id = bundle[0]?.bundleId ?? 0;
    expect(await duplicateBundle(home, ADMIN, id, "copy 1")).toMatchObject({ bots: ALL, eachOnce: true });
    await home.db.update(senders).set({ removedAt: NOW }).where(eq(senders.botId, SHOP));
    expect(await duplicateBundle(home, ADMIN, id, "copy 2")).toMatchObject({ bots: [BOT_ID, NEWS] });
  });
});

test("what is done to several bots is for those who may use all of them", async () => {
  const anna = { type: "admin", userId: 9, owner: false } as const;
  const some = [SHOP, BOT_ID];
  await home.db
    .insert(admins)
    .values({ homeId: BOT_ID, userId: 9, name: "Anna", addedBy: ADMIN_ID, bots: some });
  const unknown = { code: "bot-unknown", details: { bot: NEWS } };
  const draft = await draftOf();
  expect(await findCampaign(limitedTo(home, some), draft.id)).toBeNull();
  await expect(confirmed(draft, anna)).rejects.toMatchObject(unknown);
  await expect(editDraft(home, anna, draft, { eachOnce: false })).rejects.toMatchObject(unknown);
  const own = await draftOf(some);
  expect(await findCampaign(limitedTo(home, some), own.id)).toMatchObject({ bots: some });
  await expect(chooseBots(home, anna, own, ALL)).rejects.toMatchObject(unknown);
  const bundle = await confirmed(draft);
  await expect(pauseBundle(home, anna, draft.id)).rejects.toMatchObject(unknown);
  await expect(duplicateBundle(home, anna, draft.id, "copy")).rejects.toMatchObject(unknown);
  expect(await pauseBundle(home, anna, (await confirmed(own, anna))[0]?.id ?? 0)).toHaveLength(2);
  expect(await states(bundle)).toEqual(["scheduled", "scheduled", "scheduled"]);
});

describe("a series of several bots", () => {
  const recurrence: Recurrence = { zone: "UTC", rule: { every: "day", hour: 9, minute: 0 } };

  test("makes each run one per bot, in their order, whichever bot comes to it first", async () => {
    const bundle = await confirmed(await draftOf(ALL, { startsAt: later, recurrence }));
    expect(bundle.map(({ seriesId, run, id }) => [seriesId === id, run])).toEqual([
      [true, 1],
      [true, 1],
      [true, 1],
    ]);
    for (const { botId, id } of bundle.toReversed()) await startDue(of(botId), id, later);
    const next = await listBundle(home, 4);
    expect(next.map(({ id, botId, run, eachOnce }) => [id, botId, run, eachOnce])).toEqual([
      [4, SHOP, 2, true],
      [5, BOT_ID, 2, true],
      [6, NEWS, 2, true],
    ]);
    await cancelBundle(home, ADMIN, 4, NOW);
    expect((await listBundle(home, 7)).map(({ botId, run }) => [botId, run])).toEqual([
      [SHOP, 3],
      [BOT_ID, 3],
      [NEWS, 3],
    ]);
  });
});
