import { and, asc, eq, gte, inArray, isNotNull, isNull, lt } from "drizzle-orm";
import type { Content } from "../content/content.ts";
import { type HomeScope, type Scope, scopeOf } from "../db/scope.ts";
import { campaigns, series } from "../db/schema.ts";
import { runsBetween } from "../schedule/recurrence.ts";
import { leavesAt, nextRunsWithin } from "../schedule/runs.ts";
import { waitsUntil } from "../schedule/window.ts";
import type { Campaign } from "./campaign.ts";
import { progressOf } from "./progress.ts";
import { notStarted, ofHome, toCampaign } from "./queries.ts";
import { type Series, isHeld, toSeries } from "./series.ts";

/** Something that will start in the future. */
export interface Planned {
  at: Date;
  content: Content;
  /** The bot that sends it. */
  botId: number;
  /** The campaign's number; for a run that does not exist yet, the number of the run before it. */
  id: number;
  /** What was confirmed together is planned together, as long as it has the same time. */
  bundleId: number | null;
  /**
   * `once` or `repeats`: the campaign exists. `later`: a run that its series will create. `paused`: it exists, and
   * waits until an admin resumes it. `goes-on`: some people have it, the others get it in its next sending hours.
   */
  what: "once" | "repeats" | "later" | "paused" | "goes-on";
}

/**
 * What is planned from `from` on and before `to`, in order of time: scheduled campaigns, the runs that their series
 * will create after them, and running campaigns that are outside their sending hours `now`. Of the home, or of one of
 * its bots.
 */
export async function listPlanned(
  home: HomeScope,
  from: Date,
  to: Date,
  now: Date,
  bot?: number,
): Promise<Planned[]> {
  const waiting = await listWaiting(home, from, to, bot);
  const later = await listLater(home, from, to, bot);
  const resting = (await listResting(home, now, bot)).filter(({ at }) => at >= from && at < to);
  return [...waiting, ...later, ...resting].toSorted(
    (a, b) => a.at.getTime() - b.at.getTime() || a.id - b.id,
  );
}

async function listWaiting(home: HomeScope, from: Date, to: Date, bot?: number): Promise<Planned[]> {
  const within = and(gte(campaigns.startsAt, from), lt(campaigns.startsAt, to));
  const rows = await home.db
    .select()
    .from(campaigns)
    .where(and(ofHome(home, bot), notStarted, within))
    .orderBy(asc(campaigns.startsAt), asc(campaigns.id));
  return rows.map(toCampaign).flatMap((campaign) => {
    const { id, botId, bundleId, content, startsAt } = campaign;
    return startsAt ? [{ at: startsAt, content, botId, id, bundleId, what: kindOf(campaign) }] : [];
  });
}

function kindOf({ state, seriesId }: Campaign): Planned["what"] {
  if (state === "paused") return "paused";
  return seriesId === null ? "once" : "repeats";
}

/** Running campaigns outside their sending hours, at the time when these begin. */
async function listResting(home: HomeScope, now: Date, bot?: number): Promise<Planned[]> {
  const rows = await home.db
    .select()
    .from(campaigns)
    .where(and(ofHome(home, bot), eq(campaigns.state, "running")))
    .orderBy(asc(campaigns.id));
  return rows.map(toCampaign).flatMap((campaign) => {
    const { id, botId, bundleId, content, window } = campaign;
    const at = waitsUntil(window, now);
    if (!at) return [];
    const { left, total } = progressOf(campaign);
    return [{ at, content, botId, id, bundleId, what: left < total ? "goes-on" : kindOf(campaign) } as const];
  });
}

async function listLater(home: HomeScope, from: Date, to: Date, bot?: number): Promise<Planned[]> {
  const { botId, id, bundleId, seriesId, startsAt, state, startedAt } = campaigns;
  // An active series always has a scheduled run; a paused run holds its series.
  const runs = (
    await home.db
      .select({ botId, id, bundleId, seriesId, startsAt, state, startedAt })
      .from(campaigns)
      .where(and(ofHome(home, bot), notStarted, isNotNull(seriesId)))
  ).filter((run) => !isHeld(run));
  const waitingOf = new Map(runs.map((run) => [run.seriesId, run]));
  if (waitingOf.size === 0) return [];
  const rows = [];
  for (const bot of new Set(runs.map((run) => run.botId))) {
    const ids = runs.flatMap((run) => (run.botId !== bot || run.seriesId === null ? [] : [run.seriesId]));
    rows.push(...(await readSeries(scopeOf(home, { botId: bot }), ids)));
  }
  return rows.flatMap((row) => {
    const current = toSeries(row);
    const waiting = waitingOf.get(current.id);
    if (!waiting) return [];
    // The next run is created when the scheduled one starts, and comes after both its original and its moved time.
    const after = new Date(Math.max(current.lastAt.getTime(), waiting.startsAt?.getTime() ?? 0));
    return runsWithin(current, after, from, to).map((at) => ({
      at,
      content: current.content,
      botId: waiting.botId,
      id: waiting.id,
      bundleId: waiting.bundleId,
      what: "later" as const,
    }));
  });
}

async function readSeries({ db, botId }: Scope, ids: number[]) {
  return db
    .select()
    .from(series)
    .where(and(eq(series.botId, botId), inArray(series.id, ids), isNull(series.endedAt)));
}

/** Computing a week of a series that runs every 15 minutes would take 0.1 s, and nobody reads it. */
const MOST_RUNS = 100;

/** Runs after `after`, from `from` on and before `to`. */
function runsWithin({ recurrence, window, made }: Series, after: Date, from: Date, to: Date): Date[] {
  const start = new Date(Math.max(leavesAt(window, after).getTime(), from.getTime() - 1));
  // Only a series with a limited number of runs needs those before the week counted.
  const count = made + (recurrence.runs === undefined ? 0 : runsBetween(recurrence, after, start));
  return nextRunsWithin(recurrence, window, start, count, MOST_RUNS).filter((at) => at < to);
}
