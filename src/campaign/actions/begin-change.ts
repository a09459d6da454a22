import type { Actor } from "../../access/actor.ts";
import { authorizeOn } from "../authorize-on.ts";
import { asDraft } from "../../content/button-ids.ts";
import { type HomeScope, scopeOf } from "../../db/scope.ts";
import { type Campaign, canBeChanged } from "../campaign.ts";
import { insertDraft } from "../new-draft.ts";
import { getCampaign } from "../queries.ts";
import { canEditSent, checkEditable } from "../sent-edits.ts";
import { conflict } from "../transition.ts";

/**
 * Creates a draft that edits a scheduled campaign and is saved as a whole; until then the campaign stays unchanged and
 * starts when it is due. If the campaign has started, only its post can be edited: for those who are left while it is paused
 * half-way, or everywhere.
 * `originKey` as in NewDraft.
 * @throws DomainError `forbidden`, `not-found`; `conflict` when there is nothing to change, `not-editable` when only sent
 *   posts are left to edit, and Telegram cannot edit those
 */
export async function beginChange(
  home: HomeScope,
  actor: Actor,
  id: number,
  originKey: string,
): Promise<Campaign> {
  await authorizeOn(home, { actor, action: "begin-change", id });
  const campaign = await getCampaign(home, id);
  if (!canBeChanged(campaign)) {
    if (!canEditSent(campaign)) throw await conflict(home, id);
    checkEditable(campaign, campaign);
  }
  const { content, audience, category, startsAt, window, latePolicy, recurrence, revision } = campaign;
  const whole = { content: asDraft(content), audience, category, startsAt, window, latePolicy, recurrence };
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
