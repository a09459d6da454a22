import { sql } from "drizzle-orm";
import { addingTo, sumOf } from "../../campaign/counters.ts";
import { query } from "../../db/connect.ts";
import type { Scope } from "../../db/scope.ts";
import type { DeliveryState } from "../../db/states.ts";

/** A delivery as it is written after an attempt. */
export interface Row {
  campaignId: number;
  seq: number;
  claims: number;
  /** Only for a group that became a supergroup. */
  chatId?: number;
  state: DeliveryState;
  attempts: number;
  // What is missing becomes null in the database.
  notBefore?: string;
  callsDone: number;
  messageIds: number[];
  version: string | null;
  contentRevision: number | null;
  reason?: string;
  description?: string;
}

/** With this many reached, and more than failed, the bot and the list belong together, and a chat not found is really gone. */
export const PROOFS = 5;

/** How many deliveries moved to the same state for the same reason. */
export interface Moved {
  state: DeliveryState;
  reason: string | null;
  count: number;
  /** Their chats, as the text of a PostgreSQL array. */
  chatIds: string;
}

/** Rows that are farther apart than this are written by separate statements. */
const GAP = 1_000;

/** Writes the rows of one campaign that are still in state `from` under the same claim. */
export async function writeDeliveries(
  scope: Scope,
  campaignId: number,
  from: "sending" | "uncertain",
  rows: Row[],
): Promise<Moved[]> {
  const moved: Moved[] = [];
  const sorted = rows.toSorted((a, b) => a.seq - b.seq);
  for (let start = 0, end = 1; start < sorted.length; start = end) {
    const isNear = (at: number) => (sorted[at]?.seq ?? Infinity) - (sorted[at - 1]?.seq ?? 0) <= GAP;
    for (end = start + 1; isNear(end);) end += 1;
    moved.push(...(await writeRange(scope, campaignId, from, sorted.slice(start, end))));
  }
  return moved;
}

/**
 * One UPDATE for any number of rows. As in claim.ts, they are looked up by key within a short range and their values by
 * seq, without a join whose plan could go wrong. Comparing the state as text keeps the planner off the index of `sending`
 * deliveries: it has a dead entry for every message since the last vacuum, and during a backup it would visit all of them.
 */
async function writeRange(
  { db, botId }: Scope,
  campaignId: number,
  from: "sending" | "uncertain",
  rows: Row[],
): Promise<Moved[]> {
  // Passed as text, because the two drivers pass arrays differently.
  const seqs = `{${rows.map(({ seq }) => seq).join(",")}}`;
  return query<Moved>(
    db,
    sql`with batch as materialized (select ${bySeq(rows)}::jsonb as rows), moved as (
          update deliveries d
          set (state, attempts, not_before, chat_id, calls_done, version, content_revision, message_id, message_ids, reason, description, settled_at) = (
            select o."state"::delivery_state, o."attempts", o."notBefore", coalesce(o."chatId", d.chat_id), o."callsDone",
                   o."version", o."contentRevision", o."messageIds"[1], case when cardinality(o."messageIds") > 1 then o."messageIds" end, o."reason",
                   o."description", case when o."state" = 'pending' then null else now() end
            from jsonb_to_record((select rows from batch) -> d.seq::text) as o("state" text, "attempts" int,
              "notBefore" timestamptz, "chatId" bigint, "callsDone" int, "version" text, "contentRevision" int, "messageIds" int[], "reason" text, "description" text))
          where d.bot_id = ${botId} and d.campaign_id = ${campaignId} and d.seq = any(${seqs}::int[])
            and d.seq between ${rows[0]?.seq ?? 0} and ${rows.at(-1)?.seq ?? 0} and d.state::text = ${from} and d.claims = ((select rows from batch) -> d.seq::text ->> 'claims')::int
          returning d.state, d.reason, d.chat_id)
        select state::text as state, reason, count(*)::int as count, array_agg(chat_id)::text as "chatIds"
        from moved group by state, reason`,
  );
}

/**
 * The usual batch, of one campaign and with nothing but sent messages, in one statement instead of a transaction of five.
 * Resolves false when something is left to do, which `settle` can then do with the whole batch: deliveries that were no
 * longer `sending`, follow-ups, or recipients to mark because the campaign is now proven.
 */
export async function writeSent({ db, botId }: Scope, rows: readonly Row[]): Promise<boolean> {
  const [first] = rows;
  if (!first) return true;
  const { campaignId } = first;
  const seqs = rows.map(({ seq }) => seq).toSorted((a, b) => a - b);
  const [lowest = 0, highest = 0] = [seqs[0], seqs.at(-1)];
  if (rows.some((row) => row.campaignId !== campaignId) || highest - lowest > GAP) return false;
  const isUsual = sql`exists (select from campaigns where bot_id = ${botId} and id = ${campaignId}
    and (unreachable = 0 or (${PROOFS_SQL} >= ${PROOFS} and ${PROOFS_SQL} > ${FAILURES_SQL}))
    and content #> '{options,pin}' is null and content #> '{options,deleteAfterHours}' is null)`;
  const [found] = await query<{ moved: number }>(
    db,
    // Without `offset 0`, the row would be looked up again for each of its columns.
    sql`with batch as materialized (select ${sentBySeq(rows)}::jsonb as rows), moved as (
          update deliveries d
          set state = 'sent', not_before = null, reason = null, description = null, settled_at = now(),
            (attempts, calls_done, message_id, message_ids, version, content_revision) = (
              select (one ->> 1)::int, (one ->> 2)::int, (one ->> 3)::int, (one ->> 4)::int[], one ->> 5, (one ->> 6)::int
              from (select (select rows from batch) -> d.seq::text as one offset 0) as sent)
          where d.bot_id = ${botId} and d.campaign_id = ${campaignId} and d.seq = any(${`{${seqs.join(",")}}`}::int[])
            and d.seq between ${lowest} and ${highest} and d.state::text = 'sending'
            and d.claims = ((select rows from batch) -> d.seq::text ->> 0)::int and ${isUsual}
          returning 1
        ), counted as (
          ${addingTo({ sent: sql`(select count(*) from moved)` })} where bot_id = ${botId} and id = ${campaignId})
        select count(*)::int as moved from moved`,
  );
  return found?.moved === rows.length;
}

/** JSON: by their seq, as short as can be, because most of what Herald writes is this. */
function sentBySeq(rows: readonly Row[]): string {
  const found: Record<number, unknown[]> = {};
  for (const { seq, claims, attempts, callsDone, messageIds, version, contentRevision } of rows) {
    const album = messageIds.length > 1 ? `{${messageIds.join(",")}}` : null;
    found[seq] = [claims, attempts, callsDone, messageIds[0], album, version, contentRevision];
  }
  return JSON.stringify(found);
}

const PROOFS_SQL = sumOf(({ tells }) => tells === "list-is-right");
const FAILURES_SQL = sumOf(({ tells }) => tells === "something-is-wrong");

function bySeq(rows: Row[]): string {
  return JSON.stringify(Object.fromEntries(rows.map((row) => [row.seq, row])));
}
