import { and, eq, isNull, sql } from "drizzle-orm";
import type { Actor } from "../access/actor.ts";
import { record } from "../access/audit.ts";
import { type HomeScope, type Scope, inTransaction, scopeOf } from "../db/scope.ts";
import type { Audience } from "../audience/segment/audience.ts";
import type { Content } from "../content/content.ts";
import { campaigns, series } from "../db/schema.ts";
import type { Recurrence } from "../schedule/recurrence.ts";
import { leavesAt, nextRunWithin } from "../schedule/runs.ts";
import type { Window } from "../schedule/window.ts";
import { tellWebhooks } from "./campaign-event.ts";
import { type Campaign, hasNotStarted } from "./campaign.ts";
import { parseColumns, toColumns } from "./json-columns.ts";
import { move } from "./transition.ts";
import { noteAction } from "./news/news.ts";
import { placeOfRun } from "./bundled-runs.ts";
import { getCampaign, notStarted, toCampaign } from "./queries.ts";

/** A repeating campaign: the template of its next run. */
export type Series = Omit<typeof series.$inferSelect, "content" | "audience" | "recurrence" | "window"> & {
  content: Content;
  audience: Audience;
  recurrence: Recurrence;
  window: Window | null;
};

/** @throws Error if a newer Herald wrote the row */
export function toSeries(row: typeof series.$inferSelect): Series {
  const { recurrence, ...others } = parseColumns(row, `series ${row.id}`);
  if (!recurrence) throw new Error(`series ${row.id} has no recurrence`);
  return { ...row, ...others, recurrence };
}

/** The series of a campaign; null if it does not repeat. */
export async function findSeries({ db, botId }: Scope, seriesId: number | null): Promise<Series | null> {
  if (seriesId === null) return null;
  const [row] = await db
    .select()
    .from(series)
    .where(and(eq(series.botId, botId), eq(series.id, seriesId)));
  return row ? toSeries(row) : null;
}

/** Makes the campaign the first run of a series, in the transaction that schedules it. */
export async function startSeries(tx: Scope, campaign: Campaign, recurrence: Recurrence): Promise<Campaign> {
  const { id, content, audience, category, window, latePolicy, createdBy, agreedCount, startsAt } = campaign;
  if (!startsAt) throw new Error("a campaign that repeats has a time");
  await tx.db.insert(series).values({
    botId: tx.botId,
    id,
    ...toColumns({ content, audience, window, recurrence }),
    category,
    latePolicy,
    bundleId: campaign.bundleId,
    eachOnce: campaign.eachOnce,
    codePool: campaign.codePool,
    agreedCount,
    createdBy,
    made: 1,
    lastAt: startsAt,
  });
  const [row] = await tx.db
    .update(campaigns)
    .set({ seriesId: id, run: 1 })
    .where(and(eq(campaigns.botId, tx.botId), eq(campaigns.id, id)))
    .returning();
  if (!row) throw new Error("an update returned no row");
  return toCampaign(row);
}

/**
 * Locks the series of a campaign, if it has one, to the end of the transaction. The first step of everything that
 * starts, changes or ends a run: of two at once, the second waits here and then sees the runs that the first created.
 */
export async function lockSeries({ db, botId }: Scope, campaignId: number): Promise<void> {
  const seriesId = db
    .select({ id: campaigns.seriesId })
    .from(campaigns)
    .where(and(eq(campaigns.botId, botId), eq(campaigns.id, campaignId)));
  await db
    .select({ id: series.id })
    .from(series)
    .where(and(eq(series.botId, botId), eq(series.id, seriesId)))
    .for("update");
}

/**
 * Creates the run after `campaign`, at its first time after `now`: missed runs are not made up for. Null if the
 * campaign does not repeat, already has a successor, or was the last. Called in the transaction that starts or ends the
 * campaign.
 */
export async function makeNextRun(
  tx: Scope,
  { seriesId, run }: Campaign,
  now: Date,
): Promise<Campaign | null> {
  if (seriesId === null) return null;
  const isThisSeries = and(eq(series.botId, tx.botId), eq(series.id, seriesId));
  const [row] = await tx.db
    .select()
    .from(series)
    .where(and(isThisSeries, isNull(series.endedAt)))
    .for("update");
  if (!row || row.made !== run) return null;
  const template = toSeries(row);
  const { recurrence, lastAt, made, content, audience, category, window, latePolicy } = template;
  const { createdBy, agreedCount } = template;
  const after = new Date(Math.max(leavesAt(window, lastAt).getTime(), now.getTime()));
  const startsAt = nextRunWithin(recurrence, window, after, made);
  if (!startsAt) {
    await tx.db.update(series).set({ endedAt: now }).where(isThisSeries);
    return null;
  }
  const place = await placeOfRun(tx, template, made + 1);
  const originKey = `series:${seriesId}:${made + 1}`;
  const columns = {
    ...toColumns({ content, audience, window, recurrence }),
    category,
    codePool: template.codePool,
    codeRound: made + 1,
    latePolicy,
    agreedCount,
    createdBy,
  };
  const [next] = await tx.db
    .insert(campaigns)
    .values({
      homeId: tx.homeId,
      botId: tx.botId,
      ...place,
      originKey,
      state: "scheduled",
      startsAt,
      seriesId,
      run: made + 1,
      ...columns,
    })
    .returning();
  if (!next) throw new Error("an insert returned no row");
  await tellWebhooks(tx, next);
  await tx.db
    .update(series)
    .set({ made: made + 1, lastAt: startsAt })
    .where(isThisSeries);
  return toCampaign(next);
}

/**
 * Ends a series, for cancelSeries(): no more runs follow, and the scheduled one is cancelled; a running one continues.
 * A campaign that does not repeat is cancelled. Returns the campaign with this id.
 * @throws DomainError `not-found`
 */
export async function endSeries(
  scope: Scope,
  actor: Actor,
  id: number,
  now: Date,
  cancelReason: string | null = null,
): Promise<Campaign> {
  return inTransaction(scope, async (tx) => {
    await lockSeries(tx, id);
    const { seriesId } = await getCampaign(tx, id);
    if (seriesId === null) {
      const single = await move(tx, id, ["scheduled", "running", "paused"], "cancelled", {
        finishedAt: now,
        cancelReason,
      });
      await noteAction(tx, single, "cancelled", actor);
      return single;
    }
    await tx.db
      .update(series)
      .set({ endedAt: now })
      .where(and(eq(series.botId, tx.botId), eq(series.id, seriesId), isNull(series.endedAt)));
    const waiting = await tx.db
      .update(campaigns)
      .set({ state: "cancelled", finishedAt: now, cancelReason, updatedAt: sql`now()` })
      .where(and(eq(campaigns.botId, tx.botId), eq(campaigns.seriesId, seriesId), notStarted))
      .returning();
    await record(tx, actor, "series.ended", seriesId);
    for (const run of waiting) {
      await noteAction(tx, run, "cancelled", actor);
      await tellWebhooks(tx, run);
    }
    return getCampaign(tx, id);
  });
}

/** What a run's card shows about its series. */
export interface SeriesFacts {
  recurrence: Recurrence;
  /** It is the latest run so far, so a change to it can apply to all later ones. */
  newest: boolean;
  /** The next run; without an id it is created when this one starts or ends. Null if there is none. */
  next: { id: number | null; startsAt: Date } | null;
  /** A paused run holds the series: `next` waits until that run is resumed or cancelled. */
  held: boolean;
}

/** Null for a campaign that does not repeat. */
export async function factsOfSeries(
  home: HomeScope,
  campaign: Pick<Campaign, "botId" | "id" | "run" | "seriesId" | "startsAt" | "state" | "startedAt">,
  now: Date,
): Promise<SeriesFacts | null> {
  const { id, run, seriesId, startsAt: dueAt } = campaign;
  const scope = scopeOf(home, campaign);
  const found = await findSeries(scope, seriesId);
  if (!found) return null;
  const { recurrence, window, made, lastAt, endedAt } = found;
  const newest = made === run;
  if (!newest) return { recurrence, newest, ...(await waiting(found.id)) };
  return { recurrence, newest, next: toBeMade(), held: isHeld(campaign) };

  function toBeMade(): SeriesFacts["next"] {
    const times = [leavesAt(window, lastAt), now, ...(dueAt ? [dueAt] : [])].map((at) => at.getTime());
    const startsAt = endedAt ? null : nextRunWithin(recurrence, window, new Date(Math.max(...times)), made);
    return startsAt && { id: null, startsAt };
  }

  async function waiting(seriesId: number): Promise<Pick<SeriesFacts, "next" | "held">> {
    const run = await findNextRun(scope, seriesId);
    const next = run?.startsAt && run.id !== id ? { id: run.id, startsAt: run.startsAt } : null;
    return { next, held: next !== null && run !== null && isHeld(run) };
  }
}

/** True if a run and its series wait until an admin resumes it. */
export function isHeld(run: Pick<Campaign, "state" | "startedAt">): boolean {
  return run.state === "paused" && hasNotStarted(run);
}

/** The scheduled run of a series; null if there is none. */
export async function findNextRun({ db, botId }: Scope, seriesId: number): Promise<Campaign | null> {
  const [row] = await db
    .select()
    .from(campaigns)
    .where(and(eq(campaigns.botId, botId), eq(campaigns.seriesId, seriesId), notStarted))
    .orderBy(sql`${campaigns.run} desc`)
    .limit(1);
  return row ? toCampaign(row) : null;
}
