import { sql } from "drizzle-orm";
import { query } from "../../db/connect.ts";
import type { Scope } from "../../db/scope.ts";
import { type Segment, campaignsIn } from "./segment.ts";
import type { Part } from "./segment-sql.ts";

/**
 * In a transaction: the next `size` people of a bot after an id, and where they are in the deliveries of the campaigns that a
 * segment names. So a chunk of a freeze reads no more than that of either table, and a rare segment does not read everybody in
 * one statement.
 */
export async function nextPart(
  scope: Scope,
  segment: Segment | undefined,
  after: number | null,
  size: number,
): Promise<Part> {
  const { db, botId } = scope;
  // Forces the index in key order. Without statistics, all people after that id would be read and sorted: 3 s of ten million.
  await db.execute(sql`set local enable_sort = off`);
  const [last] = await query<{ id: number }>(
    db,
    sql`select chat_id::float8 as id from recipients
        where bot_id = ${botId} ${after === null ? sql`` : sql`and chat_id > ${after}`}
        order by chat_id offset ${size - 1} limit 1`,
  );
  await db.execute(sql`set local enable_sort to default`);
  const upTo = last?.id ?? null;
  return { after, upTo, places: await placesIn(scope, segment ? campaignsIn(segment) : [], after, upTo) };
}

/**
 * The places of people within these bounds in the deliveries of campaigns. A campaign to people is frozen in the order of their
 * ids, so each bound is found in some 20 steps by the key; a step of the series for newcomers is not, and has no places.
 */
async function placesIn(
  { db, botId }: Scope,
  campaigns: readonly number[],
  after: number | null,
  upTo: number | null,
): Promise<Part["places"]> {
  if (campaigns.length === 0) return new Map();
  const rows = await query<{ id: number; from: number; to: number }>(
    db,
    sql`with recursive bounds as (
          select id, total + 1 as total, bound.key, bound.side from campaigns,
            (values (${after}::bigint, 'from'), (${upTo}::bigint, 'to')) as bound(key, side)
          where bot_id = ${botId} and id = any(${`{${campaigns.join(",")}}`}::bigint[])
            and joined_cursor is null
        ), probe as (
          select id, key, side, 1 as low, total as high from bounds where key is not null
          union all
          select id, key, side, case when found <= key then middle + 1 else low end,
            case when found <= key then high else middle end
          from (select p.*, (low + high) / 2 as middle,
              (select d.chat_id from deliveries d where d.bot_id = ${botId} and d.campaign_id = p.id
                and d.seq = (p.low + p.high) / 2) as found
            from probe p where low < high) as step
        ), found as (select id, side, low as seq from probe where low = high)
        select b.id::float8 as id,
          coalesce(max(f.seq) filter (where f.side = 'from'), 1)::float8 as from,
          coalesce(max(f.seq) filter (where f.side = 'to') - 1, max(b.total))::float8 as to
        from bounds b left join found f on f.id = b.id and f.side = b.side
        group by b.id`,
  );
  return new Map(rows.map(({ id, from, to }) => [id, { from, to }]));
}
