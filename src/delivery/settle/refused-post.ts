import { and, eq, inArray, sql } from "drizzle-orm";
import type { Campaign } from "../../campaign/campaign.ts";
import { pauseAll, pauseBecause } from "../../campaign/engine-moves.ts";
import { toCampaign } from "../../campaign/queries.ts";
import type { Content } from "../../content/content.ts";
import { query } from "../../db/connect.ts";
import type { Scope } from "../../db/scope.ts";
import { campaigns } from "../../db/schema.ts";
import type { Claimed } from "../shared/claimed.ts";
import { storable } from "../../storable.ts";
import type { Outcome } from "../../telegram/outcome.ts";
import type { Settlement } from "../shared/settlement.ts";

/** What is known about a post that Telegram refused. */
export interface Refused {
  /** Telegram's error message, or ours. */
  description: string;
  /** Someone has received this very version, so it can be sent. */
  othersHaveIt: boolean;
}

/** By settlement; only those whose post was refused. */
export type AllRefused = ReadonlyMap<Settlement, Refused>;

/** Finds the settlements whose post was refused. */
export async function findRefused(scope: Scope, settlements: readonly Settlement[]): Promise<AllRefused> {
  const faulty = settlements.filter(({ outcome }) => faultOf(outcome) !== null);
  const found = new Map<Settlement, Refused>();
  if (faulty.length === 0) return found;
  const posts = await listPosts(scope, faulty);
  const known = new Map<string, boolean>();
  for (const settlement of faulty) {
    const { delivery, outcome } = settlement;
    const post = posts.get(delivery.campaignId);
    if (!post) continue;
    const key = `${delivery.campaignId}.${delivery.version ?? ""}`;
    // It only matters if the post was refused for this recipient before.
    if (!known.has(key) && delivery.attempts > 0)
      known.set(key, post.sent > 0 && (await someoneHas(scope, delivery, post.content)));
    const othersHaveIt = known.get(key) ?? false;
    found.set(settlement, { description: storable(faultOf(outcome) ?? ""), othersHaveIt });
  }
  return found;
}

/** What is wrong with the post according to an outcome; null when nothing is. */
function faultOf(outcome: Outcome): string | null {
  return outcome.type === "refused" && outcome.class === "content" ? outcome.description : null;
}

async function listPosts(
  { db, botId }: Scope,
  settlements: readonly Settlement[],
): Promise<Map<number, Campaign>> {
  const ids = [...new Set(settlements.map(({ delivery }) => delivery.campaignId))];
  const rows = await db
    .select()
    .from(campaigns)
    .where(and(eq(campaigns.botId, botId), inArray(campaigns.id, ids)));
  return new Map(rows.map((row) => [row.id, toCampaign(row)]));
}

/** How many places before and behind are searched for someone who has a version; a bound as in breaker.ts. */
const SEARCH_AROUND = 5_000;

/** Whether the version of a delivery has been sent to anyone. */
async function someoneHas(
  { db, botId }: Scope,
  { campaignId, seq, version }: Claimed,
  { versions = {} }: Content,
): Promise<boolean> {
  if (Object.keys(versions).length === 0) return true;
  const [someone] = await query(
    db,
    sql`select 1 from deliveries d
        where d.bot_id = ${botId} and d.campaign_id = ${campaignId} and d.state = 'sent'
          and d.seq between ${seq - SEARCH_AROUND} and ${seq + SEARCH_AROUND}
          and d.version is not distinct from ${version}::text
        limit 1`,
  );
  return someone !== undefined;
}

/** A refused post pauses its campaign, a refused token pauses all. `settlements` leave out those that failed on their own. */
export async function pauseForRefused(
  scope: Scope,
  settlements: readonly Settlement[],
  refused: AllRefused,
): Promise<Campaign[]> {
  const paused: Campaign[] = [];
  for (const settlement of settlements) {
    const { delivery, outcome } = settlement;
    if (outcome.type === "refused" && outcome.class === "unauthorized")
      paused.push(...(await pauseAll(scope, "unauthorized", storable(outcome.description))));
    const fault = refused.get(settlement);
    if (!fault) continue;
    const { campaignId, version } = delivery;
    const campaign = await pauseBecause(scope, campaignId, "content", fault.description, version);
    if (campaign) paused.push(campaign);
  }
  return paused;
}

/**
 * Telegram left parts out of a forward. Everyone else would miss them, too, so the campaign pauses, but not again once an
 * admin has resumed it. `campaigns` already include these settlements.
 */
export async function pauseForIncomplete(
  scope: Scope,
  settlements: readonly Settlement[],
  campaigns: readonly Campaign[],
): Promise<Campaign[]> {
  const paused: Campaign[] = [];
  for (const { delivery, outcome } of settlements) {
    if (outcome.type !== "sent" || outcome.asked === undefined) continue;
    const { campaignId, version } = delivery;
    if (!campaigns.some(({ id, incompleteWaived }) => id === campaignId && !incompleteWaived)) continue;
    const parts = `${outcome.messageIds.length}/${outcome.asked}`;
    const campaign = await pauseBecause(scope, campaignId, "incomplete", parts, version);
    if (campaign) paused.push(campaign);
  }
  return paused;
}
