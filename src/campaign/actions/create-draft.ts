import { type Actor, authorize } from "../../access/actor.ts";
import { type Scope, inTransaction } from "../../db/scope.ts";
import type { Campaign } from "../campaign.ts";
import { type NewDraft, insertDraft } from "../new-draft.ts";
import { rememberNewFiles } from "../own-files.ts";

/**
 * Saves a new draft with the actor as its author.
 * @throws DomainError `forbidden`
 */
export async function createDraft(
  scope: Scope,
  actor: Actor,
  draft: Omit<NewDraft, "changes" | "changesRevision">,
): Promise<Campaign> {
  return inTransaction(scope, async (tx) => {
    await authorize(tx, actor, "create-draft");
    await rememberNewFiles(tx, draft.content);
    return insertDraft(tx, actor, draft);
  });
}
