import { isForChats } from "../../audience/segment/audience.ts";
import type { Campaign } from "../../campaign/campaign.ts";
import { pauseBecause } from "../../campaign/engine-moves.ts";
import { findOwnCampaign } from "../../campaign/queries.ts";
import { segmentFindings } from "../../campaign/segment-findings.ts";
import type { Scope } from "../../db/scope.ts";

/**
 * Pauses a campaign whose segment asks of campaigns or lists that cannot answer any more: their details were deleted, or the list
 * was. "Has not got #12" would mean everybody. Null if it can be frozen.
 */
export async function holdSegment(scope: Scope, campaignId: number): Promise<Campaign | null> {
  const campaign = await findOwnCampaign(scope, campaignId);
  if (!campaign || isForChats(campaign.audience) || !campaign.audience.segment) return null;
  const { botId, audience } = campaign;
  const findings = await segmentFindings(scope, { botId, bots: null, audience });
  if (findings.length === 0) return null;
  const subjects = findings.flatMap((finding) =>
    "number" in finding ? [`#${finding.number}`] : "name" in finding ? [finding.name] : [],
  );
  return pauseBecause(scope, campaignId, "segment", [...new Set(subjects)].join(", "));
}
