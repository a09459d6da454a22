import { type Actor, authorize } from "../../access/actor.ts";
import { forNewCampaign } from "../../content/button-ids.ts";
import type { Scope } from "../../db/scope.ts";
import type { Campaign } from "../campaign.ts";
import { insertDraft } from "../new-draft.ts";
import { getCampaign } from "../queries.ts";

/**
 * A new draft with the same post, audience and hours. `originKey` and `originDigest` as in NewDraft.
 * @throws DomainError `forbidden`, `not-found`
 */
export async function duplicate(
  scope: Scope,
  actor: Actor,
  id: number,
  originKey: string,
  originDigest: string | null = null,
): Promise<Campaign> {
  await authorize(scope, actor, "duplicate");
  const { content, audience, window } = await getCampaign(scope, id);
  const draft = { content: forNewCampaign(content), audience, window };
  return insertDraft(scope, actor, { ...draft, originKey, originDigest });
}
