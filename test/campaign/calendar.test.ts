import { beforeAll, beforeEach, expect, test } from "vitest";
import { listPlanned } from "../../src/campaign/planned.ts";
import { type Scope, homeScope } from "../../src/db/scope.ts";
import type { Recurrence } from "../../src/schedule/recurrence.ts";
import { freshScope } from "../support/database.ts";
import { emptied, seedCampaign, seedSeries as seedTemplate } from "../support/seed.ts";

let scope: Scope;

beforeAll(async () => {
  scope = await freshScope();
});
beforeEach(() => emptied(scope));

/** Monday, 2 March 2026, and the Monday after it. */
const FROM = new Date("2026-03-02T00:00:00Z");
const TO = new Date("2026-03-09T00:00:00Z");

const at = (text: string) => new Date(`2026-03-${text}:00Z`);

async function planned(from = FROM, to = TO, now = FROM) {
  return (await listPlanned(scope, from, to, now)).map(
    ({ at, id, what }) => `${at.toISOString().slice(5, 16)} ${id} ${what}`,
  );
}

const DAILY: Recurrence = { zone: "UTC", rule: { every: "day", hour: 10, minute: 0 } };

/** A series whose `made` runs came to `lastAt`, and its run that waits. */
async function seedSeries(
  recurrence: Recurrence,
  change: {
    made?: number;
    lastAt?: Date;
    startsAt?: Date;
    endedAt?: Date;
    state?: "scheduled" | "paused";
  } = {},
): Promise<number> {
  const {
    made = 1,
    lastAt = at("03T10:00"),
    startsAt = lastAt,
    endedAt = null,
    state = "scheduled",
  } = change;
  const id = 500;
  await seedTemplate(scope, { id, recurrence, made, lastAt, endedAt });
  const run = await seedCampaign(scope, { state, seriesId: id, run: made, startsAt });
  return run.id;
}

test("campaigns of the week are listed in the order of time, what is over and what is a draft is not", async () => {
  const { id: late } = await seedCampaign(scope, { state: "scheduled", startsAt: at("05T18:30") });
  const { id: early } = await seedCampaign(scope, { state: "scheduled", startsAt: FROM });
  const { id: paused } = await seedCampaign(scope, { state: "paused", startsAt: at("04T09:00") });
  await seedCampaign(scope, { state: "scheduled", startsAt: TO });
  await seedCampaign(scope, { state: "scheduled", startsAt: at("01T23:59") });
  await seedCampaign(scope, { state: "draft", startsAt: at("04T09:00") });
  await seedCampaign(scope, { state: "finished", startsAt: at("04T09:00"), startedAt: at("04T09:00") });
  await seedCampaign(homeScope(scope.db, 2), { state: "scheduled", startsAt: at("04T09:00") });
  expect(await planned()).toEqual([
    `03-02T00:00 ${early} once`,
    `03-04T09:00 ${paused} paused`,
    `03-05T18:30 ${late} once`,
  ]);
});

test("what runs and waits for its hours is listed at the time when they begin; in its hours it is not", async () => {
  const window = { zone: "UTC", from: 540, to: 1080, days: [1 as const, 4 as const] };
  const running = { state: "running" as const, startsAt: at("01T10:00"), startedAt: at("01T10:00"), window };
  const { id: begun } = await seedCampaign(scope, { ...running, total: 9, sent: 1 });
  const { id: fresh } = await seedCampaign(scope, running);
  await seedCampaign(scope, { ...running, window: null, total: 9 });
  await seedCampaign(scope, { ...running, state: "paused", total: 9 });
  expect(await planned()).toEqual([`03-02T09:00 ${begun} goes-on`, `03-02T09:00 ${fresh} once`]);
  expect(await planned(FROM, TO, at("02T12:00"))).toEqual([]);
  expect(await planned(FROM, TO, at("02T18:00"))).toEqual([
    `03-05T09:00 ${begun} goes-on`,
    `03-05T09:00 ${fresh} once`,
  ]);
  expect(await planned(TO, at("16T00:00"), at("02T18:00"))).toEqual([]);
});

test("a series shows the run that waits and those that will follow it", async () => {
  const id = await seedSeries(DAILY);
  expect(await planned()).toEqual([
    `03-03T10:00 ${id} repeats`,
    ...["04", "05", "06", "07", "08"].map((day) => `03-${day}T10:00 ${id} later`),
  ]);
  // Weeks ahead only the rule is left.
  expect(await planned(at("16T00:00"), at("18T00:00"))).toEqual([
    `03-16T10:00 ${id} later`,
    `03-17T10:00 ${id} later`,
  ]);
});

test("a paused run stands where it is, and its series promises nothing behind it", async () => {
  const id = await seedSeries(DAILY, { state: "paused" });
  expect(await planned()).toEqual([`03-03T10:00 ${id} paused`]);
  expect(await planned(at("16T00:00"), at("18T00:00"))).toEqual([]);
});

test("of so many runs no more are shown than are left, this week and the next", async () => {
  const id = await seedSeries({ ...DAILY, runs: 8 }, { made: 2 });
  expect(await planned()).toHaveLength(6);
  expect(await planned(TO, at("16T00:00"))).toEqual([`03-09T10:00 ${id} later`]);
  expect(await planned(at("16T00:00"), at("23T00:00"))).toEqual([]);
});

test("nothing follows the end date", async () => {
  const id = await seedSeries({ ...DAILY, until: at("04T12:00").toISOString() });
  expect(await planned()).toEqual([`03-03T10:00 ${id} repeats`, `03-04T10:00 ${id} later`]);
});

test("a run that was moved is shown where it is, and the next one comes after it", async () => {
  const id = await seedSeries(DAILY, { startsAt: at("05T11:00") });
  expect(await planned()).toEqual([
    `03-05T11:00 ${id} repeats`,
    ...["06", "07", "08"].map((day) => `03-${day}T10:00 ${id} later`),
  ]);
});

test("a series that was ended has no runs to come", async () => {
  const id = await seedSeries(DAILY, { endedAt: at("01T00:00") });
  expect(await planned()).toEqual([`03-03T10:00 ${id} repeats`]);
});

test("the hour is the clock's, over the change to summer time", async () => {
  await seedSeries(
    { zone: "Europe/Berlin", rule: { every: "day", hour: 10, minute: 0 } },
    { lastAt: at("28T09:00") },
  );
  const times = await planned(at("28T00:00"), at("30T23:00"));
  expect(times.map((text) => text.slice(0, 11))).toEqual(["03-28T09:00", "03-29T08:00", "03-30T08:00"]);
});
