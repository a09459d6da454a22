import { type SQL, sql } from "drizzle-orm";
import { query } from "../../db/connect.ts";
import type { Scope } from "../../db/scope.ts";
import type { Claimed } from "../shared/claimed.ts";

/**
 * One delivery of a write that the database has confirmed. A database that goes back (a standby that lagged is promoted, a
 * backup is restored, a crash takes what was not on disk yet) loses its newest writes, in the order in which they were made:
 * while the last one of each kind stands, nothing is lost. No word of the server's is asked for this, neither its timeline nor its
 * position in the log: some hosts show neither, and a crash with `synchronous_commit` off changes no timeline.
 */
export interface Mark {
  campaignId: number;
  seq: number;
  claims: number;
  /** It was written as settled; else as claimed. */
  settled: boolean;
}

export function markOf({ campaignId, seq, claims }: Claimed, settled: boolean): Mark {
  return { campaignId, seq, claims, settled };
}

/** SQL: all of these writes stand. What was moved on since stands as well. Each is looked up by its key, and joined with nothing. */
export function stand(botId: number, marks: readonly Mark[]): SQL {
  if (marks.length === 0) return sql`true`;
  return sql.join(
    marks.map(
      ({ campaignId, seq, claims, settled }) =>
        sql`exists (select from deliveries where bot_id = ${botId} and campaign_id = ${campaignId} and seq = ${seq}
          and claims >= ${claims} ${settled ? sql`and (claims > ${claims} or state::text <> 'sending')` : sql``})`,
    ),
    sql` and `,
  );
}

export async function allStand({ db, botId }: Scope, marks: readonly Mark[]): Promise<boolean> {
  if (marks.length === 0) return true;
  const [row] = await query<{ ok: boolean }>(db, sql`select ${stand(botId, marks)} as ok`);
  return row?.ok ?? false;
}
