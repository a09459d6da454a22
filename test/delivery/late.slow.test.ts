import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import { confirmOverdue } from "../../src/campaign/confirm-draft.ts";
import type { Campaign } from "../../src/campaign/campaign.ts";
import { cancel } from "../../src/campaign/actions/cancel.ts";
import { resume } from "../../src/campaign/actions/resume.ts";
import { getCampaign } from "../../src/campaign/queries.ts";
import { findNextRun } from "../../src/campaign/series.ts";
import type { Scope } from "../../src/db/scope.ts";
import type { LatePolicy } from "../../src/db/states.ts";
import { createLauncher } from "../../src/delivery/upkeep/launcher.ts";
import { createLog } from "../../src/log.ts";
import { manualClock } from "../support/clock.ts";
import { freshScope } from "../support/database.ts";
import { heard, testEvents } from "../support/events.ts";
import { ADMIN, emptied, seedCampaign, seedSeries } from "../support/seed.ts";

let scope: Scope;
beforeAll(async () => {
  scope = await freshScope();
});
beforeEach(() => emptied(scope));

const HOUR_MS = 3_600_000;
const DUE = new Date("2026-03-02T12:00:00Z");

/** A process that comes up at this time after one that was stopped before DUE. */
async function comesUp(at: string, lateLimitHours = 24, held = true) {
  const events = testEvents();
  const [started, found] = [heard(events, "started"), heard(events, "late")];
  const clock = manualClock(at);
  const launcher = createLauncher({
    checkMs: 1_000,
    scope,
    clock,
    log: createLog("silent"),
    lease: { held: () => held },
    lateLimitMs: lateLimitHours * HOUR_MS,
    events,
    onMoved: () => undefined,
    trouble: { note: () => undefined },
    watch: { seen: () => undefined },
  });
  await launcher.launchDue();
  const launched = started.map(({ campaignId }) => campaignId);
  const late: Campaign[] = [];
  for (const { campaignId } of found) late.push(await getCampaign(scope, campaignId));
  return { launched, late, clock };
}

const scheduled = (latePolicy: LatePolicy, change = {}) =>
  seedCampaign(scope, { state: "scheduled", startsAt: DUE, latePolicy, ...change });

describe("within the limit", () => {
  test.each<LatePolicy>(["ask", "send", "expire"])(
    "%s: it starts, and the report says how late",
    async (policy) => {
      const { id } = await scheduled(policy);
      const { launched, late } = await comesUp("2026-03-03T12:00:00Z");
      expect(launched).toEqual([id]);
      expect(late).toEqual([]);
      expect(await getCampaign(scope, id)).toMatchObject({ state: "running", lateSeconds: 24 * 3_600 });
    },
  );

  test("less than a minute does not count as late", async () => {
    const { id } = await scheduled("ask");
    await comesUp("2026-03-02T12:00:59Z");
    expect((await getCampaign(scope, id)).lateSeconds).toBeNull();
  });
});

describe("beyond the limit", () => {
  const LATE = "2026-03-03T12:00:01Z";

  test("send: it starts anyway", async () => {
    const { id } = await scheduled("send");
    const { launched } = await comesUp(LATE);
    expect(launched).toEqual([id]);
    expect(await getCampaign(scope, id)).toMatchObject({ state: "running", lateSeconds: 24 * 3_600 + 1 });
  });

  test("expire: it is over, which is reported once, and nothing brings it back", async () => {
    const { id } = await scheduled("expire");
    const { launched, late } = await comesUp(LATE);
    expect(launched).toEqual([]);
    expect(late).toMatchObject([{ id, state: "expired" }]);
    expect((await comesUp(LATE)).late).toEqual([]);
    await expect(resume(scope, ADMIN, id)).rejects.toMatchObject({ code: "conflict" });
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
    await expect(resume(scope, ADMIN, one.id)).rejects.toMatchObject({ code: "overdue" });
    expect((await comesUp("2026-03-09T12:00:00Z")).launched).toEqual([]);
    await confirmOverdue(scope, ADMIN, one, 3);
    await cancel(scope, ADMIN, two.id, new Date());
    expect((await comesUp("2026-03-09T12:00:00Z")).launched).toEqual([one.id]);
    expect((await getCampaign(scope, two.id)).state).toBe("cancelled");
  });

  test("the limit is the configured one", async () => {
    const { id } = await scheduled("expire");
    expect((await comesUp(LATE, 48)).launched).toEqual([id]);
  });

  test("a limit of nothing is still a minute: a campaign sent now is not late", async () => {
    const { id } = await scheduled("expire");
    expect((await comesUp("2026-03-02T12:00:59Z", 0)).launched).toEqual([id]);
    const { id: other } = await scheduled("expire");
    expect((await comesUp("2026-03-02T12:01:01Z", 0)).late.map((one) => one.id)).toEqual([other]);
  });

  test("missed runs of a series are not made up for: the next run is the first one after now", async () => {
    const recurrence = { zone: "UTC", rule: { every: "day", hour: 12, minute: 0 } } as const;
    const { id } = await scheduled("expire", { seriesId: 5, run: 1, recurrence });
    await seedSeries(scope, { id: 5, recurrence, lastAt: DUE });
    const { late } = await comesUp("2026-03-06T15:00:00Z");
    expect(late).toMatchObject([{ id, state: "expired" }]);
    expect(await findNextRun(scope, 5)).toMatchObject({
      run: 2,
      state: "scheduled",
      startsAt: new Date("2026-03-07T12:00:00Z"),
    });
  });
});

const paused = (change = {}) =>
  seedCampaign(scope, { state: "paused", pauseReason: "admin", startsAt: DUE, ...change });

describe("paused when its time comes", () => {
  test.each<LatePolicy>(["ask", "send", "expire"])(
    "it waits for a decision, which is asked for once, even after a restart (%s)",
    async (latePolicy) => {
      const { id } = await paused({ latePolicy });
      expect((await comesUp("2026-03-02T11:59:59Z")).late).toEqual([]);
      const { launched, late } = await comesUp("2026-03-02T12:00:00Z");
      expect(launched).toEqual([]);
      expect(late).toMatchObject([{ id, state: "paused", pauseReason: "overdue" }]);
      expect((await comesUp("2026-03-09T12:00:00Z")).late).toEqual([]);
      await confirmOverdue(scope, ADMIN, late[0]!, 3);
      expect((await comesUp("2026-03-09T12:00:00Z")).launched).toEqual([id]);
    },
  );

  test("a campaign that was paused after its start is not asked about", async () => {
    await paused({ startedAt: DUE });
    expect((await comesUp("2026-03-02T12:00:01Z")).late).toEqual([]);
  });
});

test("campaigns that are not due, or due in a process without the lease, wait", async () => {
  const early = await scheduled("ask");
  expect((await comesUp("2026-03-02T11:59:59Z")).launched).toEqual([]);
  expect((await comesUp("2026-03-02T12:00:01Z", 24, false)).launched).toEqual([]);
  expect((await getCampaign(scope, early.id)).state).toBe("scheduled");
});
