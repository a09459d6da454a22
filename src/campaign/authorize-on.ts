import { type Actor, type BotAction, authorize } from "../access/actor.ts";
import type { HomeScope, Scope } from "../db/scope.ts";
import { DomainError } from "../errors.ts";
import { findBots, findScope } from "./queries.ts";

/** Who does what to which campaign. */
export interface CampaignDeed {
  actor: Actor;
  action: BotAction;
  /** The campaign's number. */
  id: number;
}

/**
 * Checks that the actor may do this to the campaign's bot, or to all bots of a draft, and returns the scope of the first. Somebody who may do nothing learns
 * nothing, not even whether there is such a campaign.
 * @throws DomainError `forbidden`, `bot-unknown`, `not-found`
 */
export async function authorizeOn(home: HomeScope, { actor, action, id }: CampaignDeed): Promise<Scope> {
  const scope = await findScope(home, id);
  const bots = await findBots(home, id);
  for (const botId of bots.length > 0 ? bots : [null]) await authorize(home, actor, { action, botId });
  if (!scope) throw new DomainError("not-found", { id });
  return scope;
}
