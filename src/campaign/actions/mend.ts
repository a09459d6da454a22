import { type Actor, authorize } from "../../access/actor.ts";
import type { Scope } from "../../db/scope.ts";
import { DomainError } from "../../errors.ts";
import { replacePost } from "../apply-changes.ts";
import type { Campaign } from "../campaign.ts";
import { isSendable } from "../findings.ts";
import { getDraft } from "../queries.ts";

/**
 * Replaces the post of a campaign that is paused half-way with that of its change draft, and deletes the draft. People who
 * have the old post keep it, and its buttons still work; the others get the new one once the campaign is resumed.
 * @throws DomainError `forbidden`, `unsendable`; `conflict` when the campaign is no longer paused; `changed`, of the draft
 *   or of its campaign, as `id` says
 */
export async function mend(
  scope: Scope,
  actor: Actor,
  { id, revision }: Pick<Campaign, "id" | "revision">,
): Promise<Campaign> {
  await authorize(scope, actor, "mend");
  if (!(await isSendable(scope, await getDraft(scope, id)))) throw new DomainError("unsendable", { id });
  return replacePost(scope, actor, { id, revision });
}
