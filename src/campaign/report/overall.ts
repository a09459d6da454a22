import { type SQL, and, eq, lte, sql } from "drizzle-orm";
import type { HomeScope } from "../../db/scope.ts";
import { campaigns } from "../../db/schema.ts";
import { CAMPAIGN_STATES, type CampaignState } from "../../db/states.ts";
import { type Counter, OUTCOMES, sumOf } from "../counters.ts";
import { ofHome } from "../queries.ts";

/** All campaigns of a home in a few numbers. */
export interface Overall {
  campaigns: Record<CampaignState, number>;
  /** Deliveries by outcome. A retry takes some of them back. */
  deliveries: Record<Counter, number>;
  /** Deliveries of running campaigns that have no outcome yet. */
  queue: number;
  /** Since when the campaign that is due longest has been waiting for its start; null if none is. */
  dueSince: Date | null;
}

const SUMS = Object.fromEntries(
  OUTCOMES.map((counter) => [counter, sql<number>`sum(${campaigns[counter]})::float8`]),
) as Record<Counter, SQL<number>>;

/** One pass over the counters in `campaigns`, which outlive the deliveries. */
export async function readOverall(home: HomeScope, now: Date): Promise<Overall> {
  const { db } = home;
  const rows = await db
    .select({
      state: campaigns.state,
      campaigns: sql<number>`count(*)::int`,
      left: sql<number>`sum(${campaigns.total} - (${sumOf(() => true)}))::float8`,
      ...SUMS,
    })
    .from(campaigns)
    .where(ofHome(home))
    .groupBy(campaigns.state);
  const [due] = await db
    .select({ startsAt: campaigns.startsAt })
    .from(campaigns)
    .where(and(ofHome(home), eq(campaigns.state, "scheduled"), lte(campaigns.startsAt, now)))
    .orderBy(campaigns.startsAt)
    .limit(1);
  const of = (state: CampaignState) => rows.find((row) => row.state === state);
  return {
    campaigns: record(CAMPAIGN_STATES, (state) => of(state)?.campaigns ?? 0),
    deliveries: record(OUTCOMES, (counter) => rows.reduce((sum, row) => sum + row[counter], 0)),
    queue: of("running")?.left ?? 0,
    dueSince: due?.startsAt ?? null,
  };
}

function record<K extends string>(keys: readonly K[], valueOf: (key: K) => number): Record<K, number> {
  // Object.fromEntries() loses the type of the keys.
  return Object.fromEntries(keys.map((key) => [key, valueOf(key)])) as Record<K, number>;
}
