import { and, eq, inArray } from "drizzle-orm";
import { findListByName } from "../audience/lists.ts";
import { type Audience, isForChats } from "../audience/segment/audience.ts";
import { type Condition, campaignsIn, conditionsIn, listsIn } from "../audience/segment/segment.ts";
import type { Finding } from "../content/check.ts";
import { buttonsOf, versionsOf } from "../content/content.ts";
import { type HomeScope, scopeOf } from "../db/scope.ts";
import { campaigns } from "../db/schema.ts";
import { botsOf } from "./bundle.ts";
import type { Campaign } from "./campaign.ts";
import { toCampaign } from "./queries.ts";

/**
 * What a segment asks of campaigns and lists that they cannot answer. Each would be true of nobody, and its opposite of
 * everybody, so that a campaign with such a segment is not sent.
 */
export async function segmentFindings(
  home: HomeScope,
  { botId, bots, audience }: Pick<Campaign, "botId" | "bots"> & { audience: Audience },
): Promise<Finding[]> {
  if (isForChats(audience)) return [];
  const { segment, first } = audience;
  const senders = botsOf({ botId, bots });
  const found: Finding[] = [];
  if (first !== undefined && senders.length > 1)
    found.push({ level: "error", type: "segment-first-of-several", language: null });
  if (!segment) return found;
  for (const name of new Set(listsIn(segment)))
    for (const bot of senders)
      if (!(await findListByName(scopeOf(home, { botId: bot }), name)))
        found.push({
          level: "error",
          type: "segment-list-unknown",
          name,
          language: null,
          ...(bots && { bot }),
        });
  const named = await listNamed(home, campaignsIn(segment));
  const seen = new Set<string>();
  for (const condition of conditionsIn(segment)) {
    const number = numberIn(condition);
    if (number === null) continue;
    const type = whyNot(condition, named.get(number), senders);
    if (type === null || seen.has(`${type} ${number}`)) continue;
    seen.add(`${type} ${number}`);
    found.push({ level: "error", type, number: String(number), language: null });
  }
  return found;
}

function numberIn(condition: Condition): number | null {
  return campaignsIn(condition)[0] ?? null;
}

type CampaignFault = Extract<Finding["type"], `segment-campaign-${string}`>;

async function listNamed({ db, homeId }: HomeScope, ids: readonly number[]): Promise<Map<number, Campaign>> {
  if (ids.length === 0) return new Map();
  const rows = await db
    .select()
    .from(campaigns)
    .where(and(eq(campaigns.homeId, homeId), inArray(campaigns.id, [...ids])));
  return new Map(rows.map((row) => [row.id, toCampaign(row)]));
}

/** Why this campaign cannot answer; null if it can. */
function whyNot(
  condition: Condition,
  campaign: Campaign | undefined,
  senders: readonly number[],
): CampaignFault | null {
  if (!campaign || campaign.state === "draft") return "segment-campaign-unknown";
  if (senders.length > 1 || campaign.botId !== senders[0]) return "segment-campaign-elsewhere";
  if (isForChats(campaign.audience)) return "segment-campaign-chats";
  if (campaign.detailsDroppedAt) return "segment-campaign-old";
  if ("voted" in condition) return hasVotes(campaign) ? null : "segment-campaign-no-votes";
  if (!("answered" in condition)) return null;
  const polls = pollsOf(campaign);
  if (polls.length === 0) return "segment-campaign-no-poll";
  return polls.every(({ is_anonymous }) => is_anonymous) ? "segment-campaign-anonymous" : null;
}

function hasVotes({ content }: Campaign): boolean {
  const buttons = versionsOf(content).flatMap(({ version }) => buttonsOf(content, version).flat());
  return [...buttons, ...(content.retired ?? [])].some((button) => "vote" in button);
}

function pollsOf({ content }: Campaign) {
  return versionsOf(content).flatMap(({ version }) => (version.kind === "poll" ? [version.poll] : []));
}
