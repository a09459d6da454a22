import { isNull, sql } from "drizzle-orm";
import type { Actor } from "../../access/actor.ts";
import type { HomeScope } from "../../db/scope.ts";
import { campaigns } from "../../db/schema.ts";
import { DomainError } from "../../errors.ts";
import type { Campaign } from "../campaign.ts";
import { holdBot } from "../home-bots.ts";
import { noteAction } from "../news/news.ts";
import { toCampaign } from "../queries.ts";
import { recount, reviveRetryable } from "../revive.ts";
import { steerCampaign } from "../steering.ts";
import { goneOrConflict, tryMove } from "../transition.ts";

/**
 * Sends a finished campaign again to those it failed to reach (and can reach now) or, only on request, to those who may or
 * may not have received it.
 * @throws DomainError `forbidden`; `conflict` when it is not finished, `details-gone` when its deliveries were dropped,
 *   `nobody` when there is nobody to retry, `bot-unknown` when its bot is removed
 */
export async function retry(
  home: HomeScope,
  actor: Actor,
  id: number,
  which: "failed" | "uncertain",
): Promise<Campaign> {
  return steerCampaign(home, { actor, action: "retry", id }, async (tx) => {
    const idle = sql`greatest(0, extract(epoch from now() - ${campaigns.finishedAt}))::int`;
    const change = { finishedAt: null, idleSeconds: sql`${campaigns.idleSeconds} + ${idle}` };
    // In the same UPDATE as the transition, because the deletion of old deliveries updates the same row first.
    const kept = isNull(campaigns.detailsDroppedAt);
    const campaign = await tryMove(tx, id, "finished", "running", change, kept);
    if (!campaign) throw await goneOrConflict(tx, id);
    if ((await reviveRetryable(tx, id, which)) === 0) throw new DomainError("nobody", { id });
    await noteAction(tx, campaign, "retried", actor);
    const recounted = toCampaign(await recount(tx, id));
    // Last, because the above takes long with many people, and the lease of the bot has to be renewed meanwhile.
    await holdBot(tx);
    return recounted;
  });
}
