import { and, isNotNull } from "drizzle-orm";
import { type Actor, authorize } from "../../access/actor.ts";
import type { Scope } from "../../db/scope.ts";
import { campaigns } from "../../db/schema.ts";
import type { Campaign } from "../campaign.ts";
import { type PreviewResult, storedFaults } from "../preview-faults.ts";
import { is } from "../transition.ts";

/**
 * Keeps with a draft what Telegram said when its post was shown to an admin, in place of what it said before. Until the
 * post looks different, or a later preview goes through, nobody can launch what Telegram refused.
 * @throws DomainError `forbidden`
 */
export async function recordPreview(
  scope: Scope,
  actor: Actor,
  draft: Pick<Campaign, "id" | "content" | "audience">,
  results: readonly PreviewResult[],
): Promise<void> {
  await authorize(scope, actor, "record-preview");
  const previewFaults = storedFaults(draft, results);
  await scope.db
    .update(campaigns)
    .set({ previewFaults })
    // Nearly always there is nothing to keep, and nothing kept.
    .where(
      and(is(scope, draft.id, ["draft"]), previewFaults ? undefined : isNotNull(campaigns.previewFaults)),
    );
}
