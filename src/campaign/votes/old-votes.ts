import { sql } from "drizzle-orm";
import { query } from "../../db/connect.ts";
import { type Scope, inTransaction } from "../../db/scope.ts";

/**
 * The tables of votes, by buttons and in polls, with the order of the rows of one campaign. A vote in a poll is written
 * only while the poll is known, so polls are deleted before their answers.
 */
export const BALLOTS = [
  { table: "votes", keys: [["user_id", "bigint"]] },
  // Not votes, but kept as long: who left by the button under a post.
  { table: "departures", keys: [["user_id", "bigint"]] },
  { table: "polls", keys: [["poll_id", "text"]] },
  {
    table: "poll_answers",
    keys: [
      ["poll_id", "text"],
      ["voter_id", "bigint"],
    ],
  },
] as const;
export type Ballot = (typeof BALLOTS)[number];

/** The key of a row, as text. */
export type Place = string[];

/**
 * Marked campaigns with votes; a vote that was being written then is found an hour later. A subquery with a limit does
 * one lookup per campaign, where `exists` would read all votes if there are many campaigns.
 */
export async function listVoted({ db, botId }: Scope, { table }: Ballot): Promise<{ id: number }[]> {
  return query<{ id: number }>(
    db,
    sql`select c.id::float8 as id from campaigns c
        where c.bot_id = ${botId} and c.details_dropped_at is not null
          and (select v.bot_id from ${sql.raw(table)} v where v.bot_id = ${botId} and v.campaign_id = c.id limit 1) is not null
        order by c.id`,
  );
}

/** Deletes at most `most` votes after `from`; returns the last of them, null if there was none. */
export async function dropVotesBehind(
  scope: Scope,
  { table, keys }: Ballot,
  campaignId: number,
  from: Place | null,
  most: number,
): Promise<Place | null> {
  const names = (suffix = "") => sql.raw(keys.map(([name]) => `${name}${suffix}`).join(", "));
  const rows = sql.raw(table);
  const values = keys.map(([, type], index) => sql`${from?.[index]}::${sql.raw(type)}`);
  const behind = from ? sql`and (${names()}) > (${sql.join(values, sql`, `)})` : sql``;
  return inTransaction(scope, async ({ db, botId }) => {
    // Makes PostgreSQL use the index and read only the batch. Without statistics it would read and sort all that is
    // left for each batch: a million rows instead of 2,000.
    await db.execute(sql`set local enable_sort = off`);
    // The one sort that is left, of the batch, looks so expensive then that a server compiles the statement to machine code for
    // each batch: 50 to 130 ms instead of 2 ms.
    await db.execute(sql`set local jit = off`);
    const [row] = await query<{ last: Place }>(
      db,
      sql`with batch as (
            select ${names()} from ${rows}
            where bot_id = ${botId} and campaign_id = ${campaignId} ${behind}
            order by ${names()} limit ${most}
          ), last as (
            select ${names()} from batch order by ${names(" desc")} limit 1
          ), dropped as (
            delete from ${rows}
            where bot_id = ${botId} and campaign_id = ${campaignId} ${behind} and (${names()}) <= (select ${names()} from last)
          )
          select jsonb_build_array(${names("::text")}) as last from last`,
    );
    return row?.last ?? null;
  });
}
