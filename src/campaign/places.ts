import { sql } from "drizzle-orm";
import { query } from "../db/connect.ts";
import type { Scope } from "../db/scope.ts";

/** A place among the deliveries of a campaign: the first that goes to this id or a higher one, `total` + 1 if none does. */
export interface Place {
  campaignId: number;
  chatId: number;
  seq: number;
}

/**
 * The places of ids in campaigns to people, but not in steps of the series for newcomers. Those are frozen in the order of the ids, so each is found in some 20 steps by its
 * key, and `deliveries` needs no index by recipient, which would cost more with each message sent.
 */
export async function placesOf(
  { db, botId }: Scope,
  campaigns: readonly { id: number; total: number }[],
  chatIds: readonly number[],
): Promise<Place[]> {
  const list = campaigns.flatMap(({ id, total }) =>
    chatIds.map((chatId) => ({ id, total, chat_id: chatId })),
  );
  return query<Place>(
    db,
    sql`with recursive probe as (
          select id, chat_id, 1 as low, total + 1 as high from jsonb_to_recordset(${JSON.stringify(list)}::text::jsonb)
            as c(id bigint, total int, chat_id bigint)
          union all
          select id, chat_id, case when found < chat_id then middle + 1 else low end,
            case when found < chat_id then high else middle end
          from (select p.*, (low + high) / 2 as middle,
              (select d.chat_id from deliveries d where d.bot_id = ${botId} and d.campaign_id = p.id
                and d.seq = (p.low + p.high) / 2) as found
            from probe p where low < high) as step
        )
        select id::float8 as "campaignId", chat_id::float8 as "chatId", low as seq from probe where low = high`,
  );
}
