import type { Finding, KnownAttributes } from "../content/check.ts";
import { CODE } from "../content/personal-parts.ts";
import type { HomeScope } from "../db/scope.ts";
import { type Campaign, hasNotStarted } from "./campaign.ts";
import { findCampaign } from "./queries.ts";
import { asksForCode, givesCodes } from "./give-codes.ts";
import { codeNeedOf } from "./lacking-codes.ts";

/** Whether everyone who is to get a draft or a campaign that has not started can be given a code. */
export async function codeFindings(
  home: HomeScope,
  campaign: Campaign,
  known: KnownAttributes,
): Promise<Finding[]> {
  if (campaign.state !== "draft" && !hasNotStarted(campaign)) return [];
  const language = null;
  if (!asksForCode(campaign))
    return campaign.codePool === null ? [] : [{ level: "note", type: "codes-unused", language }];
  // Somebody has an attribute of that name.
  if (campaign.codePool === null)
    return known.has(CODE) ? [] : [{ level: "error", type: "no-codes", language }];
  const original = campaign.changes === null ? null : await findCampaign(home, campaign.changes);
  if (original?.startedAt)
    return givesCodes(original) && original.codePool === campaign.codePool
      ? []
      : [{ level: "error", type: "codes-too-late", language }];
  // Only until it is frozen: there, each code is counted.
  const need = await codeNeedOf(home, { ...campaign, codePool: campaign.codePool }, new Date());
  return need.lacking > 0 ? [{ level: "error", type: "too-few-codes", ...need, language }] : [];
}
