import { and, eq, sql } from "drizzle-orm";
import type { Actor } from "../../access/actor.ts";
import { authorizeOn } from "../authorize-on.ts";
import { record } from "../../access/audit.ts";
import { isForChats } from "../../audience/segment/audience.ts";
import { withButtonIds } from "../../content/button-ids.ts";
import { type HomeScope, inTransaction } from "../../db/scope.ts";
import { campaigns } from "../../db/schema.ts";
import { DomainError } from "../../errors.ts";
import type { Campaign } from "../campaign.ts";
import { toColumns } from "../json-columns.ts";
import type { Draft } from "../new-draft.ts";
import { rememberNewFiles } from "../own-files.ts";
import { getDraft, toCampaign } from "../queries.ts";
import { checkCategory } from "../settings.ts";
import { changed, is } from "../transition.ts";

/**
 * Changes a draft if it is still at `revision`, so that of two concurrent edits the second is refused instead of
 * undoing the first.
 * @throws DomainError `forbidden`, `not-found`; `conflict` once it is no longer a draft, `changed` when it is not at that revision;
 *   `bots-for-chats`, `category-unknown`
 */
export async function editDraft(
  home: HomeScope,
  actor: Actor,
  { id, revision }: Pick<Campaign, "id" | "revision">,
  change: Partial<Omit<Draft, "bots">>,
): Promise<Campaign> {
  return inTransaction(home, async (tx) => {
    const scope = await authorizeOn(tx, { actor, action: "edit-draft", id });
    const draft = await getDraft(tx, id);
    if (draft.bots && change.audience && isForChats(change.audience)) throw new DomainError("bots-for-chats");
    // One that was removed since the draft got it may stay.
    if (change.category !== draft.category) await checkCategory(tx, change.category);
    const before = change.content && draft.content;
    const content = change.content && withButtonIds(change.content, before);
    const [row] = await tx.db
      .update(campaigns)
      .set({
        ...toColumns({ ...change, ...(content && { content }) }),
        revision: revision + 1,
        updatedAt: sql`now()`,
      })
      .where(and(is(scope, id, ["draft"]), eq(campaigns.revision, revision)))
      .returning();
    if (!row) throw await changed(tx, id);
    if (content) await rememberNewFiles(tx, content, before);
    await record(tx, actor, "campaign.edited", id);
    return toCampaign(row);
  });
}
