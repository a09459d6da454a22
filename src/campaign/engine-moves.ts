import { type SQL, and, eq, gt, isNull, lte, or, sql } from "drizzle-orm";
import { type Scope, inTransaction } from "../db/scope.ts";
import { campaigns } from "../db/schema.ts";
import type { PauseReason } from "../db/states.ts";
import type { Campaign } from "./campaign.ts";
import { everyoneHasAnOutcome } from "./counters.ts";
import { lockBundleOf, noteBegun, noteEnded } from "./bundle-milestones.ts";
import { isNotAsked, listRunning, notStarted, toCampaign } from "./queries.ts";
import { lockSeries, makeNextRun } from "./series.ts";
import { is, tryMove } from "./transition.ts";

/*
 * The transitions that Herald makes by itself, when the time comes or something happens. They need no permission, and
 * return null instead of throwing if someone else was first.
 */

/** A later start than this counts as late, and the report says so. */
export const LATE_MS = 60_000;

/**
 * Starts a scheduled campaign and, in the same transaction, creates the next run of its series, so that there is always
 * one to see and to change. Null if someone else was first.
 */
export async function startDue(scope: Scope, id: number, now: Date): Promise<Campaign | null> {
  return inTransaction(scope, async (tx) => {
    await lockSeries(tx, id);
    const bundle = await lockBundleOf(tx, id);
    const late = sql`extract(epoch from ${now.toISOString()}::timestamptz - ${campaigns.startsAt})`;
    const lateSeconds = sql`case when ${late} > ${LATE_MS / 1000} then ${late}::int end`;
    const change = { startedAt: now, lateSeconds };
    const campaign = await tryMove(tx, id, "scheduled", "running", change, isDue(now));
    if (campaign) await makeNextRun(tx, campaign, now);
    if (campaign) await noteBegun(tx, campaign, bundle, now);
    return campaign;
  });
}

/** SQL: its time has come; it may have been moved since it was found due. */
function isDue(now: Date): SQL | undefined {
  return or(isNull(campaigns.startsAt), lte(campaigns.startsAt, now));
}

/**
 * Handles a campaign that was found due too late to be sent without asking: it expires, or waits for its author's
 * decision. The next run of its series is created, as for a start. Null if someone else was first.
 */
export async function holdLate(
  scope: Scope,
  { id, latePolicy }: Campaign,
  now: Date,
): Promise<Campaign | null> {
  return inTransaction(scope, async (tx) => {
    await lockSeries(tx, id);
    const campaign =
      latePolicy === "expire"
        ? await tryMove(tx, id, "scheduled", "expired", { finishedAt: now }, isDue(now))
        : await tryMove(
            tx,
            id,
            "scheduled",
            "paused",
            { pauseReason: "late", pauseDetail: null, pauseLanguage: null },
            isDue(now),
          );
    if (campaign) await makeNextRun(tx, campaign, now);
    return campaign;
  });
}

/**
 * Records that the time of a campaign came while it was paused. Its series stays on hold with it. Null if that is
 * already recorded, or if the campaign was resumed, rescheduled or cancelled a moment ago.
 */
export async function noteOverdue(scope: Scope, id: number, now: Date): Promise<Campaign | null> {
  const [row] = await scope.db
    .update(campaigns)
    .set({ pauseReason: "overdue", pauseDetail: null, pauseLanguage: null, updatedAt: sql`now()` })
    .where(and(is(scope, id, ["paused"]), notStarted, isNotAsked, lte(campaigns.startsAt, now)))
    .returning();
  return row ? toCampaign(row) : null;
}

/**
 * `language` is that of the version at fault, null for the default one. Returns null if the campaign was no longer
 * running.
 */
export async function pauseBecause(
  scope: Scope,
  id: number,
  reason: PauseReason,
  detail: string,
  language: string | null = null,
): Promise<Campaign | null> {
  return tryMove(scope, id, "running", "paused", {
    pauseReason: reason,
    pauseDetail: detail,
    pauseLanguage: language,
  });
}

/** Pauses every running campaign of the bot. Returns those that it paused. */
export async function pauseAll(scope: Scope, reason: PauseReason, detail: string): Promise<Campaign[]> {
  const paused: Campaign[] = [];
  for (const { id } of await listRunning(scope)) {
    const campaign = await pauseBecause(scope, id, reason, detail);
    if (campaign) paused.push(campaign);
  }
  return paused;
}

/**
 * Lets the campaigns of the bot go on that were paused since then because Telegram refused the token. Returns those that go
 * on.
 */
export async function resumeAccepted(scope: Scope, since: Date): Promise<Campaign[]> {
  const rows = await scope.db
    .select({ id: campaigns.id })
    .from(campaigns)
    .where(and(eq(campaigns.botId, scope.botId), eq(campaigns.state, "paused"), refusedSince(since)));
  const resumed: Campaign[] = [];
  for (const { id } of rows) {
    const change = { pauseReason: null, pauseDetail: null, pauseLanguage: null };
    const campaign = await tryMove(scope, id, "paused", "running", change, refusedSince(since));
    if (campaign) resumed.push(campaign);
  }
  return resumed;
}

function refusedSince(since: Date): SQL | undefined {
  return and(eq(campaigns.pauseReason, "unauthorized"), gt(campaigns.updatedAt, since));
}

/** Finishes a running campaign once every delivery has an outcome; null until then. */
export async function finish(scope: Scope, id: number, now: Date): Promise<Campaign | null> {
  return inTransaction(scope, async (tx) => {
    await lockBundleOf(tx, id);
    const campaign = await tryMove(tx, id, "running", "finished", { finishedAt: now }, everyoneHasAnOutcome);
    // A step of the series for newcomers ends whenever nobody is due.
    if (campaign && !campaign.step) await noteEnded(tx, campaign, now);
    return campaign;
  });
}
