import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { Campaign } from "../../src/campaign/campaign.ts";
import { cancel, resume } from "../../src/campaign/lifecycle.ts";
import { getCampaign } from "../../src/campaign/queries.ts";
import { findNextRun } from "../../src/campaign/series.ts";
import type { Scope } from "../../src/db/connect.ts";
import { series } from "../../src/db/schema.ts";
import type { LatePolicy } from "../../src/db/states.ts";
import { createLauncher } from "../../src/delivery/launcher.ts";
import { createLog } from "../../src/log.ts";
import { manualClock } from "../support/clock.ts";
import { freshScope } from "../support/database.ts";
import { ADMIN_ID, POST, emptied, seedCampaign } from "../support/seed.ts";

let scope: Scope;
beforeAll(async () => {
  scope = await freshScope();
});
beforeEach(() => emptied(scope));

const HOUR_MS = 3_600_000;
const DUE = new Date("2026-03-02T12:00:00Z");

/** A process that comes up at this time after one that was stopped before DUE. */
async function comesUp(at: string, lateLimitHours = 24, held = true) {
  const launched: number[] = [];
  const late: Campaign[] = [];
  const stopping = new AbortController();
  const clock = manualClock(at);
  const launcher = createLauncher({
    scope,
    clock,
    log: createLog("silent"),
    lease: { held: () => held },
    stop: stopping.signal,
    lateLimitMs: lateLimitHours * HOUR_MS,
    onLaunched: (id) => launched.push(id),
    onLate: (campaign) => late.push(campaign),
    onLooked: () => undefined,
    onTrouble: (error) => {
      throw error;
    },
  });
  await launcher.look();
  stopping.abort();
  return { launched, late, clock };
}

const scheduled = (latePolicy: LatePolicy, change = {}) =>
  seedCampaign(scope, { state: "scheduled", startsAt: DUE, latePolicy, ...change });

describe("within the limit", () => {
  test.each<LatePolicy>(["ask", "send", "expire"])(
    "%s: it starts, and the report knows how late",
    async (policy) => {
      const { id } = await scheduled(policy);
      const { launched, late } = await comesUp("2026-03-03T12:00:00Z");
      expect(launched).toEqual([id]);
      expect(late).toEqual([]);
      expect(await getCampaign(scope, id)).toMatchObject({ state: "running", lateSeconds: 24 * 3_600 });
    },
  );

  test("less than a minute is not called late", async () => {
    const { id } = await scheduled("ask");
    await comesUp("2026-03-02T12:00:59Z");
    expect((await getCampaign(scope, id)).lateSeconds).toBeNull();
  });
});

describe("beyond the limit", () => {
  const LATE = "2026-03-03T12:00:01Z";

  test("send: it starts all the same", async () => {
    const { id } = await scheduled("send");
    const { launched } = await comesUp(LATE);
    expect(launched).toEqual([id]);
    expect(await getCampaign(scope, id)).toMatchObject({ state: "running", lateSeconds: 24 * 3_600 + 1 });
  });

  test("expire: it is over, said once, and nothing brings it back", async () => {
    const { id } = await scheduled("expire");
    const { launched, late } = await comesUp(LATE);
    expect(launched).toEqual([]);
    expect(late).toMatchObject([{ id, state: "expired" }]);
    expect((await comesUp(LATE)).late).toEqual([]);
    await expect(resume(scope, id, ADMIN_ID)).rejects.toMatchObject({ code: "conflict" });
  });

  test("ask: it waits for the decision; Send now sends it however late, Drop ends it", async () => {
    const [one, two] = [await scheduled("ask"), await scheduled("ask")];
    const { launched, late } = await comesUp(LATE);
    expect(launched).toEqual([]);
    expect(late).toMatchObject([
      { id: one.id, state: "paused", pauseReason: "late" },
      { id: two.id, state: "paused", pauseReason: "late" },
    ]);
    expect((await comesUp("2026-03-09T12:00:00Z")).late).toEqual([]);
    await resume(scope, one.id, ADMIN_ID);
    await cancel(scope, two.id, new Date(), ADMIN_ID);
    expect((await comesUp("2026-03-09T12:00:00Z")).launched).toEqual([one.id]);
    expect((await getCampaign(scope, two.id)).state).toBe("cancelled");
  });

  test("the limit is the configured one", async () => {
    const { id } = await scheduled("expire");
    expect((await comesUp(LATE, 48)).launched).toEqual([id]);
  });

  test("of nothing is a minute all the same: what is sent now is not late", async () => {
    const { id } = await scheduled("expire");
    expect((await comesUp("2026-03-02T12:00:59Z", 0)).launched).toEqual([id]);
    const { id: other } = await scheduled("expire");
    expect((await comesUp("2026-03-02T12:01:01Z", 0)).late.map((one) => one.id)).toEqual([other]);
  });

  test("of a series the missed runs are not made up for: the next is the one after now", async () => {
    const { db, botId } = scope;
    const recurrence = { zone: "UTC", rule: { every: "day", hour: 12, minute: 0 } } as const;
    const { id } = await scheduled("expire", { seriesId: 5, run: 1, recurrence });
    await db.insert(series).values({
      botId,
      id: 5,
      content: POST,
      audience: { languages: "all" },
      recurrence,
      createdBy: ADMIN_ID,
      made: 1,
      lastAt: DUE,
    });
    const { late } = await comesUp("2026-03-06T15:00:00Z");
    expect(late).toMatchObject([{ id, state: "expired" }]);
    expect(await findNextRun(scope, 5)).toMatchObject({
      run: 2,
      state: "scheduled",
      startsAt: new Date("2026-03-07T12:00:00Z"),
    });
  });
});

test("what is not due yet, and what is due in a process without the lease, waits", async () => {
  const early = await scheduled("ask");
  expect((await comesUp("2026-03-02T11:59:59Z")).launched).toEqual([]);
  expect((await comesUp("2026-03-02T12:00:01Z", 24, false)).launched).toEqual([]);
  expect((await getCampaign(scope, early.id)).state).toBe("scheduled");
});
