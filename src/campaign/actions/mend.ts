import type { Actor } from "../../access/actor.ts";
import { authorizeOn } from "../authorize-on.ts";
import { type HomeScope, scopeOf } from "../../db/scope.ts";
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
  home: HomeScope,
  actor: Actor,
  { id, revision }: Pick<Campaign, "id" | "revision">,
): Promise<Campaign> {
  await authorizeOn(home, { actor, action: "mend", id });
  const draft = await getDraft(home, id);
  if (!(await isSendable(home, draft))) throw new DomainError("unsendable", { id });
  return replacePost(scopeOf(home, draft), actor, { id, revision });
}
