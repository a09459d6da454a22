import { namesOf } from "../../access/admins.ts";
import { type Campaign, hasNotStarted } from "../../campaign/campaign.ts";
import type { Counter } from "../../campaign/counters.ts";
import { listBundles } from "../../campaign/bundle.ts";
import { findingsOf, isFaulty } from "../../campaign/findings.ts";
import { type FileFault, type PostFault, currentFaults } from "../../campaign/preview-faults.ts";
import { progressOf } from "../../campaign/progress.ts";
import { countRecipients } from "../../campaign/recipients-of.ts";
import type { HomeScope } from "../../db/scope.ts";
import { audienceToJson } from "./audience-json.ts";
import { contentToJson } from "./content-to-json.ts";
import { momentOf } from "./moments.ts";
import { repeatToJson, windowToJson } from "./schedule-json.ts";
import type { CampaignJson, CampaignSummaryJson } from "../shapes/campaign-shapes.ts";

/** A campaign with whom it would reach now, and what there is to say of it. */
export async function campaignToJson(scope: HomeScope, campaign: Campaign, now: Date): Promise<CampaignJson> {
  const [summary] = await summariesOf(scope, [campaign]);
  if (!summary) throw new Error("a campaign has a summary");
  const isOpen = campaign.state === "draft" || hasNotStarted(campaign);
  const count = isOpen ? await countRecipients(scope, campaign, now) : null;
  const findings = await findingsOf(scope, campaign);
  const faults = faultsToJson(currentFaults(campaign));
  return {
    ...summary,
    reach: count && {
      reachable: count.reachable,
      opted_out: count.optedOut,
      unreachable: count.unreachable,
      left_category: count.leftCategory ?? 0,
      over_cap: count.overCap ?? 0,
      ...(count.shares && {
        by_bot: count.shares.map(({ botId, people, sends }) => ({ bot: botId, people, sends })),
      }),
    },
    findings,
    faults,
    sendable: campaign.state === "draft" && faults.length === 0 && !isFaulty(findings),
  };
}

/** Why Telegram refused a post in its last test. */
export function faultsToJson(faults: ReturnType<typeof currentFaults>): CampaignJson["faults"] {
  return faults.map(({ language, fault, bot }) => ({
    language,
    ...(bot !== undefined && { bot }),
    detail: detailOf(fault),
  }));
}

function detailOf(fault: PostFault): string {
  switch (fault.type) {
    case "parts":
      return `Only ${fault.arrived} of ${fault.asked} parts are still there.`;
    case "refused":
      return fault.description;
    case "file":
      return fileDetailOf(fault);
  }
}

function fileDetailOf({ why, kind, name, detail }: FileFault): string {
  const file = name === "" ? `The ${kind}` : `The ${kind} "${name}"`;
  switch (why) {
    case "too-large":
      return (
        `${file} is too large to be passed on from bot to bot: Telegram gives a bot files of up to 20 MB. Send a smaller one, ` +
        "upload it for this bot (POST /v1/media with `bot`, up to 50 MiB), or run a local Bot API server."
      );
    case "not-fetched":
      return `${file} could not be fetched from Telegram: ${detail}. Test the campaign again.`;
    case "not-uploaded":
      return `${file} could not be uploaded to Telegram by the bot that sends the post: ${detail}. Test the campaign again.`;
    case "busy":
      return `${file} is not uploaded yet: Telegram asks to wait ${detail} s. Test the campaign again then.`;
    case "other-kind":
      return `Telegram made a ${detail} of ${file.replace(/^T/, "t")}. Send it as a ${detail} in the first place.`;
  }
}

export async function summariesOf(
  scope: HomeScope,
  campaigns: readonly Campaign[],
): Promise<CampaignSummaryJson[]> {
  const names = await namesOf(
    scope,
    campaigns.map(({ createdBy }) => createdBy),
  );
  const bundled = campaigns.flatMap(({ bundleId, state }) =>
    bundleId === null || state === "draft" ? [] : [bundleId],
  );
  const bundles = await listBundles(scope, [...new Set(bundled)]);
  return campaigns.map((campaign) => {
    const { bundleId, state } = campaign;
    const isAlone = bundleId === null || state === "draft";
    const together = isAlone ? [] : bundles.filter((one) => one.bundleId === bundleId).map(({ id }) => id);
    return summaryOf(campaign, together.length > 0 ? together : null, names);
  });
}

function summaryOf(
  campaign: Campaign,
  together: number[] | null,
  names: ReadonlyMap<number, string>,
): CampaignSummaryJson {
  const { id, botId, state, content, audience, window, recurrence, seriesId, run, createdBy } = campaign;
  return {
    number: id,
    bot: botId,
    bots: campaign.bots,
    each_person_once: campaign.eachOnce,
    together,
    state,
    pause: pauseToJson(campaign),
    cancel_reason: campaign.cancelReason,
    revision: campaign.revision,
    content_revision: campaign.contentRevision,
    // The shape of requests is a subset: Telegram adds fields to what it understands, and they are kept.
    content: contentToJson(content) as CampaignSummaryJson["content"],
    audience: audienceToJson(audience),
    category: campaign.category,
    window: window && windowToJson(window),
    late_policy: campaign.latePolicy,
    starts_at: momentOf(campaign.startsAt),
    repeat: recurrence && repeatToJson(recurrence),
    series: seriesId !== null && run !== null ? { number: seriesId, run } : null,
    changes: campaign.changes,
    created_by: actorToJson(createdBy, names),
    created_at: campaign.createdAt.toISOString(),
    updated_at: campaign.updatedAt.toISOString(),
    started_at: momentOf(campaign.startedAt),
    finished_at: momentOf(campaign.finishedAt),
    counters: countersToJson(campaign),
    departed: campaign.departed,
  };
}

export function pauseToJson({
  state,
  pauseReason,
  pauseDetail,
}: Pick<Campaign, "state" | "pauseReason" | "pauseDetail">): CampaignSummaryJson["pause"] {
  return state !== "paused" || pauseReason === null ? null : { reason: pauseReason, detail: pauseDetail };
}

export function countersToJson(
  campaign: Pick<Campaign, Counter | "total" | "ungathered">,
): CampaignSummaryJson["counters"] {
  return {
    total: campaign.total + campaign.ungathered,
    sent: campaign.sent,
    blocked: campaign.blocked,
    deactivated: campaign.deactivated,
    unreachable: campaign.unreachable,
    failed: campaign.failed,
    skipped: campaign.skipped,
    uncertain: campaign.uncertain,
    left: progressOf(campaign).left,
  };
}

/** The actor of a number (`actorId`). */
export function actorToJson(
  number: number,
  names: ReadonlyMap<number, string>,
): CampaignSummaryJson["created_by"] {
  const name = names.get(number) ?? String(number);
  if (number === 0) return { type: "herald" };
  return number < 0 ? { type: "key", id: -number, name } : { type: "admin", id: number, name };
}
