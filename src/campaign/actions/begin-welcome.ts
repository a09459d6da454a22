import { type Actor, authorize } from "../../access/actor.ts";
import { EVERYONE } from "../../audience/segment/audience.ts";
import { forNewCampaign } from "../../content/button-ids.ts";
import { type HomeScope, scopeOf } from "../../db/scope.ts";
import type { Campaign } from "../campaign.ts";
import { insertDraft } from "../new-draft.ts";
import type { Welcome } from "../welcome/welcome-store.ts";

/**
 * A draft with the post of a welcome, which it will replace once it is set. `originKey` as in NewDraft.
 * @throws DomainError `forbidden`, `bot-unknown`
 */
export async function beginWelcome(
  home: HomeScope,
  actor: Actor,
  { botId, source, content }: Welcome,
  originKey: string,
): Promise<Campaign> {
  await authorize(home, actor, { action: "create-draft", botId });
  return insertDraft(scopeOf(home, { botId }), actor, {
    content: forNewCampaign(content),
    audience: EVERYONE,
    welcomeFor: source,
    originKey,
  });
}
