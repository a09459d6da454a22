import { type Action, type Actor, authorize } from "../access/actor.ts";
import { type HomeScope, type Scope, inTransaction } from "../db/scope.ts";
import { getScope } from "./queries.ts";

/**
 * One transaction in which somebody moves campaigns of a bot or changes when they start. When it commits, the process that
 * sends them looks at once, whichever process it is.
 */
export async function steer<T>(scope: Scope, work: (tx: Scope) => Promise<T>): Promise<T> {
  const steered = await inTransaction(scope, async (tx) => {
    const result = await work(tx);
    await tx.nudges?.send(tx.db, tx.botId, "campaigns");
    return result;
  });
  scope.onSteered?.(scope.botId);
  return steered;
}

/** Who does what to which campaign. */
export interface Steering {
  actor: Actor;
  action: Action;
  /** The campaign's number. */
  id: number;
}

/**
 * As steer(), for the bot that the campaign belongs to, if the actor may do this.
 * @throws DomainError `forbidden`, `not-found`
 */
export async function steerCampaign<T>(
  home: HomeScope,
  { actor, action, id }: Steering,
  work: (tx: Scope) => Promise<T>,
): Promise<T> {
  await authorize(home, actor, action);
  return steer(await getScope(home, id), work);
}
