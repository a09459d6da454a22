import { type Actor, authorize } from "../../access/actor.ts";
import type { Scope } from "../../db/scope.ts";
import type { Campaign } from "../campaign.ts";
import { type NewDraft, insertDraft } from "../new-draft.ts";

/**
 * Saves a new draft, whose author the actor is.
 * @throws DomainError `forbidden`
 */
export async function createDraft(
  scope: Scope,
  actor: Actor,
  draft: Omit<NewDraft, "changes" | "changesRevision">,
): Promise<Campaign> {
  await authorize(scope, actor, "create-draft");
  return insertDraft(scope, actor, draft);
}
