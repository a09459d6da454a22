import { record } from "../access/audit.ts";
import { type Actor, actorId } from "../access/actor.ts";
import { withButtonIds } from "../content/button-ids.ts";
import { type Scope, inTransaction } from "../db/scope.ts";
import { campaigns } from "../db/schema.ts";
import type { Campaign } from "./campaign.ts";
import { toColumns } from "./json-columns.ts";
import { lockNumbers, nextNumber } from "./numbering.ts";
import { findByOrigin, toCampaign } from "./queries.ts";

/** What a draft holds. Without `startsAt` it is to be sent at once; see the columns of `campaigns`. */
export type Draft = Pick<Campaign, "content" | "audience"> &
  Partial<Pick<Campaign, "startsAt" | "window" | "latePolicy" | "recurrence">>;

/**
 * A draft to be saved. `originKey` names what it comes from, such as an update: when that is handled twice (a crash
 * before the dialog's state was written), it finds the draft that it already made.
 */
export type NewDraft = Draft &
  Pick<Campaign, "originKey"> &
  Partial<Pick<Campaign, "changes" | "changesRevision">>;

/** Saves a draft of the actor's own, for the actions that make one. They have checked that the actor may. */
export async function insertDraft(scope: Scope, actor: Actor, draft: NewDraft): Promise<Campaign> {
  return inTransaction(scope, async (tx) => {
    await lockNumbers(tx);
    // Only now: of two that handle the same update, the second sees what the first made.
    const existing = await findByOrigin(tx, draft.originKey);
    if (existing) return existing;
    const id = await nextNumber(tx);
    const [row] = await tx.db
      .insert(campaigns)
      .values({
        botId: tx.botId,
        id,
        ...toColumns({ ...draft, content: withButtonIds(draft.content) }),
        createdBy: actorId(actor),
      })
      .returning();
    if (!row) throw new Error("an insert returned no row");
    await record(tx, actor, "campaign.created", id);
    return toCampaign(row);
  });
}
