import type { Actor } from "../../access/actor.ts";
import { authorizeOn } from "../authorize-on.ts";
import { forNewCampaign } from "../../content/button-ids.ts";
import { type HomeScope, scopeOf } from "../../db/scope.ts";
import type { Campaign } from "../campaign.ts";
import { insertDraft } from "../new-draft.ts";
import { getCampaign } from "../queries.ts";

/**
 * A new draft of the same bot or, of a draft, the same bots, with the same post, audience, category and hours. `originKey` and `originDigest` as in NewDraft.
 * @throws DomainError `forbidden`, `not-found`; `bot-unknown` when the bot is removed
 */
export async function duplicate(
  home: HomeScope,
  actor: Actor,
  id: number,
  originKey: string,
  originDigest: string | null = null,
): Promise<Campaign> {
  await authorizeOn(home, { actor, action: "duplicate", id });
  const original = await getCampaign(home, id);
  const { content, audience, category, window, bots, eachOnce, codePool, codeRound } = original;
  // Who has a code keeps it.
  const codes = { codePool, codeRound };
  const draft = { content: forNewCampaign(content), audience, category, window, bots, eachOnce, ...codes };
  return insertDraft(scopeOf(home, original), actor, { ...draft, originKey, originDigest });
}
