import { and, eq } from "drizzle-orm";
import { type Actor, actorId } from "../../access/actor.ts";
import type { HomeScope, Scope } from "../../db/scope.ts";
import { campaigns } from "../../db/schema.ts";
import type { CampaignState } from "../../db/states.ts";
import { lockBundleOf, noteEnded } from "../bundle-milestones.ts";
import { type Campaign, isOver } from "../campaign.ts";
import { noteAction } from "../news/news.ts";
import { endSeries, lockSeries, makeNextRun } from "../series.ts";
import { steerCampaign } from "../steering.ts";
import { conflict, tryMove } from "../transition.ts";
import { countUnfrozen } from "../unfrozen.ts";

/**
 * Ends a campaign permanently; what was sent stays sent. If it is a run of a series, only this run ends; if it had not
 * started, the next run takes its place. `reason` is kept and shown.
 * @throws DomainError `forbidden`, `conflict`
 */
export async function cancel(
  home: HomeScope,
  actor: Actor,
  id: number,
  now: Date,
  reason: string | null = null,
): Promise<Campaign> {
  return steerCampaign(home, { actor, action: "cancel", id }, async (tx) => {
    await lockSeries(tx, id);
    const campaign = await end(tx, actor, id, now, reason);
    if (!campaign) throw await conflict(tx, id);
    return campaign;
  });
}

/**
 * Ends a series: no more runs follow, the scheduled one is cancelled, and so is this run if it is being sent. Returns
 * true if this run had not ended yet. A campaign that does not repeat is cancelled.
 * @throws DomainError `forbidden`, `not-found`, `conflict`
 */
export async function cancelSeries(
  home: HomeScope,
  actor: Actor,
  id: number,
  now: Date,
  reason: string | null = null,
): Promise<{ wasGoingOn: boolean }> {
  return steerCampaign(home, { actor, action: "cancel", id }, async (tx) => {
    const { state, seriesId } = await endSeries(tx, actor, id, now, reason);
    if (seriesId === null || isOver(state)) return { wasGoingOn: false };
    return { wasGoingOn: (await end(tx, actor, id, now, reason)) !== null };
  });
}

const OPEN = ["scheduled", "running", "paused"] as const satisfies readonly CampaignState[];

/** Null if it is already over. */
async function end(
  tx: Scope,
  actor: Actor,
  id: number,
  now: Date,
  cancelReason: string | null,
): Promise<Campaign | null> {
  await lockBundleOf(tx, id);
  const campaign = await tryCancel(tx, id, now, cancelReason);
  if (!campaign) return null;
  await noteAction(tx, campaign, "cancelled", actor);
  if (campaign.bundleId !== null) await noteEnded(tx, campaign, now, actorId(actor));
  return campaign;
}

/** Null if it is already over. Its series is to be locked before. */
export async function tryCancel(
  tx: Scope,
  id: number,
  now: Date,
  cancelReason: string | null,
): Promise<Campaign | null> {
  const campaign = await tryMove(tx, id, OPEN, "cancelled", { finishedAt: now, cancelReason });
  if (!campaign) return null;
  await makeNextRun(tx, campaign, now);
  // After the transition, so that no further chunk can be frozen.
  const ungathered = await countUnfrozen(tx, campaign);
  if (ungathered === 0) return campaign;
  await tx.db
    .update(campaigns)
    .set({ ungathered })
    .where(and(eq(campaigns.botId, tx.botId), eq(campaigns.id, id)));
  return { ...campaign, ungathered };
}
