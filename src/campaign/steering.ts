import { type HomeScope, type Scope, inTransaction } from "../db/scope.ts";
import { type CampaignDeed, authorizeOn } from "./authorize-on.ts";

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

/** As steer(), for campaigns of several bots. */
export async function steerAll<T>(
  home: HomeScope,
  bots: readonly number[],
  work: (tx: HomeScope) => Promise<T>,
): Promise<T> {
  const steered = await inTransaction(home, async (tx) => {
    const result = await work(tx);
    for (const botId of bots) await tx.nudges?.send(tx.db, botId, "campaigns");
    return result;
  });
  for (const botId of bots) home.onSteered?.(botId);
  return steered;
}

/**
 * As steer(), for the bot that the campaign belongs to, if the actor may do this.
 * @throws DomainError `forbidden`, `bot-unknown`, `not-found`
 */
export async function steerCampaign<T>(
  home: HomeScope,
  deed: CampaignDeed,
  work: (tx: Scope) => Promise<T>,
): Promise<T> {
  return steer(await authorizeOn(home, deed), work);
}
