import type { Actor } from "../access/actor.ts";
import { record } from "../access/audit.ts";
import { retagPeople } from "../audience/person-change.ts";
import { type Scope, inTransaction } from "../db/scope.ts";
import { changeThread } from "./inbox-threads.ts";

/*
 * What anyone in the group of the inbox may do to a person who wrote. They need not be admins: whoever sets the inbox chooses
 * the group. The door has checked that the actor is in it.
 */

/** Adds and removes tags. False if nothing changed by that, or the person is not on the list. */
export async function retagFromInbox(
  scope: Scope,
  actor: Actor,
  chatId: number,
  tags: { addedTags: readonly string[]; removedTags: readonly string[] },
): Promise<boolean> {
  return inTransaction(scope, async (tx) => {
    const isChanged = (await retagPeople(tx, [chatId], tags)) > 0;
    if (isChanged) await record(tx, actor, "recipient.changed", chatId);
    return isChanged;
  });
}

/** Keeps what the person writes out of the group from now on, or lets it in again. False if they were forgotten. */
export async function blockInInbox(
  scope: Scope,
  actor: Actor,
  chatId: number,
  blocked: boolean,
): Promise<boolean> {
  return inTransaction(scope, async (tx) => {
    const isThere = await changeThread(tx, chatId, { blocked });
    if (isThere) await record(tx, actor, blocked ? "inbox.blocked" : "inbox.unblocked", chatId);
    return isThere;
  });
}
