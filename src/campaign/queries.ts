import { type SQL, and, asc, count, desc, eq, gt, inArray, lte, max, sql } from "drizzle-orm";
import { type Scope, query } from "../db/connect.ts";
import { campaigns, deliveries } from "../db/schema.ts";
import { DomainError } from "../errors.ts";
import type { Campaign } from "./campaign.ts";
import { daysKept } from "./progress.ts";

type Row = typeof campaigns.$inferSelect;

/** The JSON columns were written by this program from these very types. */
export function toCampaign(row: Row): Campaign {
  return row as Campaign;
}

export async function findCampaign(scope: Scope, id: number): Promise<Campaign | null> {
  const [row] = await selectCampaigns(scope, eq(campaigns.id, id)).limit(1);
  return row ? toCampaign(row) : null;
}

/** @throws DomainError `not-found` */
export async function getCampaign(scope: Scope, id: number): Promise<Campaign> {
  const campaign = await findCampaign(scope, id);
  if (!campaign) throw new DomainError("not-found", { id });
  return campaign;
}

/** @throws DomainError `conflict` when it is no draft any more, `not-found` when there is none. */
export async function getDraft(scope: Scope, id: number): Promise<Campaign> {
  const campaign = await getCampaign(scope, id);
  if (campaign.state !== "draft") throw new DomainError("conflict", { id, state: campaign.state });
  return campaign;
}

/** @throws DomainError `not-found`; `details-gone` when its deliveries were dropped. */
export async function getWithDetails(scope: Scope, id: number): Promise<Campaign> {
  const campaign = await getCampaign(scope, id);
  if (campaign.detailsDroppedAt) throw detailsGone(campaign);
  return campaign;
}

export function detailsGone(campaign: Campaign): DomainError {
  return new DomainError("details-gone", { id: campaign.id, days: daysKept(campaign) });
}

/** The campaign that an update already made, if it did. */
export async function findByOrigin(scope: Scope, originKey: string): Promise<Campaign | null> {
  const [row] = await selectCampaigns(scope, eq(campaigns.originKey, originKey)).limit(1);
  return row ? toCampaign(row) : null;
}

/** The newest campaign whose post, or a version of it, is this album of Telegram's, or a part of it. */
export async function findByAlbum(scope: Scope, albumId: string): Promise<Campaign | null> {
  const source = JSON.stringify({ source: { albumId } });
  const [row] = await selectCampaigns(
    scope,
    sql`(${campaigns.content} @> ${source}::jsonb or exists (
      select from jsonb_each(${campaigns.content} -> 'versions') as v where v.value @> ${source}::jsonb))`,
  )
    .orderBy(desc(campaigns.id))
    .limit(1);
  return row ? toCampaign(row) : null;
}

export async function listRunning(scope: Scope): Promise<Campaign[]> {
  const rows = await selectCampaigns(scope, eq(campaigns.state, "running")).orderBy(asc(campaigns.id));
  return rows.map(toCampaign);
}

/** What runs, is paused or waits for its time; of each state the one that was due first comes first. */
export async function listOpen(scope: Scope): Promise<Campaign[]> {
  const open = inArray(campaigns.state, ["running", "paused", "scheduled"]);
  const rows = await selectCampaigns(scope, open).orderBy(asc(campaigns.startsAt), asc(campaigns.id));
  return rows.map(toCampaign);
}

/** Scheduled campaigns whose time has come by then, the earliest first. */
export async function listDue(scope: Scope, by: Date): Promise<Campaign[]> {
  const due = and(eq(campaigns.state, "scheduled"), lte(campaigns.startsAt, by));
  const rows = await selectCampaigns(scope, due).orderBy(asc(campaigns.startsAt), asc(campaigns.id));
  return rows.map(toCampaign);
}

function selectCampaigns({ db, botId }: Scope, condition: SQL | undefined) {
  return db
    .select()
    .from(campaigns)
    .where(and(eq(campaigns.botId, botId), condition))
    .$dynamic();
}

export interface FailureGroup {
  reason: string;
  count: number;
}

/** Failed and uncertain deliveries by reason, the most frequent first. */
export async function groupFailures({ db, botId }: Scope, campaignId: number): Promise<FailureGroup[]> {
  const rows = await db
    .select({ reason: deliveries.reason, count: count() })
    .from(deliveries)
    .where(unsuccessful(botId, campaignId))
    .groupBy(deliveries.reason)
    .orderBy(desc(count()), deliveries.reason);
  return rows.map((row) => ({ reason: row.reason ?? "other", count: row.count }));
}

export interface Failure {
  seq: number;
  chatId: number;
  state: string;
  reason: string | null;
  description: string | null;
  attempts: number;
  settledAt: Date | null;
}

/** No index leads to who was skipped, and so many places are looked through in a few ms. */
const RANGE = 5_000;

/**
 * Failed, uncertain and skipped deliveries one by one, in the order of the freeze. Read range by range: a million neither
 * fill the memory nor hold up what is sent meanwhile.
 */
export async function* eachFailure({ db, botId }: Scope, campaignId: number): AsyncGenerator<Failure> {
  const ofCampaign = and(eq(deliveries.botId, botId), eq(deliveries.campaignId, campaignId));
  const [row] = await db
    .select({ last: max(deliveries.seq) })
    .from(deliveries)
    .where(ofCampaign);
  const last = row?.last ?? 0;
  for (let after = 0; after < last; after += RANGE)
    yield* await db
      .select({
        seq: deliveries.seq,
        chatId: deliveries.chatId,
        state: deliveries.state,
        reason: deliveries.reason,
        description: deliveries.description,
        attempts: deliveries.attempts,
        settledAt: deliveries.settledAt,
      })
      .from(deliveries)
      .where(
        and(
          ofCampaign,
          gt(deliveries.seq, after),
          lte(deliveries.seq, after + RANGE),
          inArray(deliveries.state, ["failed", "uncertain", "skipped"]),
        ),
      )
      .orderBy(asc(deliveries.seq));
}

/**
 * SQL: the recipient of delivery `d` can be written to now. One lookup by key for each; what is joined may be read anew
 * for each instead, when PostgreSQL has no statistics of a list that was imported a moment ago.
 */
export const canBeReached = sql`(select r.status = 'active' and r.opted_out_at is null
  from recipients r where r.bot_id = d.bot_id and r.chat_id = d.chat_id)`;

/** How many failures `Retry failed` would send again: those whose recipient can be reached now. */
export async function countRetryable({ db, botId }: Scope, campaignId: number): Promise<number> {
  const [row] = await query<{ count: number }>(
    db,
    sql`select count(*) filter (where ${canBeReached})::int as count from deliveries d
        where d.bot_id = ${botId} and d.campaign_id = ${campaignId} and d.state = 'failed'`,
  );
  return row?.count ?? 0;
}

/** The states are spelled out so that the partial index `deliveries_unsuccessful` serves. */
function unsuccessful(botId: number, campaignId: number): SQL | undefined {
  return and(
    eq(deliveries.botId, botId),
    eq(deliveries.campaignId, campaignId),
    sql`${deliveries.state} in ('failed', 'uncertain')`,
  );
}
