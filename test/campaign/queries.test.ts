import { eq } from "drizzle-orm";
import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import { addAdmin, listAdmins, removeAdmin } from "../../src/access/admins.ts";
import { findListedAdmin } from "../../src/access/actor.ts";
import { eachFailure } from "../../src/campaign/report/missed.ts";
import {
  closeCard,
  listCards,
  listUnfinishedCards,
  placeCard,
  setCardView,
} from "../../src/campaign/card-places.ts";
import { progressOf, secondsFor } from "../../src/campaign/progress.ts";
import { findByOrigin, groupFailures, listDue, listOpen, listRunning } from "../../src/campaign/queries.ts";
import { type Scope, homeScope } from "../../src/db/scope.ts";
import { readDialog, writeDialog } from "../../src/db/dialog-state.ts";
import { audit, deliveries } from "../../src/db/schema.ts";
import { freshScope } from "../support/database.ts";
import { NOW, emptied, ownerActor, range, seedCampaign } from "../support/seed.ts";

let scope: Scope;
let other: Scope;
beforeAll(async () => {
  scope = await freshScope();
  other = homeScope(scope.db, scope.botId + 1);
});
beforeEach(() => emptied(scope));

const ids = (rows: { id: number }[]) => rows.map(({ id }) => id);

const at = (seconds: number) => new Date(NOW.getTime() + seconds * 1000);

async function deliver(campaignId: number, seqs: number[], row: Partial<typeof deliveries.$inferInsert>) {
  await scope.db
    .insert(deliveries)
    .values(seqs.map((seq) => ({ botId: scope.botId, campaignId, seq, chatId: seq + 1000, ...row })));
}

describe("lists", () => {
  test("due is what is scheduled and whose time has come, the earliest first", async () => {
    const late = await seedCampaign(scope, { state: "scheduled", startsAt: at(0) });
    const early = await seedCampaign(scope, { state: "scheduled", startsAt: at(-60) });
    await seedCampaign(scope, { state: "scheduled", startsAt: at(0.001) });
    await seedCampaign(scope, { state: "draft", startsAt: at(-60) });
    await seedCampaign(scope, { state: "cancelled", startsAt: at(-60) });
    await seedCampaign(other, { state: "scheduled", startsAt: at(-60) });
    expect(ids(await listDue(scope, NOW))).toEqual([early.id, late.id]);
  });

  test("running ones come in the order of their numbers", async () => {
    const first = await seedCampaign(scope, { state: "running" });
    await seedCampaign(scope, { state: "paused" });
    await seedCampaign(other, { state: "running" });
    const second = await seedCampaign(scope, { state: "running" });
    expect(ids(await listRunning(scope))).toEqual([first.id, second.id]);
  });

  test("open is what runs, is paused or waits, what was due first at the front", async () => {
    const late = await seedCampaign(scope, { state: "scheduled", startsAt: at(60) });
    const paused = await seedCampaign(scope, { state: "paused", startsAt: at(-60) });
    const running = await seedCampaign(scope, { state: "running", startsAt: at(-30) });
    const soon = await seedCampaign(scope, { state: "scheduled", startsAt: at(30) });
    for (const state of ["draft", "finished", "cancelled", "expired"] as const)
      await seedCampaign(scope, { state, startsAt: at(0) });
    await seedCampaign(other, { state: "running", startsAt: at(0) });
    expect(ids(await listOpen(scope))).toEqual([paused.id, running.id, soon.id, late.id]);
  });

  test("an update's campaign is found by its key, for this bot only", async () => {
    const { id } = await seedCampaign(scope, { originKey: "update-9" });
    expect((await findByOrigin(scope, "update-9"))?.id).toBe(id);
    expect(await findByOrigin(other, "update-9")).toBeNull();
  });
});

describe("failures", () => {
  test("are grouped by reason, the most frequent first; what went well is none", async () => {
    const { id } = await seedCampaign(scope);
    await deliver(id, range(1, 3), { state: "failed", reason: "blocked" });
    await deliver(id, range(4, 8), { state: "uncertain", reason: "uncertain" });
    await deliver(id, [9], { state: "failed", reason: null });
    await deliver(id, [10], { state: "sent" });
    await deliver(id, [11], { state: "skipped", reason: "opted-out" });
    await deliver(id, [12], { state: "pending" });
    expect(await groupFailures(scope, id)).toEqual([
      { reason: "uncertain", count: 5 },
      { reason: "blocked", count: 3 },
      { reason: "other", count: 1 },
    ]);
    expect(await groupFailures(other, id)).toEqual([]);
  });

  test("come one by one, in order, and whoever was skipped among them", async () => {
    const { id } = await seedCampaign(scope);
    await deliver(id, range(1, 2000), { state: "failed", reason: "blocked", description: "said" });
    await scope.db.update(deliveries).set({ state: "sent" }).where(eq(deliveries.seq, 7));
    await scope.db.update(deliveries).set({ state: "pending" }).where(eq(deliveries.seq, 8));
    // Far behind, with nobody between them.
    await deliver(id, [5_000, 5_001, 20_000], { state: "skipped", reason: "opted-out" });
    await deliver(id, [20_001], { state: "uncertain" });
    const seen = [];
    for await (const { seq, state, reason } of eachFailure(scope, id)) seen.push([seq, state, reason]);
    expect(seen.map(([seq]) => seq)).toEqual([
      ...range(1, 2000).filter((seq) => seq !== 7 && seq !== 8),
      5_000,
      5_001,
      20_000,
      20_001,
    ]);
    expect(seen.at(-2)).toEqual([20_000, "skipped", "opted-out"]);
    for await (const failure of eachFailure(other, id)) expect(failure).toBeUndefined();
  });
});

describe("progress", () => {
  test("puts the rarer failures together, and all parts add up", async () => {
    const campaign = await seedCampaign(scope, {
      total: 100,
      sent: 40,
      blocked: 7,
      deactivated: 3,
      unreachable: 5,
      failed: 2,
      skipped: 6,
      uncertain: 1,
    });
    expect(progressOf(campaign)).toEqual({
      total: 100,
      sent: 40,
      blocked: 7,
      failed: 10,
      skipped: 6,
      uncertain: 1,
      left: 36,
      share: 0.64,
    });
    expect(progressOf(await seedCampaign(scope)).share).toBe(1);
  });

  test.each([
    [280, 28, 10],
    [281, 28, 11],
    [0, 28, 0],
  ])("%i messages at %i a second take %i s", (count, rate, seconds) => {
    expect(secondsFor(count, rate)).toBe(seconds);
  });
});

describe("cards", () => {
  test("a chat has one live card of a campaign: the last", async () => {
    const { id } = await seedCampaign(scope);
    await placeCard(scope, id, 7, 100);
    await placeCard(scope, id, 8, 200);
    const [old] = await listCards(scope, id);
    await setCardView(scope, id, 7, "ask-cancel");
    await closeCard(scope, old!, "final");
    await placeCard(scope, id, 7, 101);
    const cards = (await listCards(scope, id)).toSorted((a, b) => a.chatId - b.chatId);
    expect(cards).toMatchObject([
      { chatId: 7, messageId: 101, view: "card", final: false },
      { chatId: 8, messageId: 200 },
    ]);
    // What is known of the old message does not touch the new one.
    await closeCard(scope, old!, "gone");
    await closeCard(scope, old!, "final");
    expect(await listCards(scope, id)).toHaveLength(2);
    expect((await listCards(scope, id)).some(({ final }) => final)).toBe(false);
  });

  test("unfinished ones are listed by campaign until they show the end or are gone", async () => {
    const { id } = await seedCampaign(scope);
    const { id: second } = await seedCampaign(scope);
    await placeCard(scope, id, 7, 1);
    await placeCard(scope, id, 8, 2);
    await placeCard(scope, second, 7, 3);
    expect((await listUnfinishedCards(scope)).toSorted((a, b) => a - b)).toEqual([id, second]);
    const [one, two] = await listCards(scope, id);
    await closeCard(scope, one!, "final");
    await closeCard(scope, two!, "gone");
    expect(await listUnfinishedCards(scope)).toEqual([second]);
    expect(await listCards(scope, id)).toHaveLength(1);
    expect(await listUnfinishedCards(other)).toEqual([]);
  });
});

describe("admins", () => {
  const ada = { userId: 50, name: "Ada" };

  test("are added once, and each change is noted", async () => {
    expect(await addAdmin(scope, ownerActor(1), ada)).toBe(true);
    expect(await addAdmin(scope, ownerActor(1), { ...ada, name: "Again" })).toBe(false);
    expect(await listAdmins(scope)).toMatchObject([{ userId: 50, name: "Ada", addedBy: 1 }]);
    expect(await findListedAdmin(scope, 50)).toEqual({ limit: null });
    expect(await findListedAdmin(other, 50)).toBeNull();
    expect(await findListedAdmin(scope, 1)).toBeNull();

    expect(await removeAdmin(scope, ownerActor(2), 50)).toMatchObject({ name: "Ada" });
    expect(await removeAdmin(scope, ownerActor(2), 50)).toBeNull();
    expect(await findListedAdmin(scope, 50)).toBeNull();
    expect(await scope.db.select().from(audit).orderBy(audit.id)).toMatchObject([
      { action: "admin.added", actorId: 1, subject: 50 },
      { action: "admin.removed", actorId: 2, subject: 50 },
    ]);
  });

  test("who is removed loses the dialog that they were in", async () => {
    await addAdmin(scope, ownerActor(1), ada);
    await writeDialog(scope, 50, { step: 1 });
    await writeDialog(scope, 51, { step: 1 });
    await removeAdmin(scope, ownerActor(1), 50);
    expect(await readDialog(scope, 50)).toBeUndefined();
    expect(await readDialog(scope, 51)).toEqual({ step: 1 });
  });
});
