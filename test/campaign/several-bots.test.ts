import { eq } from "drizzle-orm";
import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import { EVERYONE } from "../../src/audience/segment/audience.ts";
import { createDrawings } from "../../src/bot/notices/drawings.ts";
import { loadWords } from "../../src/bot/ui/words.ts";
import type { EngineStatus } from "../../src/bot/ui/bot-context.ts";
import { beginChange } from "../../src/campaign/actions/begin-change.ts";
import { cancel, cancelSeries } from "../../src/campaign/actions/cancel.ts";
import { changeDirectly } from "../../src/campaign/actions/change-directly.ts";
import { createDraft } from "../../src/campaign/actions/create-draft.ts";
import { discardDraft } from "../../src/campaign/actions/discard-draft.ts";
import { duplicate } from "../../src/campaign/actions/duplicate.ts";
import { editDraft } from "../../src/campaign/actions/edit-draft.ts";
import { launchAt } from "../../src/campaign/actions/launch-at.ts";
import { launch } from "../../src/campaign/actions/launch.ts";
import { mend } from "../../src/campaign/actions/mend.ts";
import { pause } from "../../src/campaign/actions/pause.ts";
import { recordPreview } from "../../src/campaign/actions/record-preview.ts";
import { resume } from "../../src/campaign/actions/resume.ts";
import { retry } from "../../src/campaign/actions/retry.ts";
import { review } from "../../src/campaign/actions/review.ts";
import { saveChange } from "../../src/campaign/actions/save-change.ts";
import { sendOverdue } from "../../src/campaign/actions/send-overdue.ts";
import { startDue } from "../../src/campaign/engine-moves.ts";
import { placeCard, lowestRunning } from "../../src/campaign/card-places.ts";
import type { Campaign } from "../../src/campaign/campaign.ts";
import { listPlanned } from "../../src/campaign/planned.ts";
import {
  findByOrigin,
  findCampaign,
  findOwnCampaign,
  getCampaign,
  listDue,
  listOpen,
  listRunning,
} from "../../src/campaign/queries.ts";
import { countCampaignsBySort } from "../../src/campaign/report/statistics.ts";
import { countFound, countLists, listCampaigns, listPage, searchPage } from "../../src/campaign/search.ts";
import { findSeries } from "../../src/campaign/series.ts";
import { systemClock } from "../../src/clock.ts";
import { type Scope, scopeOf } from "../../src/db/scope.ts";
import { campaigns, deliveries, recipients, senders, series } from "../../src/db/schema.ts";
import { BOT_ID, freshScope } from "../support/database.ts";
import { freezeChunk } from "../../src/delivery/freeze/freeze-chunk.ts";
import { engine, isFinished } from "../support/engine.ts";
import { localTelegram } from "../support/herald.ts";
import { ADMIN, ADMIN_ID, NOW, POST, emptied, seedCampaign, seedPeople } from "../support/seed.ts";

/* A home with two bots: its own, and one more that posts. */

const SECOND = BOT_ID + 1;
const STRANGER = BOT_ID + 2;

let home: Scope;
let second: Scope;
beforeAll(async () => {
  home = await freshScope();
  second = scopeOf(home, { botId: SECOND });
});
beforeEach(async () => {
  await emptied(home);
  await home.db.insert(senders).values([
    { botId: SECOND, homeId: BOT_ID },
    { botId: STRANGER, homeId: STRANGER },
  ]);
  await seedPeople(home, [1, 2, 3]);
  await seedPeople(second, [3, 11, 12, 13, 14]);
});

const later = new Date(NOW.getTime() + 3_600_000);
const limits = { now: NOW, typedFrom: 100, mostScheduled: 10 };
const rate = { set: 25, now: 25, paid: "off" } as const;
const fivePeople = { count: 5, typedCount: null, startsAt: null };
const daily = { zone: "UTC", rule: { every: "day", hour: 9, minute: 0 } } as const;

/** A running campaign to everybody on the bot's list. */
async function runningOf(scope: Scope): Promise<Campaign> {
  const campaign = await seedCampaign(scope, { state: "running", startedAt: NOW });
  while (!(await freezeChunk(scope, campaign.id, 1_000)));
  return campaign;
}

let origins = 0;
const draftOf = (bot?: number) => {
  origins += 1;
  return createDraft(home, ADMIN, { content: POST, audience: EVERYONE, originKey: `draft ${origins}` }, bot);
};

/** Everything that belongs to the home's own bot. */
async function ownRows() {
  const { db } = home;
  const of = (table: typeof campaigns | typeof deliveries | typeof recipients | typeof series) =>
    db.select().from(table).where(eq(table.botId, BOT_ID)).orderBy(table.botId);
  return {
    campaigns: await of(campaigns),
    deliveries: await of(deliveries),
    people: await of(recipients),
    series: await of(series),
  };
}

const refused = (work: Promise<unknown>) =>
  work.then(
    () => null,
    (error: unknown) => error,
  );

describe("numbers", () => {
  test("run through the home, whichever bot sends", async () => {
    const drafts = [await draftOf(), await draftOf(SECOND), await draftOf(BOT_ID), await draftOf(SECOND)];
    expect(drafts.map(({ id, botId, homeId }) => [id, botId, homeId])).toEqual([
      [1, BOT_ID, BOT_ID],
      [2, SECOND, BOT_ID],
      [3, BOT_ID, BOT_ID],
      [4, SECOND, BOT_ID],
    ]);
    expect(await findCampaign(home, 2)).toMatchObject({ id: 2, botId: SECOND });
    expect(await findCampaign(second, 1)).toMatchObject({ id: 1, botId: BOT_ID });
  });

  test("mean nothing to another bot's people, nor to another home", async () => {
    await draftOf(SECOND);
    expect(await findOwnCampaign(second, 1)).toMatchObject({ id: 1 });
    expect(await findOwnCampaign(home, 1)).toBeNull();
    const elsewhere = { ...home, homeId: STRANGER, botId: STRANGER };
    expect(await findCampaign(elsewhere, 1)).toBeNull();
    expect(await discardDraft(elsewhere, ADMIN, 1)).toBe(false);
  });

  test("are taken once: what the same request creates twice is one draft, and a bot of another home is refused", async () => {
    const again = { content: POST, audience: EVERYONE, originKey: "the same" };
    const first = await createDraft(home, ADMIN, again, SECOND);
    expect(await createDraft(home, ADMIN, again, SECOND)).toEqual(first);
    expect(await findByOrigin(home, "the same")).toEqual(first);
    for (const bot of [STRANGER, 99])
      expect(await refused(draftOf(bot))).toMatchObject({ code: "bot-unknown", details: { bot } });
  });
});

/** Each action on a campaign of the second bot; resolves with what came of it. */
const ACTIONS: Record<string, () => Promise<Campaign | null>> = {
  "create and edit": async () => editDraft(home, ADMIN, await draftOf(SECOND), { startsAt: later }),
  preview: async () => {
    const draft = await draftOf(SECOND);
    await recordPreview(home, ADMIN, draft, []);
    return getCampaign(home, draft.id);
  },
  review: async () => {
    const found = await review(home, ADMIN, (await draftOf(SECOND)).id, { ...limits, rateOf: () => rate });
    expect(found).toMatchObject({ count: { reachable: 5 }, sendable: true, groups: [{ count: 5 }] });
    return found.draft;
  },
  launch: async () => launch(home, ADMIN, await draftOf(SECOND), fivePeople, limits),
  "launch at": async () =>
    launchAt(home, ADMIN, await draftOf(SECOND), { startsAt: later, recurrence: null }, 5, limits),
  discard: async () => {
    const { id } = await draftOf(SECOND);
    expect(await discardDraft(home, ADMIN, id)).toBe(true);
    return findCampaign(home, id);
  },
  duplicate: async () => duplicate(home, ADMIN, (await draftOf(SECOND)).id, "copy"),
  pause: async () => pause(home, ADMIN, (await runningOf(second)).id),
  resume: async () => {
    const { id } = await seedCampaign(second, { state: "paused", pauseReason: "errors", startedAt: NOW });
    return resume(home, ADMIN, id, NOW);
  },
  cancel: async () => cancel(home, ADMIN, (await runningOf(second)).id, NOW),
  "cancel a series": async () => {
    const { id } = await repeating();
    expect(await cancelSeries(home, ADMIN, id, NOW)).toEqual({ wasGoingOn: false });
    expect(await findSeries(second, id)).toMatchObject({ endedAt: NOW });
    return getCampaign(home, id);
  },
  retry: async () => {
    const { id } = await runningOf(second);
    await home.db.update(campaigns).set({ state: "finished", finishedAt: NOW }).where(eq(campaigns.id, id));
    await home.db
      .update(deliveries)
      .set({ state: "failed", reason: "other" })
      .where(eq(deliveries.campaignId, id));
    return retry(home, ADMIN, id, "failed");
  },
  "send overdue": async () => {
    const late = { state: "paused", pauseReason: "late", startsAt: NOW } as const;
    return sendOverdue(home, ADMIN, await seedCampaign(second, late), fivePeople, { ...limits, now: later });
  },
  "save a change": async () => {
    const { id } = await seedCampaign(second, { state: "scheduled", startsAt: later, agreedCount: 5 });
    const draft = await beginChange(home, ADMIN, id, "a change");
    expect(draft).toMatchObject({ botId: SECOND, changes: id });
    return saveChange(home, ADMIN, draft, { ...fivePeople, startsAt: later }, limits);
  },
  "change directly": async () => {
    const { id } = await seedCampaign(second, { state: "scheduled", startsAt: later, agreedCount: 5 });
    return changeDirectly(home, ADMIN, id, { change: { latePolicy: "send" }, agreedCount: 5 }, limits);
  },
  mend: async () => {
    const { id } = await seedCampaign(second, { state: "paused", pauseReason: "admin", startedAt: NOW });
    return mend(home, ADMIN, await beginChange(home, ADMIN, id, "a change"));
  },
};

async function repeating(): Promise<Campaign> {
  const draft = await draftOf(SECOND);
  return launchAt(home, ADMIN, draft, { startsAt: null, recurrence: daily }, 5, limits);
}

describe("an action on a campaign of another bot", () => {
  test.each(Object.keys(ACTIONS))("touches that bot's rows alone: %s", async (name) => {
    const { id } = await runningOf(home);
    await seedCampaign(home, { state: "scheduled", startsAt: later });
    const before = await ownRows();
    const campaign = await ACTIONS[name]?.();
    // A draft that is discarded is gone.
    const { botId = SECOND, homeId = BOT_ID } = campaign ?? {};
    expect([botId, homeId]).toEqual([SECOND, BOT_ID]);
    expect(await ownRows()).toEqual(before);
    expect(await getCampaign(home, id)).toMatchObject({ state: "running", botId: BOT_ID });
  });

  test("lets the process know that sends by that bot", async () => {
    const steered: number[] = [];
    const nudged: number[] = [];
    const told = {
      ...home,
      onSteered: (bot: number) => void steered.push(bot),
      nudges: { send: async (_: unknown, bot: number) => void nudged.push(bot) },
    };
    await pause(told, ADMIN, (await runningOf(second)).id);
    await pause(told, ADMIN, (await runningOf(home)).id);
    expect([steered, nudged]).toEqual([
      [SECOND, BOT_ID],
      [SECOND, BOT_ID],
    ]);
  });

  test("makes a run of its own bot follow in a series, with the home's next number", async () => {
    const { id, startsAt } = await repeating();
    await startDue(second, id, startsAt ?? NOW);
    await draftOf();
    expect(await findCampaign(home, id + 1)).toMatchObject({
      botId: SECOND,
      homeId: BOT_ID,
      seriesId: id,
      run: 2,
    });
    expect(await findCampaign(home, id + 2)).toMatchObject({ botId: BOT_ID, state: "draft" });
  });
});

const ids = (rows: readonly { id: number }[]) => rows.map(({ id }) => id);

describe("lists", () => {
  test("of screens are the home's, or one bot's; those of an engine are its bot's alone", async () => {
    const running = [await runningOf(home), await runningOf(second)];
    const [ours = 0, theirs = 0] = ids(running);
    const due = { state: "scheduled", startsAt: NOW } as const;
    const [ourDue = 0, theirDue = 0] = ids([await seedCampaign(home, due), await seedCampaign(second, due)]);

    expect(await countLists(home)).toMatchObject({ running: 2, scheduled: 2 });
    expect(await countLists(home, SECOND)).toMatchObject({ running: 1, scheduled: 1 });
    const pageOf = { page: 0, size: 10 };
    expect(ids((await listPage(home, "running", pageOf)).campaigns)).toEqual([theirs, ours]);
    expect(ids((await listPage(home, "running", { ...pageOf, bot: BOT_ID })).campaigns)).toEqual([ours]);
    expect(ids((await searchPage(home, "hello", { ...pageOf, bot: SECOND })).campaigns)).toEqual([
      theirDue,
      theirs,
    ]);
    expect([await countFound(home, "hello"), await countFound(home, "hello", SECOND)]).toEqual([4, 2]);
    expect(ids((await listCampaigns(home, { bot: SECOND, states: ["running"] }, 10)).campaigns)).toEqual([
      theirs,
    ]);
    expect(new Set(ids(await listOpen(home)))).toEqual(new Set([ours, theirs, ourDue, theirDue]));
    expect(await countCampaignsBySort(home)).toMatchObject({ running: 2, scheduled: 2 });
    expect(await countCampaignsBySort(home, SECOND)).toMatchObject({ running: 1, scheduled: 1 });
    const planned = await listPlanned(home, NOW, later, NOW);
    expect(planned.map(({ id, botId }) => [id, botId])).toEqual([
      [ourDue, BOT_ID],
      [theirDue, SECOND],
    ]);
    expect(ids(await listPlanned(home, NOW, later, NOW, SECOND))).toEqual([theirDue]);

    expect([ids(await listRunning(home)), ids(await listRunning(second))]).toEqual([[ours], [theirs]]);
    expect([ids(await listDue(home, later)), ids(await listDue(second, later))]).toEqual([
      [ourDue],
      [theirDue],
    ]);
  });

  test("of the calendar have the later runs of every bot's series", async () => {
    const { id } = await repeating();
    const ofHome = await launchAt(
      home,
      ADMIN,
      await draftOf(),
      { startsAt: null, recurrence: daily },
      3,
      limits,
    );
    const week = new Date(NOW.getTime() + 3 * 86_400_000);
    const planned = await listPlanned(home, NOW, week, NOW);
    const runs = (bot: number) =>
      planned.filter(({ botId }) => botId === bot).map((one) => [one.id, one.what]);
    expect(runs(SECOND).length).toBeGreaterThan(1);
    expect(runs(SECOND)).toEqual(runs(BOT_ID).map(([, what]) => [id, what]));
    expect(runs(BOT_ID)[0]).toEqual([ofHome.id, "repeats"]);
  });

  test("know the lowest card of a running campaign, whichever bot sends it", async () => {
    const { id } = await runningOf(second);
    await placeCard(home, id, ADMIN_ID, 7);
    expect(await lowestRunning(home, ADMIN_ID)).toBe(id);
  });
});

test("a card counts the people, failures and votes of the bot that sends", async () => {
  const drawings = createDrawings({
    scope: home,
    clock: systemClock,
    translator: loadWords(),
    timezone: "UTC",
    lateLimitHours: 24,
    status: () => ({ quietUntil: null, speedOf: () => null }) as unknown as EngineStatus,
  });
  const scheduled = { state: "scheduled", startsAt: later } as const;
  const textOf = async (scope: Scope) =>
    (await drawings.card(await seedCampaign(scope, scheduled), ADMIN_ID, "card")).text;
  expect(await textOf(home)).toContain("3 people");
  expect(await textOf(second)).toContain("5 people");
});

test("the home's engine sends what is the home bot's, and leaves the other bot's campaigns alone", async () => {
  const telegram = await localTelegram({ limits: "none" });
  telegram.people(3, { firstId: 1 });
  const theirs = await runningOf(second);
  const due = await seedCampaign(second, { state: "scheduled", startsAt: new Date(Date.now() - 1_000) });
  const ours = await runningOf(home);
  await engine(home, telegram);
  await isFinished(home, ours);
  const states = await home.db
    .select({ state: deliveries.state, claims: deliveries.claims })
    .from(deliveries)
    .where(eq(deliveries.botId, SECOND));
  expect(states).toHaveLength(5);
  expect(states.filter(({ state, claims }) => state !== "pending" || claims > 0)).toEqual([]);
  expect(await getCampaign(home, theirs.id)).toMatchObject({ state: "running", sent: 0 });
  expect(await getCampaign(home, due.id)).toMatchObject({ state: "scheduled" });
});
