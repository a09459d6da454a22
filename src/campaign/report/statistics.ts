import { and, count, desc, inArray, sql } from "drizzle-orm";
import { query } from "../../db/connect.ts";
import type { HomeScope } from "../../db/scope.ts";
import { campaigns } from "../../db/schema.ts";
import { sumOf } from "../counters.ts";
import { progressOf } from "../progress.ts";
import { notStarted, ofHome, toCampaign } from "../queries.ts";

/** The number of a home's campaigns of each kind, without drafts. */
export interface CampaignCounts {
  /** Being sent, or paused half-way. */
  running: number;
  /** How many of `running` are paused. */
  paused: number;
  /** Waiting for their time, including paused ones. */
  scheduled: number;
  /** How many of `scheduled` are paused. */
  held: number;
  finished: number;
  /**
   * How many of `finished` had failures other than people who left: Telegram or a chat refused the post, or no answer
   * came.
   */
  withErrors: number;
  expired: number;
  cancelled: number;
}

/** Of the home, or of one of its bots; so are all figures here. */
export async function countCampaignsBySort(home: HomeScope, bot?: number): Promise<CampaignCounts> {
  const sorts: Record<keyof CampaignCounts, ReturnType<typeof sql>> = {
    running: sql`${campaigns.state} in ('running', 'paused') and not ${notStarted}`,
    paused: sql`${campaigns.state} = 'paused' and not ${notStarted}`,
    scheduled: notStarted,
    held: sql`${campaigns.state} = 'paused' and ${notStarted}`,
    finished: sql`${campaigns.state} = 'finished'`,
    withErrors: sql`${campaigns.state} = 'finished' and ${sumOf(({ isError }) => isError)} > 0`,
    expired: sql`${campaigns.state} = 'expired'`,
    cancelled: sql`${campaigns.state} = 'cancelled'`,
  };
  const counted = (sort: keyof CampaignCounts) =>
    sql<number>`count(*) filter (where ${sorts[sort]})`.mapWith(Number);
  const [row] = await home.db
    .select({
      running: counted("running"),
      paused: counted("paused"),
      scheduled: counted("scheduled"),
      held: counted("held"),
      finished: counted("finished"),
      withErrors: counted("withErrors"),
      expired: counted("expired"),
      cancelled: counted("cancelled"),
      all: count(),
    })
    .from(campaigns)
    .where(ofHome(home, bot));
  if (!row) throw new Error("a count returned no row");
  const { all: _, ...counts } = row;
  return counts;
}

/** How much of its audience a campaign that is over reached. */
export interface DeliveryRate {
  id: number;
  /** How many people or chats it was for. */
  total: number;
  /** The share of them that it reached, 0 to 1. */
  share: number;
  /** It was cancelled half-way. */
  cancelled: boolean;
}

/** The campaigns that ended last and tried to reach anyone, newest first. */
export async function lastRates(home: HomeScope, most: number, bot?: number): Promise<DeliveryRate[]> {
  const hasOutcomes = sql`${sumOf(() => true)} > 0`;
  const rows = await home.db
    .select()
    .from(campaigns)
    .where(and(ofHome(home, bot), inArray(campaigns.state, ["finished", "cancelled"]), hasOutcomes))
    .orderBy(desc(campaigns.finishedAt), desc(campaigns.id))
    .limit(most);
  return rows.map(toCampaign).map((campaign) => {
    const { total, sent } = progressOf(campaign);
    return { id: campaign.id, total, share: sent / total, cancelled: campaign.state === "cancelled" };
  });
}

/** The results of the campaigns that started on a day, for running ones so far. */
export interface Reach {
  reached: number;
  /** Tried and not reached, for any reason; people who had left were not tried. */
  missed: number;
}

/** The reach of each day; `days` are their starts, in order, the last being today. */
export async function reachByDay(home: HomeScope, days: readonly Date[], bot?: number): Promise<Reach[]> {
  const starts = sql.join(
    days.map((day) => sql`${day.toISOString()}::timestamptz`),
    sql`, `,
  );
  const missed = sumOf(({ wasTried, state }) => wasTried && state !== "sent");
  const rows = await query<{ day: number } & Reach>(
    home.db,
    sql`select day, sum(sent)::float8 as reached,
        sum(missed)::float8 as missed
      from (select sent, ${missed} as missed, width_bucket(started_at, array[${starts}]) as day from campaigns
        where ${ofHome(home, bot)} and started_at is not null) c
      where day > 0 group by day`,
  );
  const byDay = new Map(rows.map((row) => [row.day, row]));
  return days.map((_, index) => {
    const { reached = 0, missed = 0 } = byDay.get(index + 1) ?? {};
    return { reached, missed };
  });
}
