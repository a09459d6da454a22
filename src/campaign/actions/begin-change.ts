import type { Actor } from "../../access/actor.ts";
import { authorizeOn } from "../authorize-on.ts";
import { type HomeScope, scopeOf } from "../../db/scope.ts";
import { type Campaign, canBeChanged } from "../campaign.ts";
import { insertDraft } from "../new-draft.ts";
import { getCampaign } from "../queries.ts";
import { conflict } from "../transition.ts";

/**
 * Creates a draft that edits a scheduled campaign and is saved as a whole; until then the campaign stays unchanged and
 * starts when it is due. If the campaign is paused half-way, only its post can be edited.
 * `originKey` as in NewDraft.
 * @throws DomainError `forbidden`, `not-found`; `conflict` when it is neither
 */
export async function beginChange(
  home: HomeScope,
  actor: Actor,
  id: number,
  originKey: string,
): Promise<Campaign> {
  await authorizeOn(home, { actor, action: "begin-change", id });
  const campaign = await getCampaign(home, id);
  if (!canBeChanged(campaign)) throw await conflict(home, id);
  const { content, audience, category, startsAt, window, latePolicy, recurrence, revision } = campaign;
  const whole = { content, audience, category, startsAt, window, latePolicy, recurrence };
  return insertDraft(scopeOf(home, campaign), actor, {
    ...whole,
    codePool: campaign.codePool,
    codeRound: campaign.codeRound,
    originKey,
    changes: id,
    bundleId: campaign.bundleId,
    eachOnce: campaign.eachOnce,
    changesRevision: revision,
  });
}
