import { type Actor, type BotAction, authorize } from "../access/actor.ts";
import type { HomeScope, Scope } from "../db/scope.ts";
import { DomainError } from "../errors.ts";
import { findScope } from "./queries.ts";

/** Who does what to which campaign. */
export interface CampaignDeed {
  actor: Actor;
  action: BotAction;
  /** The campaign's number. */
  id: number;
}

/**
 * Checks that the actor may do this to the campaign's bot, and returns the bot's scope. Somebody who may do nothing learns
 * nothing, not even whether there is such a campaign.
 * @throws DomainError `forbidden`, `bot-unknown`, `not-found`
 */
export async function authorizeOn(home: HomeScope, { actor, action, id }: CampaignDeed): Promise<Scope> {
  const scope = await findScope(home, id);
  await authorize(home, actor, { action, botId: scope?.botId ?? null });
  if (!scope) throw new DomainError("not-found", { id });
  return scope;
}
