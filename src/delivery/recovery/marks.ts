import { type SQL, sql } from "drizzle-orm";
import { query } from "../../db/connect.ts";
import type { Scope } from "../../db/scope.ts";
import type { Claimed } from "../shared/claimed.ts";

/**
 * One delivery of a write that the database has confirmed. A database that goes back (a lagging standby is promoted, a
 * backup is restored, a crash takes what was not on disk yet) loses its newest writes first, so while the last write of
 * each kind is still there, nothing is lost. This does not use the server's timeline or log position, because some hosts
 * show neither, and a crash with `synchronous_commit` off does not change the timeline.
 */
export interface Mark {
  campaignId: number;
  seq: number;
  claims: number;
  /** The write settled the delivery; otherwise it claimed it. */
  settled: boolean;
}

export function markOf({ campaignId, seq, claims }: Claimed, settled: boolean): Mark {
  return { campaignId, seq, claims, settled };
}

/** SQL: whether all of these writes are still there, or were followed by newer ones. Each is looked up by its key, without a join. */
export function areKept(botId: number, marks: readonly Mark[]): SQL {
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

/** Whether the database still has all of these writes. */
export async function hasAll({ db, botId }: Scope, marks: readonly Mark[]): Promise<boolean> {
  if (marks.length === 0) return true;
  const [row] = await query<{ ok: boolean }>(db, sql`select ${areKept(botId, marks)} as ok`);
  return row?.ok ?? false;
}
