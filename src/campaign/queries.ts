import { type SQL, and, asc, count, desc, eq, inArray, isNotNull, lte, or, sql } from "drizzle-orm";
import { isReachable, wantsCategory } from "../audience/recipients.ts";
import { query } from "../db/connect.ts";
import { type HomeScope, type Scope, scopeOf } from "../db/scope.ts";
import { campaigns, deliveries } from "../db/schema.ts";
import { DomainError } from "../errors.ts";
import type { Campaign } from "./campaign.ts";
import { parseColumns } from "./json-columns.ts";
import { storedStep } from "./step-plan.ts";
import { daysKept } from "./progress.ts";

type Row = typeof campaigns.$inferSelect;

/** @throws Error for a row that a newer Herald wrote */
export function toCampaign(row: Row): Campaign {
  const name = `campaign ${row.id}`;
  return { ...row, ...parseColumns(row, name), step: row.step && storedStep.parse(row.step, name) };
}

/** A campaign that this Herald cannot read, because a newer one wrote it, and why. */
export interface Unreadable {
  id: number;
  why: string;
}

/** The rows as campaigns, for an engine: one that cannot be read must not keep the others from being sent. */
function readable(rows: readonly Row[], unreadable: Unreadable[]): Campaign[] {
  return rows.flatMap((row) => {
    try {
      return [toCampaign(row)];
    } catch (error) {
      unreadable.push({ id: row.id, why: error instanceof Error ? error.message : String(error) });
      return [];
    }
  });
}

/** The campaign with this number, whichever bot of the home it belongs to. */
export async function findCampaign(home: HomeScope, id: number): Promise<Campaign | null> {
  const [row] = await selectOfHome(home, eq(campaigns.id, id)).limit(1);
  return row ? toCampaign(row) : null;
}

/** The campaign with this number if it belongs to the scope's bot, for what comes from that bot's people, and for its engine. */
export async function findOwnCampaign(scope: Scope, id: number): Promise<Campaign | null> {
  const [row] = await selectCampaigns(scope, eq(campaigns.id, id)).limit(1);
  return row ? toCampaign(row) : null;
}

/** The scope of the bot whose campaign has this number. It never changes. Null if there is no such campaign. */
export async function findScope(home: HomeScope, id: number): Promise<Scope | null> {
  const [row] = await home.db
    .select({ botId: campaigns.botId })
    .from(campaigns)
    .where(and(ofHome(home), eq(campaigns.id, id)))
    .limit(1);
  return row ? scopeOf(home, row) : null;
}

/** @throws DomainError `not-found` */
export async function getCampaign(home: HomeScope, id: number): Promise<Campaign> {
  const campaign = await findCampaign(home, id);
  if (!campaign) throw new DomainError("not-found", { id });
  return campaign;
}

/** @throws DomainError `conflict` if it is no longer a draft, `not-found` if there is none. */
export async function getDraft(home: HomeScope, id: number): Promise<Campaign> {
  const campaign = await getCampaign(home, id);
  if (campaign.state !== "draft") throw new DomainError("conflict", { id, state: campaign.state });
  return campaign;
}

/** @throws DomainError `not-found`; `details-gone` when its deliveries were dropped. */
export async function getWithDetails(home: HomeScope, id: number): Promise<Campaign> {
  const campaign = await getCampaign(home, id);
  if (campaign.detailsDroppedAt) throw detailsGone(campaign);
  return campaign;
}

export function detailsGone(campaign: Campaign): DomainError {
  return new DomainError("details-gone", { id: campaign.id, days: daysKept(campaign) });
}

/** The campaign that an update or a request has already created, if any; of whichever bot, because an origin makes only one. */
export async function findByOrigin({ db, homeId }: HomeScope, originKey: string): Promise<Campaign | null> {
  const [row] = await selectOfHome({ db, homeId }, eq(campaigns.originKey, originKey)).limit(1);
  return row ? toCampaign(row) : null;
}

/** The newest campaign whose post or one of its versions is this Telegram album, or a part of it. */
export async function findByAlbum(home: HomeScope, albumId: string): Promise<Campaign | null> {
  const [row] = await selectOfHome(home, someVersionHolds({ source: { albumId } }))
    .orderBy(desc(campaigns.id))
    .limit(1);
  return row ? toCampaign(row) : null;
}

/** Campaigns whose post or one of its versions was taken from this message, newest first, at most `limit`. */
export async function findByMessage(
  home: HomeScope,
  chatId: number,
  messageId: number,
  limit: number,
): Promise<Campaign[]> {
  const source = { chatId, messageIds: [messageId] };
  const taken = or(someVersionHolds({ source }), someVersionHolds({ below: { source } }));
  const rows = await selectOfHome(home, taken).orderBy(desc(campaigns.id)).limit(limit);
  return rows.map(toCampaign);
}

/** SQL: the post or one of its versions contains this JSON. */
function someVersionHolds(part: object): SQL {
  const json = JSON.stringify(part);
  return sql`(${campaigns.content} @> ${json}::jsonb or exists (
    select from jsonb_each(${campaigns.content} -> 'versions') as v where v.value @> ${json}::jsonb))`;
}

/** Of the scope's bot, for its engine. Those that cannot be read are left out, and added to `unreadable`. */
export async function listRunning(scope: Scope, unreadable: Unreadable[] = []): Promise<Campaign[]> {
  const rows = await selectCampaigns(scope, eq(campaigns.state, "running")).orderBy(asc(campaigns.id));
  return readable(rows, unreadable);
}

/** The newest campaigns of the bot that have started. */
export async function listLatest(scope: Scope, most: number): Promise<Campaign[]> {
  const rows = await selectCampaigns(scope, isNotNull(campaigns.startedAt))
    .orderBy(desc(campaigns.id))
    .limit(most);
  return rows.map(toCampaign);
}

/** Running, paused and scheduled campaigns of the home; within each state the one that was due first comes first. */
export async function listOpen(home: HomeScope, bot?: number): Promise<Campaign[]> {
  const open = inArray(campaigns.state, ["running", "paused", "scheduled"]);
  const rows = await selectOfHome(home, open, bot).orderBy(asc(campaigns.startsAt), asc(campaigns.id));
  return rows.map(toCampaign);
}

/** SQL: hasNotStarted() of campaign.ts. */
export const notStarted = sql`(${campaigns.state} = 'scheduled' or (${campaigns.state} = 'paused' and ${campaigns.startedAt} is null))`;

/** SQL: nobody has been asked yet what to do with it now that its time has passed. After a restore, its author was asked. */
export const isNotAsked = sql`coalesce(${campaigns.pauseReason}, '') not in ('late', 'overdue', 'restored')`;

/**
 * Campaigns of the scope's bot whose time has come, earliest first: scheduled ones, and paused ones for which that has not been recorded
 * yet. Those that cannot be read are left out, and added to `unreadable`.
 */
export async function listDue(scope: Scope, by: Date, unreadable: Unreadable[] = []): Promise<Campaign[]> {
  const due = and(notStarted, isNotAsked, lte(campaigns.startsAt, by));
  const rows = await selectCampaigns(scope, due).orderBy(asc(campaigns.startsAt), asc(campaigns.id));
  return readable(rows, unreadable);
}

function selectCampaigns({ db, botId }: Scope, condition: SQL | undefined) {
  return db
    .select()
    .from(campaigns)
    .where(and(eq(campaigns.botId, botId), condition))
    .$dynamic();
}

function selectOfHome(home: HomeScope, condition: SQL | undefined, bot?: number) {
  return home.db
    .select()
    .from(campaigns)
    .where(and(ofHome(home, bot), condition))
    .$dynamic();
}

/** SQL: a campaign of the home or, if `bot` is given, of that bot of it; only of bots that the scope shows. */
export function ofHome({ homeId, only }: HomeScope, bot?: number): SQL | undefined {
  return and(
    eq(campaigns.homeId, homeId),
    only && inArray(campaigns.botId, [...only]),
    // A draft of several bots is for those who may use all of them.
    only && sql`(${campaigns.bots} is null or ${campaigns.bots} <@ ${`{${only.join(",")}}`}::bigint[])`,
    bot === undefined ? undefined : eq(campaigns.botId, bot),
  );
}

/** The bots of a draft, or the one of a campaign. Empty if there is none with this number. */
export async function findBots(home: HomeScope, id: number): Promise<readonly number[]> {
  const [row] = await home.db
    .select({ botId: campaigns.botId, bots: campaigns.bots })
    .from(campaigns)
    .where(and(ofHome(home), eq(campaigns.id, id)))
    .limit(1);
  return row ? (row.bots ?? [row.botId]) : [];
}

export interface FailureGroup {
  reason: string;
  count: number;
}

/** Failed and uncertain deliveries by reason, most frequent first. */
export async function groupFailures({ db, botId }: Scope, campaignId: number): Promise<FailureGroup[]> {
  const rows = await db
    .select({ reason: deliveries.reason, count: count() })
    .from(deliveries)
    .where(unsuccessful(botId, campaignId))
    .groupBy(deliveries.reason)
    .orderBy(desc(count()), deliveries.reason);
  return rows.map((row) => ({ reason: row.reason ?? "other", count: row.count }));
}

/**
 * SQL: the recipient of delivery `d` can be written to now, and has not left the campaign's category. One lookup by key for each delivery; a join might scan the
 * recipients for each, while PostgreSQL has no statistics of a list that was just imported.
 */
export const canBeReached = sql`(select ${isReachable("r")} and ${wantsCategory(
  "r",
  sql`(select c.category from campaigns c where c.bot_id = d.bot_id and c.id = d.campaign_id)`,
)}
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

/** The states are literals, so that PostgreSQL can use the partial index `deliveries_unsuccessful`. */
function unsuccessful(botId: number, campaignId: number): SQL | undefined {
  return and(
    eq(deliveries.botId, botId),
    eq(deliveries.campaignId, campaignId),
    sql`${deliveries.state} in ('failed', 'uncertain')`,
  );
}
