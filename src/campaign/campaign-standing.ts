import { type SQL, and, eq, gt, inArray, ne, or, sql } from "drizzle-orm";
import { query } from "../db/connect.ts";
import type { HomeScope } from "../db/scope.ts";
import { campaigns } from "../db/schema.ts";
import type { Campaign } from "./campaign.ts";
import type { Counter } from "./counters.ts";
import { ofHome } from "./queries.ts";

/** A campaign as far as it moves on: everything but the post and the audience. */
export type Standing = Pick<
  Campaign,
  | "botId"
  | "id"
  | "state"
  | "pauseReason"
  | "pauseDetail"
  | "cancelReason"
  | "revision"
  | "contentRevision"
  | "startsAt"
  | "startedAt"
  | "finishedAt"
  | "updatedAt"
  | "total"
  | "ungathered"
  | Counter
>;

const COLUMNS = {
  botId: campaigns.botId,
  id: campaigns.id,
  state: campaigns.state,
  pauseReason: campaigns.pauseReason,
  pauseDetail: campaigns.pauseDetail,
  cancelReason: campaigns.cancelReason,
  revision: campaigns.revision,
  contentRevision: campaigns.contentRevision,
  startsAt: campaigns.startsAt,
  startedAt: campaigns.startedAt,
  finishedAt: campaigns.finishedAt,
  updatedAt: campaigns.updatedAt,
  total: campaigns.total,
  ungathered: campaigns.ungathered,
  sent: campaigns.sent,
  blocked: campaigns.blocked,
  deactivated: campaigns.deactivated,
  unreachable: campaigns.unreachable,
  failed: campaigns.failed,
  skipped: campaigns.skipped,
  uncertain: campaigns.uncertain,
};

/** Which campaigns are wanted besides the running ones; drafts never are. */
export interface StandingsFilter {
  /** Those that were moved or changed since then; counters move without it. */
  since: Date;
  /** All that are scheduled or paused. */
  open: boolean;
  numbers: readonly number[];
}

/** In the order of their numbers. No index leads there, and none is needed: a home has thousands of campaigns. */
export async function listStandings(
  home: HomeScope,
  { since, open, numbers }: StandingsFilter,
): Promise<Standing[]> {
  const wanted: (SQL | undefined)[] = [
    eq(campaigns.state, "running"),
    gt(campaigns.updatedAt, since),
    open ? inArray(campaigns.state, ["scheduled", "paused"]) : undefined,
    numbers.length > 0 ? inArray(campaigns.id, [...numbers]) : undefined,
  ];
  return home.db
    .select(COLUMNS)
    .from(campaigns)
    .where(and(ofHome(home), ne(campaigns.state, "draft"), or(...wanted)))
    .orderBy(campaigns.id);
}

/** The time by the clock that `updatedAt` goes by. */
export async function databaseTime({ db }: HomeScope): Promise<Date> {
  const [row] = await query<{ ms: number }>(
    db,
    sql`select (extract(epoch from clock_timestamp()) * 1000)::float8 as ms`,
  );
  return new Date(Math.floor(row?.ms ?? 0));
}
