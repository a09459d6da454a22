import { toColumns } from "../../src/campaign/json-columns.ts";
import { asc, eq } from "drizzle-orm";
import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import { EVERYONE } from "../../src/audience/segment/audience.ts";
import type { Campaign } from "../../src/campaign/campaign.ts";
import { cancel } from "../../src/campaign/actions/cancel.ts";
import { confirmOverdue, confirmDraft } from "../../src/campaign/confirm-draft.ts";
import { createDraft } from "../../src/campaign/actions/create-draft.ts";
import { holdLate, startDue } from "../../src/campaign/engine-moves.ts";
import { pause } from "../../src/campaign/actions/pause.ts";
import { resume } from "../../src/campaign/actions/resume.ts";
import { noteOverdue } from "../../src/campaign/engine-moves.ts";
import { getCampaign, toCampaign } from "../../src/campaign/queries.ts";
import { endSeries, factsOfSeries, findNextRun, findSeries } from "../../src/campaign/series.ts";
import type { Scope } from "../../src/db/scope.ts";
import { audit, campaigns } from "../../src/db/schema.ts";
import type { Recurrence } from "../../src/schedule/recurrence.ts";
import type { Weekday } from "../../src/schedule/wall.ts";
import type { Window } from "../../src/schedule/window.ts";
import { freshScope } from "../support/database.ts";
import { ADMIN, ADMIN_ID, POST, emptied } from "../support/seed.ts";

let scope: Scope;
beforeAll(async () => {
  scope = await freshScope();
});
beforeEach(() => emptied(scope));

const DAILY: Recurrence = { zone: "UTC", rule: { every: "day", hour: 10, minute: 0 } };
/** 10:00 on a day of March. */
const on = (day: number) => new Date(Date.UTC(2026, 2, day, 10));

/** The first run of a series, which waits for 10:00 on 3 March. */
async function started(
  change: Partial<Recurrence> = {},
  latePolicy: "ask" | "expire" = "ask",
  window: Window | null = null,
): Promise<Campaign> {
  const recurrence = { ...DAILY, ...change };
  const draft = { content: POST, audience: EVERYONE, createdBy: ADMIN_ID, originKey: "update-1" };
  const made = await createDraft(scope, ADMIN, { ...draft, recurrence, startsAt: on(3), latePolicy, window });
  return confirmDraft(scope, ADMIN, made, on(3), 100);
}

async function runs(): Promise<[run: number | null, state: string, startsAt: Date | null][]> {
  const rows = await scope.db.select().from(campaigns).orderBy(asc(campaigns.id));
  return rows.map(toCampaign).map(({ run, state, startsAt }) => [run, state, startsAt]);
}

test("one that repeats becomes the first run of a series, with its number", async () => {
  const first = await started();
  expect(first).toMatchObject({ seriesId: first.id, run: 1, state: "scheduled" });
  expect(await findSeries(scope, first.id)).toMatchObject({ made: 1, recurrence: DAILY, agreedCount: 100 });
  expect(await findSeries(scope, null)).toBeNull();
});

describe("the next run", () => {
  test("is made with the start, once, whoever else starts it as well", async () => {
    const { id } = await started();
    await Promise.all([startDue(scope, id, on(3)), startDue(scope, id, on(3)), startDue(scope, id, on(3))]);
    expect(await runs()).toEqual([
      [1, "running", on(3)],
      [2, "scheduled", on(4)],
    ]);
    expect(await findNextRun(scope, id)).toMatchObject({
      run: 2,
      content: POST,
      audience: EVERYONE,
      agreedCount: 100,
      recurrence: DAILY,
      createdBy: ADMIN_ID,
    });
  });

  test("is not made, nor anything started, when the time was moved since it was found due", async () => {
    const { id } = await started();
    await scope.db
      .update(campaigns)
      .set({ startsAt: on(9) })
      .where(eq(campaigns.id, id));
    expect(await startDue(scope, id, on(3))).toBeNull();
    expect(await holdLate(scope, await getCampaign(scope, id), on(5))).toBeNull();
    expect(await runs()).toEqual([[1, "scheduled", on(9)]]);
  });

  test("does not pile up behind closed hours", async () => {
    const window = { zone: "UTC", from: 9 * 60, to: 21 * 60, days: [1, 2, 3, 4, 5, 6, 7] as Weekday[] };
    const { id } = await started({ rule: { every: "cron", expression: "0 * * * *" } }, "ask", window);
    const hours: unknown[] = [];
    let now = on(3);
    for (let next = await startDue(scope, id, now); hours.length < 14;) {
      next = await findNextRun(scope, id);
      now = next?.startsAt ?? now;
      hours.push(now.getUTCHours());
      await startDue(scope, next?.id ?? 0, now);
    }
    expect(hours).toEqual([11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 9, 10, 11, 12]);
  });

  test("is made in the same transaction: when it cannot be, nothing has started", async () => {
    const { id } = await started();
    // Its number is taken.
    await scope.db.insert(campaigns).values({
      homeId: scope.homeId,
      botId: scope.botId,
      id: id + 1,
      ...toColumns({ content: POST, audience: EVERYONE }),
      createdBy: ADMIN_ID,
      originKey: "in the way",
    });
    await expect(startDue(scope, id, on(3))).rejects.toThrow("Failed query");
    expect((await getCampaign(scope, id)).state).toBe("scheduled");
    expect(await findSeries(scope, id)).toMatchObject({ made: 1 });
  });

  test("follows one that is cancelled before its time, at its own", async () => {
    const { id } = await started();
    await cancel(scope, ADMIN, id, on(2));
    expect(await runs()).toEqual([
      [1, "cancelled", on(3)],
      [2, "scheduled", on(4)],
    ]);
  });

  test("is not made twice when a run is cancelled that has started", async () => {
    const { id } = await started();
    await startDue(scope, id, on(3));
    await cancel(scope, ADMIN, id, on(3));
    expect((await runs()).map(([run, state]) => [run, state])).toEqual([
      [1, "cancelled"],
      [2, "scheduled"],
    ]);
  });

  test.each([
    ["ask", "paused"],
    ["expire", "expired"],
  ] as const)(
    "follows one that was found late (%s); what was missed is not made up for",
    async (policy, state) => {
      const first = await started({}, policy);
      await holdLate(scope, first, on(6));
      expect(await runs()).toEqual([
        [1, state, on(3)],
        [2, "scheduled", on(7)],
      ]);
      if (state !== "paused") return;
      await confirmOverdue(scope, ADMIN, first, 1);
      await startDue(scope, first.id, on(6));
      expect((await runs()).length).toBe(2);
    },
  );

  test("waits while a run is paused before its time", async () => {
    const { id } = await started();
    await pause(scope, ADMIN, id);
    expect(await runs()).toEqual([[1, "paused", on(3)]]);
    expect(await resume(scope, ADMIN, id, on(2))).toMatchObject({ state: "scheduled", latePolicy: "ask" });
    await pause(scope, ADMIN, id);
    // Its time passes, and it is for somebody to decide: nothing follows until then.
    await noteOverdue(scope, id, on(4));
    expect(await runs()).toEqual([[1, "paused", on(3)]]);
    await confirmOverdue(scope, ADMIN, await getCampaign(scope, id), 1);
    await startDue(scope, id, on(9));
    expect(await runs()).toEqual([
      [1, "running", on(3)],
      [2, "scheduled", on(10)],
    ]);
  });
});

describe("the end of a series", () => {
  test("comes after its runs", async () => {
    const { id } = await started({ runs: 2 });
    await startDue(scope, id, on(3));
    await startDue(scope, id + 1, on(4));
    expect((await runs()).map(([run]) => run)).toEqual([1, 2]);
    expect(await findSeries(scope, id)).toMatchObject({ endedAt: on(4) });
  });

  test("comes after its date", async () => {
    const { id } = await started({ until: on(4).toISOString() });
    await startDue(scope, id, on(3));
    await startDue(scope, id + 1, on(4));
    expect((await runs()).map(([run]) => run)).toEqual([1, 2]);
  });

  test("is set by hand: the run that waits is cancelled, the one that is being sent goes on", async () => {
    const { id } = await started();
    await startDue(scope, id, on(3));
    expect(await endSeries(scope, ADMIN, id, on(3))).toMatchObject({ id, state: "running" });
    expect((await runs()).map(([run, state]) => [run, state])).toEqual([
      [1, "running"],
      [2, "cancelled"],
    ]);
    await cancel(scope, ADMIN, id, on(3));
    expect((await runs()).length).toBe(2);
    const actions = await scope.db.select().from(audit).where(eq(audit.action, "series.ended"));
    expect(actions).toMatchObject([{ subject: id, actorId: ADMIN_ID }]);
  });
});

test("every other day keeps to its days when a run was moved, late or missed", async () => {
  // on(3) was the first.
  const { id } = await started({ rule: { every: "day", step: 2, hour: 10, minute: 0 }, since: "2026-03-03" });
  const moved = await getCampaign(scope, id);
  await scope.db
    .update(campaigns)
    .set({ startsAt: on(4) })
    .where(eq(campaigns.id, moved.id));
  await startDue(scope, id, on(4));
  expect((await runs()).at(-1)).toEqual([2, "scheduled", on(5)]);
  // Herald was down for three days.
  await startDue(scope, id + 1, on(8));
  expect((await runs()).at(-1)).toEqual([3, "scheduled", on(9)]);
});

describe("what a run shows of its series", () => {
  test("when it waits: what will be made behind it, reckoned from its own time", async () => {
    const first = await started();
    expect(await factsOfSeries(scope, first, on(1))).toEqual({
      recurrence: DAILY,
      newest: true,
      next: { id: null, startsAt: on(4) },
      held: false,
    });
    const moved = { ...first, startsAt: new Date(on(5).getTime() + 60_000) };
    expect(await factsOfSeries(scope, moved, on(1))).toMatchObject({ next: { startsAt: on(6) } });
  });

  test("while a run is paused before its start nothing follows, and every run of the series knows it", async () => {
    const first = await started();
    const paused = await pause(scope, ADMIN, first.id);
    expect(await factsOfSeries(scope, paused, on(1))).toMatchObject({
      next: { startsAt: on(4) },
      held: true,
    });
    await resume(scope, ADMIN, first.id, on(1));
    await startDue(scope, first.id, on(3));
    const running = await getCampaign(scope, first.id);
    expect(await factsOfSeries(scope, running, on(3))).toMatchObject({ held: false });
    await pause(scope, ADMIN, first.id + 1);
    expect(await factsOfSeries(scope, running, on(3))).toMatchObject({
      next: { id: first.id + 1 },
      held: true,
    });
    // What has started does not hold the series: the run behind it is due at its time.
    await resume(scope, ADMIN, first.id + 1, on(3));
    const stopped = await pause(scope, ADMIN, first.id);
    expect(await factsOfSeries(scope, stopped, on(3))).toMatchObject({ held: false });
  });

  test("when it has started: the run that waits behind it, and nothing after the end", async () => {
    const first = await started();
    await startDue(scope, first.id, on(3));
    const facts = () => factsOfSeries(scope, first, on(3));
    expect(await facts()).toMatchObject({ newest: false, next: { id: first.id + 1, startsAt: on(4) } });
    await endSeries(scope, ADMIN, first.id, on(3));
    expect(await facts()).toMatchObject({ next: null });
    expect(await factsOfSeries(scope, { ...first, seriesId: null }, on(3))).toBeNull();
  });
});
