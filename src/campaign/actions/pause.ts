import { isNotNull, sql } from "drizzle-orm";
import type { Actor } from "../../access/actor.ts";
import type { HomeScope, Scope } from "../../db/scope.ts";
import { campaigns } from "../../db/schema.ts";
import type { Campaign } from "../campaign.ts";
import { noteAction } from "../news/news.ts";
import { steerCampaign } from "../steering.ts";
import { conflict, tryMove } from "../transition.ts";

/**
 * Pauses a campaign. A scheduled one is held until it is resumed, and its series with it.
 * @throws DomainError `forbidden`, `conflict`
 */
export async function pause(home: HomeScope, actor: Actor, id: number): Promise<Campaign> {
  return steerCampaign(home, { actor, action: "pause", id }, async (tx) => {
    const campaign = await tryPause(tx, id);
    if (!campaign) throw await conflict(tx, id);
    await noteAction(tx, campaign, "paused", actor);
    return campaign;
  });
}

/** Null if it is neither running nor scheduled, and no step of the series for newcomers. */
export async function tryPause(tx: Scope, id: number): Promise<Campaign | null> {
  const change = {
    pauseReason: "admin",
    pauseDetail: null,
    pauseLanguage: null,
    // A concurrent change must not silently schedule it again, so this makes saving it fail.
    revision: sql`${campaigns.revision} + case when ${campaigns.startedAt} is null then 1 else 0 end`,
  } as const;
  const campaign = await tryMove(tx, id, ["running", "scheduled"], "paused", change);
  return campaign ?? tryMove(tx, id, "finished", "paused", change, isNotNull(campaigns.step));
}
