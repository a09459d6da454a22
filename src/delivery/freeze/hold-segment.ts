import { isForChats } from "../../audience/segment/audience.ts";
import type { Campaign } from "../../campaign/campaign.ts";
import { pauseBecause } from "../../campaign/engine-moves.ts";
import { lostAttributes } from "../../campaign/known-attributes.ts";
import { findOwnCampaign } from "../../campaign/queries.ts";
import { segmentFindings } from "../../campaign/segment-findings.ts";
import type { Scope } from "../../db/scope.ts";

/**
 * Pauses a campaign whose segment refers to campaigns or lists whose data was deleted. "Has not got #12" would otherwise match
 * everybody. Null if it can be frozen.
 */
export async function holdSegment(scope: Scope, campaignId: number): Promise<Campaign | null> {
  const campaign = await findOwnCampaign(scope, campaignId);
  const lost = campaign ? await lostSubjects(scope, campaign) : [];
  return lost.length > 0 ? pauseBecause(scope, campaignId, "segment", lost.join(", ")) : null;
}

/** Pauses a campaign whose post needs an attribute that nobody has any longer. Null if it can be frozen. */
export async function holdAttributes(scope: Scope, campaignId: number): Promise<Campaign | null> {
  const campaign = await findOwnCampaign(scope, campaignId);
  const lost = campaign ? await lostAttributes(scope, campaign) : [];
  return lost.length > 0 ? pauseBecause(scope, campaignId, "attribute", lost.join(", ")) : null;
}

/** The campaigns, choices and lists that cannot answer, each once. */
export async function lostSubjects(
  scope: Scope,
  { id, botId, audience }: Pick<Campaign, "id" | "botId" | "audience">,
): Promise<string[]> {
  if (isForChats(audience) || !audience.segment) return [];
  const findings = await segmentFindings(scope, { id, botId, bots: null, audience });
  const subjects = findings.flatMap((finding) => {
    if ("choice" in finding) return [`#${finding.number} = ${finding.choice}`];
    return "number" in finding ? [`#${finding.number}`] : "name" in finding ? [finding.name] : [];
  });
  return [...new Set(subjects)];
}
