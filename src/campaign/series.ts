import { and, eq, isNull, sql } from "drizzle-orm";
import { type Scope, inTransaction } from "../db/connect.ts";
import { campaigns, series } from "../db/schema.ts";
import type { Recurrence } from "../schedule/recurrence.ts";
import { leavesAt, nextRunWithin } from "../schedule/runs.ts";
import type { Window } from "../schedule/window.ts";
import { record } from "./audit.ts";
import type { Campaign } from "./campaign.ts";
import { move } from "./moves.ts";
import { nextNumber } from "./numbers.ts";
import { getCampaign, toCampaign } from "./queries.ts";

/** A repeating campaign: what its next run is made from. */
export type Series = Omit<typeof series.$inferSelect, "recurrence" | "window"> & {
  recurrence: Recurrence;
  window: Window | null;
};

/** The series that a campaign is a run of; null for one that does not repeat. */
export async function findSeries({ db, botId }: Scope, seriesId: number | null): Promise<Series | null> {
  if (seriesId === null) return null;
  const [row] = await db
    .select()
    .from(series)
    .where(and(eq(series.botId, botId), eq(series.id, seriesId)));
  return row ? (row as Series) : null;
}

/** The campaign becomes the first run of a series. In the transaction that schedules it. */
export async function startSeries(tx: Scope, campaign: Campaign, recurrence: Recurrence): Promise<Campaign> {
  const { id, content, audience, window, latePolicy, createdBy, agreedCount, startsAt } = campaign;
  if (!startsAt) throw new Error("a campaign that repeats has a time");
  const template = { content, audience, window, latePolicy, agreedCount, recurrence };
  await tx.db
    .insert(series)
    .values({ botId: tx.botId, id, ...template, createdBy, made: 1, lastAt: startsAt });
  const [row] = await tx.db
    .update(campaigns)
    .set({ seriesId: id, run: 1 })
    .where(and(eq(campaigns.botId, tx.botId), eq(campaigns.id, id)))
    .returning();
  if (!row) throw new Error("an update returned no row");
  return toCampaign(row);
}

/**
 * Locks the series of a campaign, if it has one, to the end of the transaction. First in whatever starts, changes or
 * ends a run: two at once then wait for each other here, and the second sees which runs the first made.
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
 * Makes the run that follows `campaign`, scheduled for its time after `now`: runs that were missed are not made up for.
 * Null when the campaign does not repeat, has a successor already, or was the last. In the transaction that starts or
 * ends the campaign.
 */
export async function makeNextRun(
  tx: Scope,
  { seriesId, run }: Campaign,
  now: Date,
): Promise<Campaign | null> {
  if (seriesId === null) return null;
  const own = and(eq(series.botId, tx.botId), eq(series.id, seriesId));
  const [row] = await tx.db
    .select()
    .from(series)
    .where(and(own, isNull(series.endedAt)))
    .for("update");
  if (!row || row.made !== run) return null;
  const { recurrence, lastAt, made, content, audience, window, latePolicy, createdBy, agreedCount } =
    row as Series;
  const after = new Date(Math.max(leavesAt(window, lastAt).getTime(), now.getTime()));
  const startsAt = nextRunWithin(recurrence, window, after, made);
  if (!startsAt) {
    await tx.db.update(series).set({ endedAt: now }).where(own);
    return null;
  }
  const id = await nextNumber(tx);
  const originKey = `series:${seriesId}:${made + 1}`;
  const template = { content, audience, window, latePolicy, agreedCount, recurrence, createdBy };
  const [next] = await tx.db
    .insert(campaigns)
    .values({
      botId: tx.botId,
      id,
      originKey,
      state: "scheduled",
      startsAt,
      seriesId,
      run: made + 1,
      ...template,
    })
    .returning();
  if (!next) throw new Error("an insert returned no row");
  await tx.db
    .update(series)
    .set({ made: made + 1, lastAt: startsAt })
    .where(own);
  return toCampaign(next);
}

/**
 * Ends a series: nothing follows any more, and the run that waits for its time is cancelled. One that is being sent
 * goes on. Returns that run, or the campaign that was asked about.
 * @throws DomainError `not-found`
 */
export async function endSeries(scope: Scope, id: number, now: Date, actorId: number): Promise<Campaign> {
  return inTransaction(scope, async (tx) => {
    await lockSeries(tx, id);
    const { seriesId } = await getCampaign(tx, id);
    if (seriesId === null)
      return move(tx, id, ["scheduled", "running", "paused"], "cancelled", { finishedAt: now });
    await tx.db
      .update(series)
      .set({ endedAt: now })
      .where(and(eq(series.botId, tx.botId), eq(series.id, seriesId), isNull(series.endedAt)));
    await tx.db
      .update(campaigns)
      .set({ state: "cancelled", finishedAt: now, updatedAt: sql`now()` })
      .where(and(eq(campaigns.botId, tx.botId), eq(campaigns.seriesId, seriesId), notStarted));
    await record(tx, actorId, "series.ended", seriesId);
    return getCampaign(tx, id);
  });
}

/** What a run shows of its series. */
export interface SeriesFacts {
  recurrence: Recurrence;
  /** No run was made behind it yet: changing it can change all that follow. */
  newest: boolean;
  /** What follows it; without an id it is made when this one starts or ends. Null when nothing does. */
  next: { id: number | null; startsAt: Date } | null;
}

/** Null for a campaign that does not repeat. */
export async function factsOfSeries(
  scope: Scope,
  { id, run, seriesId, startsAt: dueAt }: Pick<Campaign, "id" | "run" | "seriesId" | "startsAt">,
  now: Date,
): Promise<SeriesFacts | null> {
  const found = await findSeries(scope, seriesId);
  if (!found) return null;
  const { recurrence, window, made, lastAt, endedAt } = found;
  const newest = made === run;
  return { recurrence, newest, next: newest ? toBeMade() : await waiting(found.id) };

  function toBeMade(): SeriesFacts["next"] {
    const times = [leavesAt(window, lastAt), now, ...(dueAt ? [dueAt] : [])].map((at) => at.getTime());
    const startsAt = endedAt ? null : nextRunWithin(recurrence, window, new Date(Math.max(...times)), made);
    return startsAt && { id: null, startsAt };
  }

  async function waiting(seriesId: number): Promise<SeriesFacts["next"]> {
    const next = await findNextRun(scope, seriesId);
    return next?.startsAt && next.id !== id ? { id: next.id, startsAt: next.startsAt } : null;
  }
}

/** SQL: hasNotStarted() of campaign.ts. */
export const notStarted = sql`(${campaigns.state} = 'scheduled' or (${campaigns.state} = 'paused' and ${campaigns.startedAt} is null))`;

/** The run of a series that waits for its time; null when there is none. */
export async function findNextRun({ db, botId }: Scope, seriesId: number): Promise<Campaign | null> {
  const [row] = await db
    .select()
    .from(campaigns)
    .where(and(eq(campaigns.botId, botId), eq(campaigns.seriesId, seriesId), notStarted))
    .orderBy(sql`${campaigns.run} desc`)
    .limit(1);
  return row ? toCampaign(row) : null;
}
