import { and, asc, eq, isNotNull, isNull } from "drizzle-orm";
import { beforeAll, beforeEach, expect, test } from "vitest";
import { EVERYONE } from "../../src/audience/segment/audience.ts";
import { beginChange } from "../../src/campaign/actions/begin-change.ts";
import { cancel } from "../../src/campaign/actions/cancel.ts";
import { addCodesTo, releaseCodesOf, removeCodes } from "../../src/campaign/actions/change-codes.ts";
import { createDraft } from "../../src/campaign/actions/create-draft.ts";
import { duplicate } from "../../src/campaign/actions/duplicate.ts";
import { eraseRecipient } from "../../src/campaign/actions/erase-recipient.ts";
import { launch } from "../../src/campaign/actions/launch.ts";
import { resume } from "../../src/campaign/actions/resume.ts";
import type { Campaign } from "../../src/campaign/campaign.ts";
import { countPool } from "../../src/campaign/code-pool.ts";
import {
  deletePool,
  forgetHolders,
  listLostPools,
  listSpentRounds,
  listToReturn,
  returnCodes,
} from "../../src/campaign/return-codes.ts";
import { startDue } from "../../src/campaign/engine-moves.ts";
import { holdRestored } from "../../src/campaign/hold-restored.ts";
import { findingsOf } from "../../src/campaign/findings.ts";
import { createAttributeMemory } from "../../src/campaign/known-attributes.ts";
import { getCampaign, listRunning } from "../../src/campaign/queries.ts";
import { codeRows } from "../../src/campaign/report/code-rows.ts";
import { findNextRun } from "../../src/campaign/series.ts";
import type { Content } from "../../src/content/content.ts";
import type { Scope } from "../../src/db/scope.ts";
import { campaigns, codes } from "../../src/db/schema.ts";
import { askedOf, claim } from "../../src/delivery/claim/claim.ts";
import { freezeChunk } from "../../src/delivery/freeze/freeze-chunk.ts";
import { callsLeft } from "../../src/delivery/outbox/calls-left.ts";
import { freshScope } from "../support/database.ts";
import { ADMIN, NOW, emptied, range, seedPeople } from "../support/seed.ts";

const post: Content = {
  kind: "text",
  text: "Your code: {code}",
  buttons: [[{ text: "Shop", url: "https://a.com/?code={code}" }]],
};

let scope: Scope;
beforeAll(async () => {
  scope = await freshScope();
});
beforeEach(async () => {
  await emptied(scope);
  await seedPeople(scope, range(1, 5));
});

const list = (count: number) => range(1, count).map((n) => `CODE-${n}`);
let drafts = 0;

async function drafted(count: number, more: Partial<Campaign> = {}): Promise<Campaign> {
  drafts += 1;
  const { id } = await createDraft(scope, ADMIN, {
    content: post,
    audience: EVERYONE,
    originKey: `codes-${drafts}`,
    ...more,
  });
  if (count > 0) await addCodesTo(scope, ADMIN, id, list(count));
  return getCampaign(scope, id);
}

async function launched(draft: Campaign, count = 5): Promise<void> {
  const limits = { now: NOW, typedFrom: 1_000, mostScheduled: 10 };
  await launch(scope, ADMIN, draft, { count, typedCount: null, startsAt: draft.startsAt }, limits);
  await startDue(scope, draft.id, new Date(Math.max(Number(NOW), Number(draft.startsAt ?? 0))));
}

async function frozen(id: number, size = 2): Promise<void> {
  while (!(await freezeChunk(scope, id, size)));
}

/** Who has which code of the campaign's round. */
async function holders({ codePool, codeRound }: Campaign) {
  const rows = await scope.db
    .select({ userId: codes.userId, code: codes.code })
    .from(codes)
    .where(and(eq(codes.poolId, codePool ?? 0), eq(codes.round, codeRound), isNotNull(codes.userId)))
    .orderBy(asc(codes.userId));
  return Object.fromEntries(rows.map(({ userId, code }) => [userId, code]));
}

const ofFive = { 1: "CODE-1", 2: "CODE-2", 3: "CODE-3", 4: "CODE-4", 5: "CODE-5" };

test("codes are given at the freeze, one a person, and the calls carry them", async () => {
  const draft = await drafted(7);
  expect(await findingsOf(scope, draft)).toEqual([]);
  await launched(draft);
  await frozen(draft.id);
  expect(await holders(draft)).toEqual(ofFive);
  const [running] = await createAttributeMemory(scope)(await listRunning(scope));
  const { batch } = await claim(scope, draft.id, 10, NOW, 0, askedOf(running!));
  const sent = batch.map((one) => callsLeft(running!, one, undefined as never));
  expect(sent.map((calls) => Array.isArray(calls) && calls[0].payload)).toMatchObject(
    range(1, 5).map((n) => ({
      chat_id: n,
      text: `Your code: CODE-${n}`,
      reply_markup: { inline_keyboard: [[{ url: `https://a.com/?code=CODE-${n}` }]] },
    })),
  );
  expect(await countPool(scope, draft.codePool)).toMatchObject({ all: 7, free: 2 });
  const rows: unknown[][] = [];
  for await (const page of codeRows(scope, draft)) rows.push(...page);
  expect(rows.map(([person, code]) => [person, code])).toEqual(range(1, 5).map((n) => [n, `CODE-${n}`]));
  // One who has none is not sent to.
  const bare = { ...batch[0]!, person: { ...batch[0]!.person!, attributes: { code: null } } };
  expect(callsLeft(running!, bare, undefined as never)).toMatchObject({ type: "refused", class: "personal" });
});

test("too few are said with the numbers, and nothing starts; none at all, too, and codes for nothing", async () => {
  const few = await drafted(3);
  expect(await findingsOf(scope, few)).toEqual([
    { level: "error", type: "too-few-codes", codes: 3, withheld: 0, people: 5, lacking: 2, language: null },
  ]);
  await expect(launched(few)).rejects.toMatchObject({ code: "unsendable" });
  expect(await findingsOf(scope, await drafted(0))).toEqual([
    { level: "error", type: "no-codes", language: null },
  ]);
  const unused = await drafted(1, { content: { ...post, text: "Hi", buttons: [] } });
  expect(await findingsOf(scope, unused)).toEqual([{ level: "note", type: "codes-unused", language: null }]);
  await removeCodes(scope, ADMIN, unused.id);
  expect((await getCampaign(scope, unused.id)).codePool).toBeNull();
});

test("after a restore, a code that may have been given since the backup goes to nobody, until somebody is sure", async () => {
  const draft = await drafted(7);
  await launched(draft);
  expect(await freezeChunk(scope, draft.id, 2)).toBe(false);
  // What the campaign gave to the other three after the backup was made is gone.
  await holdRestored(scope.db, NOW);
  expect(await countPool(scope, draft.codePool)).toMatchObject({ all: 7, free: 0, withheld: 5 });
  expect(await findingsOf(scope, await drafted(0, { codePool: draft.codePool }))).toMatchObject([
    { type: "too-few-codes", codes: 0, withheld: 5, people: 3, lacking: 3 },
  ]);
  await resume(scope, ADMIN, draft.id, NOW);
  await frozen(draft.id);
  expect(await getCampaign(scope, draft.id)).toMatchObject({ state: "paused", pauseReason: "codes" });

  await addCodesTo(scope, ADMIN, draft.id, ["NEW-1", "NEW-2", "NEW-3"]);
  await resume(scope, ADMIN, draft.id, NOW);
  await frozen(draft.id);
  expect(await holders(draft)).toEqual({ 1: "CODE-1", 2: "CODE-2", 3: "NEW-1", 4: "NEW-2", 5: "NEW-3" });
  await releaseCodesOf(scope, ADMIN, draft.id);
  expect(await countPool(scope, draft.codePool)).toMatchObject({ all: 10, free: 5, withheld: 0 });
});

test("when the audience has grown, it pauses with the number, and goes on with codes that are added", async () => {
  const draft = await drafted(5);
  await launched(draft);
  await seedPeople(scope, range(6, 8));
  let told = 0;
  while (!(await freezeChunk(scope, draft.id, 2, () => (told += 1))));
  expect(told).toBe(1);
  expect(await getCampaign(scope, draft.id)).toMatchObject({
    state: "paused",
    pauseReason: "codes",
    pauseDetail: "3",
    total: 4,
  });
  const change = await beginChange(scope, ADMIN, draft.id, "change");
  expect(change.codePool).toBe(draft.codePool);
  expect(await addCodesTo(scope, ADMIN, change.id, list(8))).toBe(3);
  await resume(scope, ADMIN, draft.id);
  await frozen(draft.id);
  expect(await holders(draft)).toEqual({ ...ofFive, 6: "CODE-6", 7: "CODE-7", 8: "CODE-8" });
});

test("a duplicate shares the pool: who has a code keeps it, the rest get new ones", async () => {
  const first = await drafted(6);
  await launched(first);
  await frozen(first.id);
  await seedPeople(scope, [6]);
  const again = await duplicate(scope, ADMIN, first.id, "again");
  expect(await findingsOf(scope, again)).toEqual([]);
  await launched(again, 6);
  await frozen(again.id, 100);
  expect(await holders(again)).toEqual({ ...ofFive, 6: "CODE-6" });
  // What both use does not go back, whichever is cancelled.
  await cancel(scope, ADMIN, first.id, NOW);
  for (const one of await listToReturn(scope, NOW)) await returnCodes(scope, one);
  expect(Object.keys(await holders(again))).toHaveLength(6);
});

test("what a cancelled campaign did not need goes back, once nothing is under way", async () => {
  const draft = await drafted(5);
  await launched(draft);
  await frozen(draft.id);
  await claim(scope, draft.id, 2, NOW);
  await cancel(scope, ADMIN, draft.id, NOW);
  expect(await listToReturn(scope, NOW)).toEqual([]);
  await scope.db.execute("update deliveries set state = 'sent' where state = 'sending'");
  expect(await listToReturn(scope, new Date(NOW.getTime() - 1))).toEqual([]);
  for (const one of await listToReturn(scope, NOW)) await returnCodes(scope, one);
  expect(await holders(draft)).toEqual({ 1: "CODE-1", 2: "CODE-2" });
  expect(await countPool(scope, draft.codePool)).toMatchObject({ free: 3 });
  expect(await listToReturn(scope, NOW)).toEqual([]);
});

test("each run of a series gives new codes from the same pool", async () => {
  const startsAt = new Date(NOW.getTime() + 3_600_000);
  const recurrence = { zone: "UTC", rule: { every: "day", hour: 13, minute: 0 } } as const;
  const draft = await drafted(7, { startsAt, recurrence });
  await launched(draft);
  await frozen(draft.id);
  const next = await findNextRun(scope, draft.id);
  expect(next).toMatchObject({ codePool: draft.codePool, codeRound: 2 });
  await startDue(scope, next?.id ?? 0, next?.startsAt ?? NOW);
  await frozen(next?.id ?? 0);
  const paused = await getCampaign(scope, next?.id ?? 0);
  expect(paused).toMatchObject({ state: "paused", pauseReason: "codes", pauseDetail: "3" });
  expect(await holders(draft)).toEqual(ofFive);
  expect(await holders(paused)).toEqual({ 1: "CODE-6", 2: "CODE-7" });
});

test("a person or a round that is forgotten leaves its codes given; a pool that nobody has is deleted", async () => {
  const draft = await drafted(6);
  await launched(draft);
  await frozen(draft.id);
  await eraseRecipient(scope, ADMIN, 3);
  expect(Object.keys(await holders(draft))).toEqual(["1", "2", "4", "5"]);
  expect(await listSpentRounds(scope)).toEqual([]);
  await scope.db.update(campaigns).set({ detailsDroppedAt: NOW });
  const [round] = await listSpentRounds(scope);
  while ((await forgetHolders(scope, round!)) > 0);
  expect(await holders(draft)).toEqual({});
  expect(await countPool(scope, draft.codePool)).toMatchObject({ all: 6, free: 1 });
  const ever = new Date("2100-01-01");
  expect(await listLostPools(scope, ever)).toEqual([]);
  await scope.db.delete(campaigns);
  expect(await listLostPools(scope, ever)).toEqual([draft.codePool]);
  while ((await deletePool(scope, draft.codePool ?? 0)) > 0);
  expect(await listLostPools(scope, ever)).toEqual([]);
  expect(await scope.db.select().from(codes).where(isNull(codes.userId))).toEqual([]);
});

test("made codes are drawn from letters that nobody takes for one another, and are all different in the pool", async () => {
  const draft = await drafted(0);
  await addCodesTo(scope, ADMIN, draft.id, { pattern: "S-####", count: 12_000 });
  const made = await scope.db.select({ code: codes.code }).from(codes);
  expect(new Set(made.map(({ code }) => code)).size).toBe(12_000);
  expect(made.every(({ code }) => /^S-[3479ACDEFGHJKMNPQRTUVWXY6]{4}$/.test(code))).toBe(true);
});
