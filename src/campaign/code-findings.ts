import type { Finding, KnownAttributes } from "../content/check.ts";
import { CODE } from "../content/personal-parts.ts";
import type { HomeScope } from "../db/scope.ts";
import { type Campaign, hasNotStarted } from "./campaign.ts";
import { findCampaign } from "./queries.ts";
import { countFree } from "./code-pool.ts";
import type { Step } from "./step-plan.ts";
import { asksForCode, givesCodes } from "./give-codes.ts";
import { codeNeedOf } from "./lacking-codes.ts";

/** Nobody knows yet how many people will get a step. */
async function stepFindings(
  home: HomeScope,
  { codePool, step }: { codePool: number; step: Step },
): Promise<Finding[]> {
  const codes = await countFree(home, codePool);
  // The post of a step can be changed although its codes have run out.
  return codes === 0 && step.replaces === undefined
    ? [{ level: "error", type: "no-codes", language: null }]
    : [{ level: "note", type: "codes-of-step", codes, language: null }];
}

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
  if (campaign.welcomeFor !== null)
    return known.has(CODE) ? [] : [{ level: "error", type: "welcome-codes", language }];
  // Somebody has an attribute of that name.
  if (campaign.codePool === null)
    return known.has(CODE) ? [] : [{ level: "error", type: "no-codes", language }];
  if (campaign.step)
    return stepFindings(home, { ...campaign, codePool: campaign.codePool, step: campaign.step });
  const original = campaign.changes === null ? null : await findCampaign(home, campaign.changes);
  if (original?.startedAt)
    return givesCodes(original) && original.codePool === campaign.codePool
      ? []
      : [{ level: "error", type: "codes-too-late", language }];
  // Only until it is frozen: there, each code is counted.
  const need = await codeNeedOf(home, { ...campaign, codePool: campaign.codePool }, new Date());
  return need.lacking > 0 ? [{ level: "error", type: "too-few-codes", ...need, language }] : [];
}
