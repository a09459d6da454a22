import { sql } from "drizzle-orm";
import type { Actor } from "../../access/actor.ts";
import type { HomeScope, Scope } from "../../db/scope.ts";
import { campaigns } from "../../db/schema.ts";
import { DomainError } from "../../errors.ts";
import { type Campaign, hasNotStarted } from "../campaign.ts";
import { noteAction } from "../news/news.ts";
import { getCampaign, toCampaign } from "../queries.ts";
import { recount, reviveAlike } from "../revive.ts";
import { steerCampaign } from "../steering.ts";
import { conflict, tryMove } from "../transition.ts";

/**
 * Resumes a paused campaign; one that had not started waits for its time again. Once that time has passed, resuming is
 * refused, and only sendOverdue() is left. After a pause for `errors`, the failed deliveries are retried, and failures
 * no longer pause it, because someone has looked. The same goes for `incomplete`, but without the retry.
 * Without `now`, the database's clock counts.
 * @throws DomainError `forbidden`, `conflict`, `overdue`
 */
export async function resume(home: HomeScope, actor: Actor, id: number, now?: Date): Promise<Campaign> {
  return steerCampaign(home, { actor, action: "resume", id }, async (tx) => {
    const before = await getCampaign(tx, id);
    const campaign = await tryResume(tx, before, now);
    if (!campaign)
      throw before.state === "paused" && hasNotStarted(before)
        ? new DomainError("overdue", { id })
        : await conflict(tx, id);
    await noteAction(tx, campaign, "resumed", actor);
    return campaign;
  });
}

/** Null if it is not paused, or its time has passed. */
export async function tryResume(tx: Scope, before: Campaign, now?: Date): Promise<Campaign | null> {
  const by = now ? sql`${now.toISOString()}::timestamptz` : sql`now()`;
  const waived = before.pauseReason === "errors";
  const incomplete = before.pauseReason === "incomplete";
  const isScheduled = hasNotStarted(before);
  const campaign = await tryMove(
    tx,
    before.id,
    "paused",
    isScheduled ? "scheduled" : "running",
    {
      pauseReason: null,
      pauseDetail: null,
      pauseLanguage: null,
      ...(waived && { errorsWaived: true }),
      ...(incomplete && { incompleteWaived: true }),
    },
    isScheduled ? sql`${campaigns.startsAt} > ${by}` : undefined,
  );
  if (!campaign || !waived) return campaign;
  await reviveAlike(tx, before.id);
  return toCampaign(await recount(tx, before.id));
}
