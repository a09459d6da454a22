import { type Actor, authorize } from "../../access/actor.ts";
import { record } from "../../access/audit.ts";
import { type PersonChange, changePerson, putPerson, retagPeople } from "../../audience/person-change.ts";
import { type Scope, inTransaction } from "../../db/scope.ts";

/**
 * Adds a person to the list, or changes the one that is there; true if they were added.
 * @throws DomainError `forbidden`
 */
export async function putRecipient(
  scope: Scope,
  actor: Actor,
  chatId: number,
  change: PersonChange,
): Promise<boolean> {
  return inTransaction(scope, async (tx) => {
    await authorize(tx, actor, { action: "change-recipient", botId: tx.botId });
    const isNew = await putPerson(tx, chatId, change);
    await record(tx, actor, "recipient.changed", chatId);
    return isNew;
  });
}

/**
 * Changes a person on the list; false if there is none.
 * @throws DomainError `forbidden`
 */
export async function changeRecipient(
  scope: Scope,
  actor: Actor,
  chatId: number,
  change: PersonChange,
): Promise<boolean> {
  return inTransaction(scope, async (tx) => {
    await authorize(tx, actor, { action: "change-recipient", botId: tx.botId });
    const isKnown = await changePerson(tx, chatId, change);
    if (isKnown) await record(tx, actor, "recipient.changed", chatId);
    return isKnown;
  });
}

/**
 * Adds tags to people on the list, and takes others from them; resolves with how many changed by that.
 * @throws DomainError `forbidden`
 */
export async function retagRecipients(
  scope: Scope,
  actor: Actor,
  chatIds: readonly number[],
  change: Parameters<typeof retagPeople>[2],
): Promise<number> {
  return inTransaction(scope, async (tx) => {
    await authorize(tx, actor, { action: "change-recipient", botId: tx.botId });
    const changed = await retagPeople(tx, chatIds, change);
    if (changed > 0) await record(tx, actor, "recipients.tagged", null);
    return changed;
  });
}
