import type { HomeScope, Scope } from "../db/scope.ts";
import { isBundleOver, listBundle, lockBundle, stateOfBundle, subjectOfBundle } from "./bundle.ts";
import type { Campaign } from "./campaign.ts";
import { noteMilestone } from "./news/news.ts";
import { findOwnCampaign } from "./queries.ts";

/* When a bundle begins and ends: with the first of its campaigns, and with the last. */

/** Locks the bundle of a campaign, if it has one, as lockBundle() does. */
export async function lockBundleOf(tx: Scope, id: number): Promise<Campaign[]> {
  return lockBundle(tx, (await findOwnCampaign(tx, id))?.bundleId ?? null);
}

/** Records that a campaign began by itself; of a bundle, as it was `before`, only that the first one did. */
export async function noteBegun(
  tx: HomeScope,
  { id, bundleId }: Campaign,
  before: readonly Campaign[],
  now: Date,
): Promise<void> {
  if (bundleId === null) return noteMilestone(tx, id, "began", now);
  if (before.some(({ startedAt }) => startedAt !== null)) return;
  await noteMilestone(tx, subjectOfBundle(bundleId), "began", now, { ids: idsOf(before) });
}

/**
 * Records that a campaign has ended; of a bundle, that all of it has, unless all of it was cancelled. `by` cancelled the last
 * one, and is looking at it. Call it with the bundle locked.
 */
export async function noteEnded(
  tx: HomeScope,
  { id, bundleId }: Campaign,
  now: Date,
  by?: number,
): Promise<void> {
  if (bundleId === null) return noteMilestone(tx, id, "ended", now);
  const bundle = await listBundle(tx, bundleId);
  if (!isBundleOver(bundle) || stateOfBundle(bundle) !== "finished") return;
  await noteMilestone(tx, subjectOfBundle(bundleId), "ended", now, { ids: idsOf(bundle), by });
}

function idsOf(bundle: readonly Campaign[]): number[] {
  return bundle.map(({ id }) => id);
}
