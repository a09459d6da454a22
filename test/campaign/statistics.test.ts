import { beforeAll, beforeEach, expect, test } from "vitest";
import { countCampaignsBySort, lastRates, reachByDay } from "../../src/campaign/report/statistics.ts";
import { type Scope, homeScope } from "../../src/db/scope.ts";
import { freshScope } from "../support/database.ts";
import { NOW, emptied, seedCampaign } from "../support/seed.ts";

let scope: Scope;
let other: Scope;

beforeAll(async () => {
  scope = await freshScope();
  other = homeScope(scope.db, 2);
});
beforeEach(() => emptied(scope));

const daysAgo = (days: number) => new Date(NOW.getTime() - days * 86_400_000);

test("campaigns are counted by sort; one has errors when there is something to retry or to look at", async () => {
  await seedCampaign(scope, { state: "draft" });
  await seedCampaign(scope, { state: "scheduled", startsAt: NOW });
  await seedCampaign(scope, { state: "paused", startsAt: NOW });
  await seedCampaign(scope, { state: "running", startedAt: NOW, failed: 3 });
  await seedCampaign(scope, { state: "paused", startedAt: NOW });
  await seedCampaign(scope, { state: "finished", blocked: 9, deactivated: 2, unreachable: 4, skipped: 1 });
  await seedCampaign(scope, { state: "finished", failed: 1 });
  await seedCampaign(scope, { state: "finished", uncertain: 1 });
  await seedCampaign(scope, { state: "cancelled", failed: 1 });
  await seedCampaign(scope, { state: "expired" });
  await seedCampaign(other, { state: "expired" });
  expect(await countCampaignsBySort(scope)).toEqual({
    running: 2,
    paused: 1,
    scheduled: 2,
    held: 1,
    finished: 3,
    withErrors: 2,
    expired: 1,
    cancelled: 1,
  });
});

test("a bot without campaigns has none of any sort", async () => {
  expect(Object.values(await countCampaignsBySort(scope))).toEqual([0, 0, 0, 0, 0, 0, 0, 0]);
  expect(await lastRates(scope, 5)).toEqual([]);
  expect(await reachByDay(scope, [daysAgo(1), NOW])).toEqual([
    { reached: 0, missed: 0 },
    { reached: 0, missed: 0 },
  ]);
});

const ended = (days: number) => ({
  state: "finished" as const,
  finishedAt: daysAgo(days),
  total: 10,
  sent: 10,
});

test("the last rates are of campaigns that are over, and of their whole audience, also when they were cancelled", async () => {
  const { id: third } = await seedCampaign(scope, ended(3));
  await seedCampaign(scope, ended(4));
  const { id: first } = await seedCampaign(scope, {
    ...ended(1),
    total: 4_812,
    sent: 4_725,
    blocked: 80,
    failed: 7,
  });
  const { id: second } = await seedCampaign(scope, {
    ...ended(2),
    state: "cancelled",
    total: 1_000,
    sent: 90,
    blocked: 10,
    ungathered: 2_000,
  });
  // Nobody was tried, or not everybody yet.
  await seedCampaign(scope, { ...ended(0), sent: 0, total: 0 });
  await seedCampaign(scope, { ...ended(0), state: "cancelled", sent: 0, total: 50 });
  await seedCampaign(scope, { state: "running", startedAt: NOW, total: 10, sent: 5 });
  expect(await lastRates(scope, 3)).toEqual([
    { id: first, total: 4_812, share: 4_725 / 4_812, cancelled: false },
    { id: second, total: 3_000, share: 0.03, cancelled: true },
    { id: third, total: 10, share: 1, cancelled: false },
  ]);
});

test("reach is summed by the day on which a campaign started, its first instant included", async () => {
  const days = [daysAgo(2), daysAgo(1), NOW];
  const started = (startedAt: Date, sent: number, change = {}) =>
    seedCampaign(scope, { state: "finished", startedAt, total: sent, sent, ...change });
  await started(new Date(daysAgo(2).getTime() - 1), 1_000_000);
  await started(daysAgo(2), 100, {
    blocked: 1,
    deactivated: 2,
    unreachable: 3,
    failed: 4,
    uncertain: 5,
    skipped: 60,
  });
  await started(new Date(NOW.getTime() - 1), 20);
  await started(new Date(NOW.getTime() - 2), 1_000_000_000);
  await started(new Date(NOW.getTime() + 3_600_000), 7, { state: "running" });
  await seedCampaign(scope, { state: "scheduled", startsAt: NOW });
  await seedCampaign(other, { state: "finished", startedAt: NOW, sent: 1 });
  expect(await reachByDay(scope, days)).toEqual([
    { reached: 100, missed: 15 },
    { reached: 1_000_000_020, missed: 0 },
    { reached: 7, missed: 0 },
  ]);
});
