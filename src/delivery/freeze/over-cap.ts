import { sql } from "drizzle-orm";
import { type Cap, countedCampaigns, hasGot } from "../../audience/segment/restraint.ts";
import { placesOf } from "../../campaign/places.ts";
import { query } from "../../db/connect.ts";
import type { Scope } from "../../db/scope.ts";

/**
 * Those of these people who have got as many campaigns of the scope's bot as the cap allows. `ids` are in order.
 *
 * Campaigns are frozen in the order of the ids, so what these people got lies together in each of them, and is read by its key:
 * an index on deliveries by recipient would cost more with each message sent.
 */
export async function listOverCap(
  scope: Scope,
  ids: readonly number[],
  cap: Cap,
): Promise<ReadonlySet<number>> {
  const { db, botId } = scope;
  const [first, last] = [ids[0], ids.at(-1)];
  if (first === undefined || last === undefined) return new Set();
  if (cap.most === 0) return new Set(ids);
  const counted = countedCampaigns(cap, botId);
  const places = await placesOf(scope, counted, [first, last + 1]);
  const placeOf = (campaignId: number, chatId: number) =>
    places.find((one) => one.campaignId === campaignId && one.chatId === chatId)?.seq ?? 0;
  const parts = counted.map(
    ({ id }) => sql`select chat_id from deliveries where bot_id = ${botId} and campaign_id = ${id}
      and seq >= ${placeOf(id, first)}::int and seq < ${placeOf(id, last + 1)}::int and ${hasGot(cap)}`,
  );
  const rows = await query<{ id: number }>(
    db,
    sql`select chat_id::float8 as id from (${sql.join(parts, sql` union all `)}) got
        group by chat_id having count(*) >= ${cap.most}::int`,
  );
  return new Set(rows.map(({ id }) => id));
}
