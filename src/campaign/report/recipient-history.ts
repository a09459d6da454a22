import { type SQL, and, asc, desc, eq, gt, inArray, isNull, lt, sql } from "drizzle-orm";
import { storedAudience } from "../../audience/segment/stored-audience.ts";
import { type Audience, isForChats } from "../../audience/segment/audience.ts";
import { isPersonId } from "../../chat-id.ts";
import type { Scope } from "../../db/scope.ts";
import { campaigns, deliveries } from "../../db/schema.ts";
import { placesOf } from "../places.ts";
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
      ? await placesIn(scope, chatId, searched)
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
  /** A step of the series for newcomers, whose deliveries are in the order in which people joined. */
  isStep: boolean;
}

async function listSearched({ db, botId }: Scope, before: number | undefined): Promise<Searched[]> {
  const rows = await db
    .select({
      id: campaigns.id,
      total: campaigns.total,
      audience: campaigns.audience,
      isStep: sql<boolean>`${campaigns.joinedCursor} is not null`,
    })
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

/** SQL: the deliveries to people among which a person's are; looked up by key, because without statistics a join reads all of them. */
async function placesIn(scope: Scope, chatId: number, searched: readonly Searched[]): Promise<SQL> {
  const toPeople = searched.filter((one) => !isForChats(one.audience) && !one.isStep);
  const places = await placesOf(scope, toPeople, [chatId]);
  const pairs = places.map(({ campaignId, seq }) => sql`(${campaignId}::bigint, ${seq}::int)`);
  const steps = searched.filter(({ isStep }) => isStep).map(({ id }) => id);
  const atPlaces =
    pairs.length > 0
      ? sql`(${deliveries.campaignId}, ${deliveries.seq}) in (${sql.join(pairs, sql`, `)})`
      : sql`false`;
  return steps.length > 0 ? sql`(${atPlaces} or ${inArray(deliveries.campaignId, steps)})` : atPlaces;
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
