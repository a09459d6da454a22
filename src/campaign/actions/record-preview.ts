import { and, isNotNull } from "drizzle-orm";
import { type Actor, authorize } from "../../access/actor.ts";
import { type HomeScope, scopeOf } from "../../db/scope.ts";
import { campaigns } from "../../db/schema.ts";
import type { Campaign } from "../campaign.ts";
import { type PreviewResult, storedFaults } from "../preview-faults.ts";
import { is } from "../transition.ts";

/**
 * Stores with a draft what Telegram said when its post was previewed, replacing the previous result. What Telegram
 * refused cannot be launched until the post looks different, or a later preview succeeds.
 * @throws DomainError `forbidden`
 */
export async function recordPreview(
  home: HomeScope,
  actor: Actor,
  draft: Pick<Campaign, "botId" | "id" | "content" | "audience">,
  results: readonly PreviewResult[],
): Promise<void> {
  await authorize(home, actor, { action: "record-preview", botId: draft.botId });
  const previewFaults = storedFaults(draft, results);
  await home.db
    .update(campaigns)
    .set({ previewFaults })
    // Usually there is nothing to store, and nothing stored.
    .where(
      and(
        is(scopeOf(home, draft), draft.id, ["draft"]),
        previewFaults ? undefined : isNotNull(campaigns.previewFaults),
      ),
    );
}
