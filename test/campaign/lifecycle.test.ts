import { asc, eq } from "drizzle-orm";
import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import { EVERYONE } from "../../src/audience/segment/audience.ts";
import { type Campaign, TRANSITIONS, isOver } from "../../src/campaign/campaign.ts";
import { cancel } from "../../src/campaign/actions/cancel.ts";
import { confirmOverdue, confirmDraft } from "../../src/campaign/confirm-draft.ts";
import { createDraft } from "../../src/campaign/actions/create-draft.ts";
import { discardDraft } from "../../src/campaign/actions/discard-draft.ts";
import { duplicate } from "../../src/campaign/actions/duplicate.ts";
import { editDraft } from "../../src/campaign/actions/edit-draft.ts";
import { finish, holdLate, startDue, pauseBecause } from "../../src/campaign/engine-moves.ts";
import { pause } from "../../src/campaign/actions/pause.ts";
import { resume } from "../../src/campaign/actions/resume.ts";
import { retry } from "../../src/campaign/actions/retry.ts";
import { findCampaign, getCampaign, getDraft } from "../../src/campaign/queries.ts";
import { type Scope, homeScope } from "../../src/db/scope.ts";
import { audit, campaigns, deliveries } from "../../src/db/schema.ts";
import { CAMPAIGN_STATES, type CampaignState } from "../../src/db/states.ts";
import { DomainError } from "../../src/errors.ts";
import { freshScope } from "../support/database.ts";
import {
  ADMIN,
  ADMIN_ID,
  NOW,
  POST,
  campaignAs,
  countersOf,
  emptied,
  seedCampaign,
  seedPeople,
} from "../support/seed.ts";

let scope: Scope;
beforeAll(async () => {
  scope = await freshScope();
});
beforeEach(() => emptied(scope));

const at = (minutes: number) => new Date(NOW.getTime() + minutes * 60_000);

async function audited(): Promise<[string, number, number | null][]> {
  const rows = await scope.db
    .select()
    .from(audit)
    .where(eq(audit.homeId, scope.homeId))
    .orderBy(asc(audit.id));
  return rows.map(({ action, actorId, subject }) => [action, actorId, subject]);
}

/** What a move came to: the state after it, or the refusal. */
async function attempt(move: Promise<unknown>): Promise<unknown> {
  try {
    const result = await move;
    if (result === null || typeof result === "boolean") return result;
    return (result as { state: CampaignState }).state;
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    return { code: error.code, ...error.details };
  }
}

/** A campaign in a state, with one failure that could be retried, so that only the state can forbid a move. */
async function campaignIn(state: CampaignState): Promise<number> {
  await seedPeople(scope, [1]);
  const startedAt = state === "draft" || state === "scheduled" || state === "expired" ? null : NOW;
  const { id } = await seedCampaign(scope, { state, startedAt, total: 1, failed: 1, frozenAt: NOW });
  await scope.db
    .insert(deliveries)
    .values({ botId: scope.botId, campaignId: id, seq: 1, chatId: 1, state: "failed", reason: "other" });
  return id;
}

/** As it was when it was found due; what there is not is looked for all the same. */
async function campaignAt(id: number): Promise<Campaign> {
  return (await findCampaign(scope, id)) ?? campaignAs({ id });
}

interface Verb {
  move: (id: number) => Promise<unknown>;
  from: readonly CampaignState[];
  to: CampaignState;
  /** What is noted of it; the engine's own moves are not. */
  action?: string;
}

/** Everything that moves a campaign. The engine's own moves answer null instead of refusing. */
const VERBS: Record<string, Verb> = {
  confirm: {
    move: (id) => confirmDraft(scope, ADMIN, { id, revision: 1 }, NOW),
    from: ["draft"],
    to: "scheduled",
    action: "campaign.confirmed",
  },
  launch: { move: (id) => startDue(scope, id, NOW), from: ["scheduled"], to: "running" },
  pause: {
    move: (id) => pause(scope, ADMIN, id),
    from: ["running", "scheduled"],
    to: "paused",
    action: "campaign.paused",
  },
  pauseBecause: {
    move: (id) => pauseBecause(scope, id, "content", "Bad Request"),
    from: ["running"],
    to: "paused",
  },
  resume: {
    move: (id) => resume(scope, ADMIN, id),
    from: ["paused"],
    to: "running",
    action: "campaign.resumed",
  },
  cancel: {
    move: (id) => cancel(scope, ADMIN, id, NOW),
    from: ["scheduled", "running", "paused"],
    to: "cancelled",
    action: "campaign.cancelled",
  },
  holdLate: {
    move: async (id) => holdLate(scope, await campaignAt(id), NOW),
    from: ["scheduled"],
    to: "paused",
  },
  expire: {
    move: async (id) => holdLate(scope, { ...(await campaignAt(id)), latePolicy: "expire" }, NOW),
    from: ["scheduled"],
    to: "expired",
  },
  finish: { move: (id) => finish(scope, id, NOW), from: ["running"], to: "finished" },
  retry: {
    move: (id) => retry(scope, ADMIN, id, "failed"),
    from: ["finished"],
    to: "running",
    action: "campaign.retried",
  },
};

/** By how many seconds a campaign says that it started late. */
async function lateBy(minutes: number) {
  const { id } = await seedCampaign(scope, { state: "scheduled", startsAt: NOW });
  return (await startDue(scope, id, at(minutes)))?.lateSeconds;
}

const pauses = (id: number) => pause(scope, ADMIN, id);
const cancels = (id: number) => cancel(scope, ADMIN, id, NOW);

/** Paused before it started, and due in so many minutes. */
const pausedBefore = (minutes: number) =>
  seedCampaign(scope, { state: "paused", pauseReason: "admin", startedAt: null, startsAt: at(minutes) });

describe("the table of moves", () => {
  test("is what the verbs do, no more and no less", () => {
    const done = Object.values(VERBS).flatMap(({ from, to }) => from.map((state) => `${state} → ${to}`));
    done.push("paused → scheduled"); // resume, of one that had not started: below
    done.push("draft → finished", "finished → paused"); // a step of the series for newcomers: newcomers.test.ts
    const table = CAMPAIGN_STATES.flatMap((from) => TRANSITIONS[from].map((to) => `${from} → ${to}`));
    expect([...new Set(done)].toSorted()).toEqual(table.toSorted());
  });

  describe.each(Object.entries(VERBS))("%s", (_, { move, from, to, action }) => {
    test.each(CAMPAIGN_STATES)("from %s", async (state) => {
      const id = await campaignIn(state);
      const before = await getCampaign(scope, id);
      const result = await attempt(move(id));
      const allowed = from.includes(state);
      const refusal = action ? { code: "conflict", id, state } : null;
      expect(result).toEqual(allowed ? to : refusal);
      const after = await getCampaign(scope, id);
      expect(allowed ? after.state : after).toEqual(allowed ? to : before);
      expect(await audited()).toEqual(allowed && action ? [[action, ADMIN_ID, id]] : []);
    });

    test("of a campaign that there is not", async () => {
      expect(await attempt(move(999))).toEqual(action ? { code: "not-found", id: 999 } : null);
    });

    test("of another bot's campaign", async () => {
      const { id } = await seedCampaign(homeScope(scope.db, scope.botId + 1), {
        state: from[0] ?? "draft",
        frozenAt: NOW,
      });
      expect(await attempt(move(id))).toEqual(action ? { code: "not-found", id } : null);
    });
  });

  test("resumed before its time, it waits for that again", async () => {
    const { id } = await pausedBefore(60);
    expect(await resume(scope, ADMIN, id, NOW)).toMatchObject({ state: "scheduled", latePolicy: "ask" });
  });

  test("resumed when its time has passed, it stays paused; it is sent only as it was agreed to", async () => {
    const { id, revision } = await pausedBefore(-60);
    await expect(resume(scope, ADMIN, id, NOW)).rejects.toMatchObject({
      code: "overdue",
      details: { id },
    });
    const older = { id, revision: revision - 1 };
    await expect(confirmOverdue(scope, ADMIN, older, 5)).rejects.toMatchObject({ code: "conflict" });
    expect(await campaignAt(id)).toMatchObject({ state: "paused", pauseReason: "admin" });
    expect(await confirmOverdue(scope, ADMIN, { id, revision }, 5)).toMatchObject({
      state: "scheduled",
      latePolicy: "send",
      agreedCount: 5,
      pauseReason: null,
    });
    await expect(confirmOverdue(scope, ADMIN, { id, revision }, 5)).rejects.toMatchObject({
      code: "conflict",
    });
  });

  test("a start that is late says by how much; a moment is not late", async () => {
    expect([await lateBy(0.5), await lateBy(90)]).toEqual([null, 5_400]);
  });

  test("only what nobody moves on by itself is over", () => {
    expect(CAMPAIGN_STATES.filter(isOver)).toEqual(["finished", "cancelled", "expired"]);
  });

  test.each([
    ["pause", () => [pauses, pauses]],
    ["cancel", () => [cancels, cancels]],
    ["pause and cancel", () => [pauses, cancels]],
  ] as const)("of two admins who %s at once each move is made once", async (_, moves) => {
    const { id } = await seedCampaign(scope, { state: "running" });
    const results = await Promise.all(moves().map((move) => attempt(move(id))));
    expect(await audited()).toHaveLength(results.filter((result) => typeof result === "string").length);
    const { state } = await getCampaign(scope, id);
    expect(results).toContain(state);
  });
});

describe("drafts", () => {
  const draft = { content: POST, audience: EVERYONE, originKey: "update-1" };

  test("the same update makes one draft, however often and at once it is handled", async () => {
    const made = await Promise.all([1, 2, 3].map(() => createDraft(scope, ADMIN, draft)));
    expect(new Set(made.map(({ id }) => id)).size).toBe(1);
    expect(made[0]).toMatchObject({ state: "draft", content: POST, audience: EVERYONE });
    expect(await audited()).toEqual([["campaign.created", ADMIN_ID, made[0]!.id]]);
    expect((await createDraft(scope, ADMIN, { ...draft, originKey: "update-2" })).id).not.toBe(made[0]!.id);
    // Numbers run on without gaps, each bot's its own.
    expect((await createDraft(scope, ADMIN, { ...draft, originKey: "update-3" })).id).toBe(made[0]!.id + 2);
    expect((await createDraft(homeScope(scope.db, 5), ADMIN, draft)).id).toBe(1);
  });

  test("the same update finds its campaign when it has moved on", async () => {
    const { id } = await createDraft(scope, ADMIN, draft);
    await confirmDraft(scope, ADMIN, await getCampaign(scope, id), NOW);
    expect(await createDraft(scope, ADMIN, draft)).toMatchObject({ id, state: "scheduled" });
  });

  test("post and audience change while it is a draft, and no longer", async () => {
    const { id } = await createDraft(scope, ADMIN, draft);
    const content = { ...POST, text: "New" };
    await editDraft(scope, ADMIN, await getCampaign(scope, id), { content });
    await editDraft(scope, ADMIN, await getCampaign(scope, id), { audience: { languages: ["de"] } });
    expect(await getDraft(scope, id)).toMatchObject({ content, audience: { languages: ["de"] } });
    await confirmDraft(scope, ADMIN, await getCampaign(scope, id), NOW);
    expect(await attempt(editDraft(scope, ADMIN, { id, revision: 3 }, { content: POST }))).toEqual({
      code: "conflict",
      id,
      state: "scheduled",
    });
    expect(await attempt(getDraft(scope, id))).toEqual({ code: "conflict", id, state: "scheduled" });
    expect((await getCampaign(scope, id)).content).toEqual(content);
    expect((await audited()).map(([action]) => action)).toEqual([
      "campaign.created",
      "campaign.edited",
      "campaign.edited",
      "campaign.confirmed",
    ]);
  });

  test.each(CAMPAIGN_STATES)("discarding what is %s", async (state) => {
    const { id } = await seedCampaign(scope, { state });
    const isDraft = state === "draft";
    expect(await discardDraft(scope, ADMIN, id)).toBe(isDraft);
    expect((await findCampaign(scope, id)) === null).toBe(isDraft);
    expect(await audited()).toEqual(isDraft ? [["campaign.discarded", ADMIN_ID, id]] : []);
    expect(await discardDraft(scope, ADMIN, id)).toBe(false);
  });

  test("a duplicate has the post and the audience, and nothing of what happened", async () => {
    const { id } = await seedCampaign(scope, {
      state: "finished",
      total: 9,
      sent: 9,
      startedAt: NOW,
      finishedAt: NOW,
      errorsWaived: true,
      audience: { languages: ["ru"] },
    });
    const copy = await duplicate(scope, ADMIN, id, "tap-1");
    expect(copy).toMatchObject({
      state: "draft",
      content: POST,
      audience: { languages: ["ru"] },
      startedAt: null,
      finishedAt: null,
      frozenAt: null,
      errorsWaived: false,
    });
    expect(await countersOf(scope, copy.id)).toEqual({});
    expect((await duplicate(scope, ADMIN, id, "tap-1")).id).toBe(copy.id);
  });
});

describe("what a move writes down", () => {
  test("when it starts, started and ended", async () => {
    const { id } = await seedCampaign(scope);
    expect(await confirmDraft(scope, ADMIN, await getCampaign(scope, id), at(0))).toMatchObject({
      startsAt: at(0),
    });
    expect(await startDue(scope, id, at(1))).toMatchObject({ startedAt: at(1), finishedAt: null });
    await scope.db.update(campaigns).set({ frozenAt: NOW }).where(eq(campaigns.id, id));
    expect(await finish(scope, id, at(2))).toMatchObject({ startedAt: at(1), finishedAt: at(2) });
  });

  test("why it paused, and that it no longer does", async () => {
    const { id } = await seedCampaign(scope, { state: "running", startedAt: NOW });
    expect(await pauseBecause(scope, id, "unauthorized", "Unauthorized")).toMatchObject({
      pauseReason: "unauthorized",
      pauseDetail: "Unauthorized",
    });
    expect(await resume(scope, ADMIN, id)).toMatchObject({
      pauseReason: null,
      pauseDetail: null,
      errorsWaived: false,
    });
    expect(await pause(scope, ADMIN, id)).toMatchObject({ pauseReason: "admin", pauseDetail: null });
    expect(await cancel(scope, ADMIN, id, NOW)).toMatchObject({ finishedAt: expect.any(Date) });
  });
});

describe("the end", () => {
  const parts = ["sent", "blocked", "deactivated", "unreachable", "failed", "skipped", "uncertain"] as const;
  const all = Object.fromEntries(parts.map((part, index) => [part, index + 1]));

  test("comes when everyone has an outcome, of any kind", async () => {
    const { id } = await seedCampaign(scope, { state: "running", frozenAt: NOW, total: 28, ...all });
    expect(await finish(scope, id, NOW)).toMatchObject({ state: "finished" });
  });

  test.each(parts)("does not come while one %s is missing", async (part) => {
    const { id } = await seedCampaign(scope, {
      state: "running",
      frozenAt: NOW,
      total: 28,
      ...all,
      [part]: all[part]! - 1,
    });
    expect(await finish(scope, id, NOW)).toBeNull();
    expect((await getCampaign(scope, id)).state).toBe("running");
  });

  test("does not come before the whole audience is frozen", async () => {
    const { id } = await seedCampaign(scope, { state: "running", frozenAt: null, total: 28, ...all });
    expect(await finish(scope, id, NOW)).toBeNull();
  });

  test("comes at once for an audience of nobody", async () => {
    const { id } = await seedCampaign(scope, { state: "running", frozenAt: NOW });
    expect(await finish(scope, id, NOW)).toMatchObject({ state: "finished", total: 0 });
  });
});

describe("what an admin agreed to", () => {
  test("is what starts: a draft that was changed since is not confirmed", async () => {
    const seen = await seedCampaign(scope);
    await editDraft(scope, ADMIN, seen, { audience: { languages: ["de"] } });
    expect(await attempt(confirmDraft(scope, ADMIN, seen, NOW))).toEqual({ code: "changed", id: seen.id });
    expect((await getCampaign(scope, seen.id)).state).toBe("draft");
  });

  test("is not undone by another admin who looked at it before", async () => {
    const seen = await seedCampaign(scope);
    await editDraft(scope, ADMIN, seen, { audience: { languages: ["de"] } });
    expect(await attempt(editDraft(scope, ADMIN, seen, { content: POST }))).toEqual({
      code: "changed",
      id: seen.id,
    });
    expect((await getCampaign(scope, seen.id)).audience).toEqual({ languages: ["de"] });
  });
});
