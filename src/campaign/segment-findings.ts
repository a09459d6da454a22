import { and, eq, inArray } from "drizzle-orm";
import { findListByName } from "../audience/lists.ts";
import { isForChats } from "../audience/segment/audience.ts";
import {
  type Choice,
  type Condition,
  campaignsIn,
  conditionsIn,
  listsIn,
} from "../audience/segment/segment.ts";
import { buttonsIn } from "../content/button-ids.ts";
import type { Finding } from "../content/check.ts";
import { versionsOf } from "../content/content.ts";
import { distinct } from "../content/poll-tally.ts";
import { type HomeScope, scopeOf, sees } from "../db/scope.ts";
import { campaigns, pollTotals } from "../db/schema.ts";
import { botsOf } from "./bundle.ts";
import type { Campaign } from "./campaign.ts";
import { toCampaign } from "./queries.ts";

/** The audience of a campaign, or of a draft. */
type Asking = Pick<Campaign, "botId" | "bots" | "audience"> &
  Partial<Pick<Campaign, "id" | "changes" | "bundleId" | "eachOnce">>;

/**
 * What a segment asks of campaigns and lists that they cannot answer. Each would be true of nobody, and its opposite of
 * everybody, so that a campaign with such a segment is not sent.
 */
export async function segmentFindings(home: HomeScope, asking: Asking): Promise<Finding[]> {
  const { bots, audience } = asking;
  if (isForChats(audience)) return [];
  const { segment, first } = audience;
  const senders = botsOf(asking);
  const own = asking.changes ?? asking.id;
  const found: Finding[] = [];
  // In a bundle where each person gets it once, others of its campaigns may take some of the first so many.
  const isShared = senders.length > 1 || (typeof asking.bundleId === "number" && asking.eachOnce === true);
  if (first !== undefined && isShared)
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
    const [id] = campaignsIn(condition);
    if (id === undefined) continue;
    const finding = await faultIn(home, condition, { id, campaign: named.get(id), senders, own });
    const key = JSON.stringify(finding);
    if (finding && !seen.has(key)) found.push(finding);
    seen.add(key);
  }
  return found;
}

type CampaignFault = Extract<Finding["type"], `segment-campaign-${string}`>;

/** Campaigns by number. Those of bots that the scope does not show are left out, as if there were none of that number. */
async function listNamed(home: HomeScope, ids: readonly number[]): Promise<Map<number, Campaign>> {
  if (ids.length === 0) return new Map();
  const { db, homeId } = home;
  const rows = await db
    .select()
    .from(campaigns)
    .where(and(eq(campaigns.homeId, homeId), inArray(campaigns.id, [...ids])));
  const shown = rows.filter(({ botId }) => sees(home, botId));
  return new Map(shown.map((row) => [row.id, toCampaign(row)]));
}

interface Named {
  id: number;
  /** Undefined if there is none of that number. */
  campaign: Campaign | undefined;
  senders: readonly number[];
  /** The number of the campaign that asks; undefined for an export. */
  own: number | undefined;
}

async function faultIn(home: HomeScope, condition: Condition, named: Named): Promise<Finding | null> {
  const fault = { level: "error", number: String(named.id), language: null } as const;
  const type = whyNot(condition, named);
  if (type) return { ...fault, type };
  const asked = choiceIn(condition);
  if (!named.campaign || asked?.choice === undefined) return null;
  const choices = await choicesOf(home, condition, named.campaign);
  if (choices.includes(asked.choice)) return null;
  return { ...fault, type: "segment-choice-unknown", choice: asked.choice, choices: choices.join(", ") };
}

function choiceIn(condition: Condition): Choice | null {
  if ("voted" in condition) return condition.voted;
  return "answered" in condition ? condition.answered : null;
}

/** What people can have voted for or answered, in all versions of a post and also before it was edited. */
async function choicesOf(home: HomeScope, condition: Condition, campaign: Campaign): Promise<string[]> {
  if ("voted" in condition) return [...new Set(voteButtonsOf(campaign).map(({ text }) => text))];
  const asked = pollsOf(campaign).flatMap(({ options }) => distinct(options.map(({ text }) => text)));
  return [...new Set([...asked, ...(await listToldOptions(home, campaign))])];
}

/** Options that Telegram has told of in a campaign's polls; an edit may have removed them, or people added them. */
async function listToldOptions({ db }: HomeScope, { botId, id }: Campaign): Promise<string[]> {
  const rows = await db
    .selectDistinct({ option: pollTotals.option })
    .from(pollTotals)
    .where(and(eq(pollTotals.botId, botId), eq(pollTotals.campaignId, id), eq(pollTotals.what, "option")));
  return rows.map(({ option }) => option);
}

/** Why this campaign cannot answer; null if it can. */
function whyNot(condition: Condition, { id, campaign, senders, own }: Named): CampaignFault | null {
  if (id === own) return "segment-campaign-itself";
  if (!campaign || campaign.state === "draft") return "segment-campaign-unknown";
  if (senders.length > 1 || campaign.botId !== senders[0]) return "segment-campaign-elsewhere";
  if (isForChats(campaign.audience)) return "segment-campaign-chats";
  if (campaign.detailsDroppedAt) return "segment-campaign-old";
  if ("voted" in condition) return voteButtonsOf(campaign).length > 0 ? null : "segment-campaign-no-votes";
  if (!("answered" in condition)) return null;
  const polls = pollsOf(campaign);
  if (polls.length === 0) return "segment-campaign-no-poll";
  return polls.every(({ is_anonymous }) => is_anonymous) ? "segment-campaign-anonymous" : null;
}

function voteButtonsOf({ content }: Campaign) {
  return buttonsIn(content).filter((button) => "vote" in button);
}

function pollsOf({ content }: Campaign) {
  return versionsOf(content).flatMap(({ version }) => (version.kind === "poll" ? [version.poll] : []));
}
