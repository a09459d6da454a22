import { type Actor, authorize } from "../../access/actor.ts";
import { type HomeScope, inTransaction } from "../../db/scope.ts";
import { DomainError } from "../../errors.ts";
import type { Sender } from "../sender.ts";
import { findSender } from "../sender-store.ts";
import type { SendersParts } from "../senders-parts.ts";

/**
 * Checks the actor, changes senders in one transaction, and lets all processes know.
 * @throws DomainError `forbidden`
 */
export async function changeSenders<T>(
  { home, onChanged }: SendersParts,
  actor: Actor,
  work: (tx: HomeScope) => Promise<T>,
): Promise<T> {
  const changed = await inTransaction(home, async (tx) => {
    await authorize(tx, actor, "manage-senders");
    const result = await work(tx);
    await tx.nudges?.send(tx.db, tx.homeId, "senders");
    return result;
  });
  onChanged();
  return changed;
}

/** Before Telegram is asked on somebody's behalf. @throws DomainError `forbidden` */
export async function authorizeSenders({ home }: SendersParts, actor: Actor): Promise<void> {
  await authorize(home, actor, "manage-senders");
}

/** @throws DomainError `bot-unknown` */
export async function getSender(home: HomeScope, botId: number): Promise<Sender> {
  const sender = await findSender(home, botId);
  if (!sender) throw new DomainError("bot-unknown");
  return sender;
}

/** Of the home itself, the configuration decides. @throws DomainError `bot-unknown`, `bot-is-home` */
export async function getOtherSender(home: HomeScope, botId: number): Promise<Sender> {
  const sender = await getSender(home, botId);
  if (sender.isHome) throw new DomainError("bot-is-home");
  return sender;
}
