import { type Actor, authorize } from "../../access/actor.ts";
import { record } from "../../access/audit.ts";
import { holdForgotten, insertForgotten } from "../../audience/forgotten.ts";
import { removePerson } from "../../audience/person-change.ts";
import { type Scope, inTransaction } from "../../db/scope.ts";
import { eraseFromBundles } from "../erase-from-bundles.ts";
import { eraseInboxOf } from "../../inbox/inbox-of-person.ts";
import { eraseDeparturesOf } from "../left-by-post.ts";
import { forgetCodesOf } from "../return-codes.ts";
import { eraseVotesOf } from "../votes/votes-of-person.ts";

/**
 * Erases a person: only they themselves can return, with /start. False if nothing was known.
 * @throws DomainError `forbidden`
 */
export async function eraseRecipient(scope: Scope, actor: Actor, chatId: number): Promise<boolean> {
  return inTransaction(scope, async (tx) => {
    await authorize(tx, actor, { action: "erase-recipient", botId: tx.botId });
    const wasKnown = await erase(tx, chatId);
    if (wasKnown) await record(tx, actor, "recipient.erased", chatId);
    return wasKnown;
  });
}

/** As eraseRecipient(), at the person's own request. */
export async function forgetMe(own: Scope, userId: number): Promise<boolean> {
  return inTransaction(own, (tx) => erase(tx, userId));
}

/**
 * Deletes what a bot knows of a person: their record with tags and attributes, the lists that they are on, who they voted
 * for, what they answered in polls, by which posts they left, where in the inbox they are, and that a post to several bots had
 * them. Counters stay. Deliveries hold nothing but the id, and stay as long as those of others; what is still to be sent to the
 * person is skipped. test/campaign/erasure.test.ts says of each table what becomes of it.
 */
async function erase(tx: Scope, chatId: number): Promise<boolean> {
  await holdForgotten(tx, "exclusive");
  const wasListed = await removePerson(tx, chatId);
  const votes = await eraseVotesOf(tx, chatId);
  const departures = await eraseDeparturesOf(tx, chatId);
  await forgetCodesOf(tx, chatId);
  await eraseFromBundles(tx, chatId);
  const hasWritten = await eraseInboxOf(tx, chatId);
  const wasKnown = wasListed || votes > 0 || departures > 0 || hasWritten;
  if (wasKnown) await insertForgotten(tx, chatId);
  return wasKnown;
}
