import { type Actor, authorize } from "../../access/actor.ts";
import { record } from "../../access/audit.ts";
import { removePerson } from "../../audience/person-change.ts";
import { type Scope, inTransaction } from "../../db/scope.ts";
import { eraseDeparturesOf } from "../left-by-post.ts";
import { eraseVotesOf } from "../votes/votes-of-person.ts";

/**
 * Erases a person: their record, who they voted for, what they answered in polls, and by which posts they left. Counters stay. Deliveries hold
 * nothing but the id, and stay as long as those of others; what is still to be sent to the person is skipped. False if
 * nothing was known.
 * @throws DomainError `forbidden`
 */
export async function eraseRecipient(scope: Scope, actor: Actor, chatId: number): Promise<boolean> {
  return inTransaction(scope, async (tx) => {
    await authorize(tx, actor, { action: "erase-recipient", botId: tx.botId });
    const wasListed = await removePerson(tx, chatId);
    const votes = await eraseVotesOf(tx, chatId);
    const departures = await eraseDeparturesOf(tx, chatId);
    const wasKnown = wasListed || votes > 0 || departures > 0;
    if (wasKnown) await record(tx, actor, "recipient.erased", chatId);
    return wasKnown;
  });
}
