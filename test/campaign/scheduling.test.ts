import { asc, eq } from "drizzle-orm";
import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import { EVERYONE } from "../../src/audience/segment/audience.ts";
import type { Campaign } from "../../src/campaign/campaign.ts";
import type { Draft } from "../../src/campaign/new-draft.ts";
import { createDraft } from "../../src/campaign/actions/create-draft.ts";
import { editDraft } from "../../src/campaign/actions/edit-draft.ts";
import { holdLate, startDue } from "../../src/campaign/engine-moves.ts";
import { pause } from "../../src/campaign/actions/pause.ts";
import { resume } from "../../src/campaign/actions/resume.ts";
import { findCampaign, getCampaign } from "../../src/campaign/queries.ts";
import { type Plan, scheduleDraft } from "../../src/campaign/confirm-draft.ts";
import { applyChanges } from "../../src/campaign/apply-changes.ts";
import { beginChange } from "../../src/campaign/actions/begin-change.ts";
import { timeFault, startOf } from "../../src/campaign/start-time.ts";
import { mend } from "../../src/campaign/actions/mend.ts";
import { findNextRun, findSeries } from "../../src/campaign/series.ts";
import type { Scope } from "../../src/db/scope.ts";
import { audit, campaigns } from "../../src/db/schema.ts";
import { PAUSE_REASONS } from "../../src/db/states.ts";
import { DomainError } from "../../src/errors.ts";
import type { Recurrence } from "../../src/schedule/recurrence.ts";
import { freshScope } from "../support/database.ts";
import { ADMIN, ADMIN_ID, NOW, POST, emptied, ownerActor, seedCampaign } from "../support/seed.ts";

let scope: Scope;
beforeAll(async () => {
  scope = await freshScope();
});
beforeEach(() => emptied(scope));

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const later = (ms: number) => new Date(NOW.getTime() + ms);
const plan = (startsAt: Date, change: Partial<Plan> = {}): Plan => ({
  startsAt,
  agreedCount: 100,
  now: NOW,
  mostScheduled: 500,
  ...change,
});

let made = 0;
function draft(change: Partial<Draft> = {}): Promise<Campaign> {
  made += 1;
  return createDraft(scope, ADMIN, {
    content: POST,
    audience: EVERYONE,
    originKey: `update-${made}`,
    ...change,
  });
}

async function scheduled(change: Partial<Draft> = {}, startsAt = later(HOUR)): Promise<Campaign> {
  return scheduleDraft(scope, ADMIN, await draft({ startsAt, ...change }), plan(startsAt));
}

async function refusal(work: Promise<unknown>): Promise<unknown> {
  try {
    await work;
    return null;
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    return { code: error.code, ...error.details };
  }
}

const NEW = { ...POST, text: "New" };
const change = (id: number, key = "change") => beginChange(scope, ADMIN, id, key);
const save = (from: Campaign, startsAt: Date, reach: "run" | "series" = "run") =>
  applyChanges(scope, ADMIN, from, plan(startsAt), reach);
const edited = (from: Campaign, what: Partial<Draft> = { content: NEW }) =>
  editDraft(scope, ADMIN, from, what);

const start = (startsAt: Date | null, recurrence: Recurrence | null, changes: number | null = null) =>
  startOf({ startsAt, recurrence, window: null, changes }, NOW);

describe("a time", () => {
  test.each([
    ["in a second", 1_000, null],
    ["of half a minute ago: it passed while it was confirmed", -30_000, null],
    ["of an hour ago", -HOUR, "past"],
    ["in two years", 730 * DAY, null],
    ["in two years and a week", 737 * DAY, "too-far"],
  ] as const)("%s", async (_, ms, fault) => {
    expect(timeFault(later(ms), NOW)).toBe(fault);
    const result = await refusal(scheduleDraft(scope, ADMIN, await draft(), plan(later(ms))));
    expect(result).toEqual(fault && { code: fault });
  });

  test("of a draft that repeats goes on to its next when it has passed; any other stays", () => {
    const recurrence: Recurrence = { zone: "UTC", rule: { every: "day", hour: 10, minute: 0 } };
    expect(start(later(-DAY), recurrence)).toEqual(new Date("2026-03-03T10:00:00Z"));
    expect(start(later(HOUR), recurrence)).toEqual(later(HOUR));
    expect(start(later(-DAY), null)).toEqual(later(-DAY));
    expect(start(null, null)).toBeNull();
    // The next time may belong to the run that was made after this one.
    expect(start(later(-DAY), recurrence, 12)).toEqual(later(-DAY));
  });
});

describe("scheduling", () => {
  test("keeps what the admin agreed to", async () => {
    const campaign = await scheduled();
    expect(campaign).toMatchObject({ state: "scheduled", startsAt: later(HOUR), agreedCount: 100 });
  });

  test("no more than may wait, of many at once too", async () => {
    const drafts = [];
    for (let index = 0; index < 6; index += 1) drafts.push(await draft());
    const results = await Promise.all(
      drafts.map((one) => refusal(scheduleDraft(scope, ADMIN, one, plan(later(HOUR), { mostScheduled: 4 })))),
    );
    expect(results.filter((result) => result === null).length).toBe(4);
    expect(results.filter((result) => result !== null)).toEqual(
      [1, 2].map(() => ({ code: "too-many", count: 4 })),
    );
  });

  test("a draft that was changed since it was shown is not scheduled", async () => {
    const seen = await draft();
    await edited(seen);
    expect(await refusal(scheduleDraft(scope, ADMIN, seen, plan(later(HOUR))))).toEqual({
      code: "changed",
      id: seen.id,
    });
  });
});

describe("a change of what is scheduled", () => {
  test("is put into it whole, and its draft is gone", async () => {
    const { id } = await scheduled();
    const from = await edited(await change(id), {
      content: NEW,
      audience: { languages: ["ru"] },
      latePolicy: "send",
    });
    expect(await getCampaign(scope, id)).toMatchObject({ content: POST, audience: EVERYONE });
    const window = { zone: "UTC", from: 540, to: 1260, days: [1 as const] };
    await save(await edited(from, { window }), later(2 * HOUR));
    expect(await getCampaign(scope, id)).toMatchObject({
      state: "scheduled",
      content: NEW,
      audience: { languages: ["ru"] },
      latePolicy: "send",
      window,
      startsAt: later(2 * HOUR),
    });
    expect(await findCampaign(scope, from.id)).toBeNull();
    const noted = await scope.db.select().from(audit).where(eq(audit.action, "campaign.changed"));
    expect(noted).toMatchObject([{ subject: id, actorId: ADMIN_ID }]);
  });

  test("is refused whole when it has started, and its draft is kept", async () => {
    const { id } = await scheduled();
    const from = await edited(await change(id));
    await startDue(scope, id, later(HOUR));
    expect(await refusal(save(from, later(2 * HOUR)))).toEqual({ code: "conflict", id, state: "running" });
    expect(await getCampaign(scope, id)).toMatchObject({ content: POST, startsAt: later(HOUR) });
    expect(await findCampaign(scope, from.id)).toMatchObject({ state: "draft", content: NEW, changes: id });
  });

  test("either counts whole or not at all when it is saved as it starts", async () => {
    for (let round = 0; round < 10; round += 1) {
      const { id } = await scheduled();
      const from = await edited(await change(id, `change-${round}`));
      const [started, refused] = await Promise.all([
        startDue(scope, id, later(HOUR)),
        refusal(save(from, later(2 * HOUR))),
      ]);
      const after = await getCampaign(scope, id);
      // Saved first, it may still be started after that: then with the new post.
      const isNew = refused === null;
      expect(after.content).toEqual(isNew ? NEW : POST);
      expect(after.state).toBe(started ? "running" : "scheduled");
      expect((await findCampaign(scope, from.id)) === null).toBe(isNew);
    }
  });

  test("of two admins the second is told", async () => {
    const { id } = await scheduled();
    const [one, other] = [await change(id, "one"), await change(id, "other")];
    await save(one, later(2 * HOUR));
    expect(await refusal(save(other, later(3 * HOUR)))).toEqual({ code: "changed", id });
    expect((await getCampaign(scope, id)).startsAt).toEqual(later(2 * HOUR));
  });

  test("of the same update makes one draft", async () => {
    const { id } = await scheduled();
    expect((await change(id)).id).toBe((await change(id)).id);
  });

  test("of a paused one lets it wait for its time again", async () => {
    const { id } = await scheduled();
    await pause(scope, ADMIN, id);
    await save(await change(id), later(2 * HOUR));
    expect(await getCampaign(scope, id)).toMatchObject({ state: "scheduled", pauseReason: null });
  });

  test("made before it was paused does not set it going again", async () => {
    const { id } = await scheduled();
    const mine = await change(id);
    await pause(scope, ownerActor(ADMIN_ID + 1), id);
    expect(await refusal(save(mine, later(2 * HOUR)))).toEqual({ code: "changed", id });
    expect((await getCampaign(scope, id)).state).toBe("paused");
  });

  test("to a time that has passed is refused, and so is what is no change", async () => {
    const { id } = await scheduled();
    expect(await refusal(save(await change(id), later(-HOUR)))).toEqual({ code: "past" });
    const plain = await draft();
    expect(await refusal(save(plain, later(HOUR)))).toEqual({
      code: "conflict",
      id: plain.id,
      state: "draft",
    });
  });
});

/** The second run, once the first has started. */
async function nextOf(id: number) {
  await startDue(scope, id, new Date("2026-03-03T20:00:00Z"));
  const rows = await scope.db.select().from(campaigns).orderBy(asc(campaigns.id));
  return rows.find(({ run }) => run === 2);
}

describe("a change of a run of a series", () => {
  const recurrence: Recurrence = { zone: "UTC", rule: { every: "day", hour: 10, minute: 0 } };
  const FIRST = new Date("2026-03-03T10:00:00Z");
  const series = () => scheduled({ recurrence }, FIRST);
  test("for this run leaves the others as they were", async () => {
    const { id } = await series();
    await save(await edited(await change(id)), new Date("2026-03-03T15:00:00Z"));
    expect(await getCampaign(scope, id)).toMatchObject({ content: NEW, run: 1 });
    expect(await nextOf(id)).toMatchObject({ content: POST, startsAt: new Date("2026-03-04T10:00:00Z") });
  });

  test("for all that follow reaches those that are not made yet", async () => {
    const { id } = await series();
    const noon: Recurrence = { zone: "UTC", rule: { every: "day", hour: 12, minute: 0 } };
    const from = await edited(await change(id), { content: NEW, recurrence: noon });
    await save(from, new Date("2026-03-03T12:00:00Z"), "series");
    expect(await nextOf(id)).toMatchObject({ content: NEW, startsAt: new Date("2026-03-04T12:00:00Z") });
  });

  test("for all that follow does not move them by a time that was chosen for this run", async () => {
    const { id } = await series();
    await save(await edited(await change(id)), new Date("2026-03-03T09:00:00Z"), "series");
    await startDue(scope, id, new Date("2026-03-03T09:00:00Z"));
    expect(await findNextRun(scope, id)).toMatchObject({ startsAt: new Date("2026-03-04T10:00:00Z") });
  });

  test("that takes the repeat away ends the series with this run", async () => {
    const { id } = await series();
    await save(await edited(await change(id), { recurrence: null }), FIRST, "series");
    expect(await findSeries(scope, id)).toMatchObject({ endedAt: NOW });
    expect(await nextOf(id)).toBeUndefined();
  });

  test("for all that follow is refused when a later one waits already", async () => {
    const first = await series();
    await holdLate(scope, first, new Date("2026-03-05T12:00:00Z"));
    const from = await edited(await change(first.id));
    const at = new Date("2026-03-06T12:00:00Z");
    expect(await refusal(save(from, at, "series"))).toEqual({ code: "changed", id: first.id });
    expect((await getCampaign(scope, first.id)).content).toEqual(POST);
    await save(from, at, "run");
    expect((await getCampaign(scope, first.id)).content).toEqual(NEW);
  });

  test("that begins a series makes it the first run", async () => {
    const { id } = await scheduled();
    await save(await edited(await change(id), { recurrence }), FIRST);
    expect(await getCampaign(scope, id)).toMatchObject({ seriesId: id, run: 1 });
  });
});

describe("a change of the post of a campaign that is paused on the way", () => {
  const startedAt = later(-HOUR);
  const pausedOne = (how: Parameters<typeof seedCampaign>[1] = {}) =>
    seedCampaign(scope, { state: "paused", pauseReason: "content", startedAt, ...how });

  test.each(PAUSE_REASONS.filter((reason) => reason !== "late" && reason !== "overdue"))(
    "takes its post and nothing else, and leaves it paused (%s)",
    async (pauseReason) => {
      const { id, audience, startsAt } = await pausedOne({ pauseReason });
      const from = await edited(await change(id), {
        content: NEW,
        audience: { languages: ["ru"] },
        startsAt: later(HOUR),
      });
      await mend(scope, ADMIN, from);
      expect(await getCampaign(scope, id)).toMatchObject({
        state: "paused",
        content: NEW,
        audience,
        startsAt,
        startedAt,
      });
      expect(await refusal(getCampaign(scope, from.id))).toMatchObject({ code: "not-found" });
    },
  );

  test("comes too late once it goes on, and is kept as a draft", async () => {
    const { id } = await pausedOne();
    const from = await edited(await change(id));
    await resume(scope, ADMIN, id);
    expect(await refusal(mend(scope, ADMIN, from))).toMatchObject({ code: "conflict" });
    expect(await getCampaign(scope, from.id)).toMatchObject({ state: "draft", content: NEW });
    expect(await getCampaign(scope, id)).toMatchObject({ state: "running", content: POST });
  });

  test("of two, the second is told", async () => {
    const { id } = await pausedOne({ pauseReason: "incomplete" });
    const [one, other] = [await change(id, "one"), await change(id, "other")];
    await mend(scope, ADMIN, await edited(one));
    expect(await refusal(mend(scope, ADMIN, other))).toMatchObject({ code: "changed" });
  });

  test.each([
    ["that runs", { state: "running" as const, pauseReason: null }],
    ["that is over", { state: "finished" as const, pauseReason: null }],
  ])("is not for one %s", async (_, how) => {
    const { id } = await pausedOne(how);
    const mended = change(id).then(async (draft) => mend(scope, ADMIN, await edited(draft)));
    expect(await refusal(mended)).toMatchObject({ code: "conflict" });
  });
});
