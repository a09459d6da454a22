import { type SQL, and, asc, desc, eq, gt, inArray, isNull, lt, sql } from "drizzle-orm";
import { storedAudience } from "../../audience/segment/stored-audience.ts";
import { type Audience, isForChats } from "../../audience/segment/audience.ts";
import { isPersonId } from "../../chat-id.ts";
import { query } from "../../db/connect.ts";
import type { Scope } from "../../db/scope.ts";
import { campaigns, deliveries } from "../../db/schema.ts";
import { type VotesOfPerson, listVotesOf } from "../votes/votes-of-person.ts";
import { REPORTED, type ReportedDelivery, toReported } from "./each-delivery.ts";

/** What a campaign was to one recipient. */
export interface HistoryEntry extends VotesOfPerson {
  campaignId: number;
  /** One, or one for each topic of a forum; none if they voted under a post that went to a group. */
  deliveries: ReportedDelivery[];
}

/** Campaigns that are searched at once. */
const SEARCHED = 50;

/**
 * The newest campaigns that went to a recipient or in which they voted, at most `limit`, with numbers below `before`.
 * Those whose deliveries have been deleted are not among them.
 */
export async function listHistory(
  scope: Scope,
  chatId: number,
  limit: number,
  before?: number,
): Promise<HistoryEntry[]> {
  const found: HistoryEntry[] = [];
  for (let last = before; found.length < limit;) {
    const searched = await listSearched(scope, last);
    const ids = searched.map(({ id }) => id);
    const toChats = searched.filter((one) => isForChats(one.audience)).map(({ id }) => id);
    const where = isPersonId(chatId)
      ? await placesOf(scope, chatId, searched)
      : inArray(deliveries.campaignId, toChats);
    const got = await listDeliveriesAt(scope, chatId, where);
    const votes = await listVotesOf(scope, chatId, ids);
    for (const id of ids) {
      const entry = { campaignId: id, deliveries: got.get(id) ?? [], ...(votes.get(id) ?? NO_VOTES) };
      if (got.has(id) || votes.has(id)) found.push(entry);
    }
    last = ids.at(-1);
    if (ids.length < SEARCHED) break;
  }
  return found.slice(0, limit);
}

const NO_VOTES: VotesOfPerson = { vote: null, answers: [] };

interface Searched {
  id: number;
  total: number;
  audience: Audience;
}

async function listSearched({ db, botId }: Scope, before: number | undefined): Promise<Searched[]> {
  const rows = await db
    .select({ id: campaigns.id, total: campaigns.total, audience: campaigns.audience })
    .from(campaigns)
    .where(
      and(
        eq(campaigns.botId, botId),
        gt(campaigns.total, 0),
        isNull(campaigns.detailsDroppedAt),
        before === undefined ? undefined : lt(campaigns.id, before),
      ),
    )
    .orderBy(desc(campaigns.id))
    .limit(SEARCHED);
  return rows.map(({ audience, ...row }) => ({
    ...row,
    audience: storedAudience.parse(audience, `campaign ${row.id}`),
  }));
}

/**
 * SQL: the places of a person's deliveries. A campaign to people is frozen in the order of their ids, so each is found in some 20
 * steps by its key, and `deliveries` needs no index by recipient, which would cost more with each message sent. Looked up
 * in a subquery, because without statistics a join reads all deliveries.
 */
async function placesOf({ db, botId }: Scope, chatId: number, searched: readonly Searched[]): Promise<SQL> {
  const list = searched.filter((one) => !isForChats(one.audience)).map(({ id, total }) => ({ id, total }));
  const places = await query<{ id: number; seq: number }>(
    db,
    sql`with recursive probe as (
          select id, 1 as low, total as high from jsonb_to_recordset(${JSON.stringify(list)}::text::jsonb)
            as c(id bigint, total int)
          union all
          select id, case when found < ${chatId}::bigint then middle + 1 else low end,
            case when found < ${chatId}::bigint then high else middle end
          from (select p.*, (low + high) / 2 as middle,
              (select d.chat_id from deliveries d where d.bot_id = ${botId} and d.campaign_id = p.id
                and d.seq = (p.low + p.high) / 2) as found
            from probe p where low < high) as step
        )
        select id::float8 as id, low as seq from probe p
        where low = high and (select d.chat_id from deliveries d
          where d.bot_id = ${botId} and d.campaign_id = p.id and d.seq = p.low) = ${chatId}::bigint`,
  );
  const pairs = places.map(({ id, seq }) => sql`(${id}::bigint, ${seq}::int)`);
  if (pairs.length === 0) return sql`false`;
  return sql`(${deliveries.campaignId}, ${deliveries.seq}) in (${sql.join(pairs, sql`, `)})`;
}

async function listDeliveriesAt(
  { db, botId }: Scope,
  chatId: number,
  where: SQL,
): Promise<Map<number, ReportedDelivery[]>> {
  const rows = await db
    .select({ campaignId: deliveries.campaignId, ...REPORTED })
    .from(deliveries)
    .where(and(eq(deliveries.botId, botId), eq(deliveries.chatId, chatId), where))
    .orderBy(asc(deliveries.campaignId), asc(deliveries.seq));
  const found = new Map<number, ReportedDelivery[]>();
  for (const { campaignId, ...row } of rows)
    found.set(campaignId, [...(found.get(campaignId) ?? []), toReported(row)]);
  return found;
}
