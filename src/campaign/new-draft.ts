import { record } from "../access/audit.ts";
import { type Actor, actorId } from "../access/actor.ts";
import { withButtonIds } from "../content/button-ids.ts";
import { type Scope, inTransaction } from "../db/scope.ts";
import { campaigns } from "../db/schema.ts";
import { DomainError } from "../errors.ts";
import type { Campaign } from "./campaign.ts";
import { holdBot } from "./home-bots.ts";
import { toColumns } from "./json-columns.ts";
import { storedStep } from "./step-plan.ts";
import { keepNumbers, lockNumbers, nextNumber } from "./numbering.ts";
import { findByOrigin, toCampaign } from "./queries.ts";

/** The content of a draft. Without `startsAt` it is sent at once; see the columns of `campaigns`. */
export type Draft = Pick<Campaign, "content" | "audience"> &
  Partial<
    Pick<
      Campaign,
      | "startsAt"
      | "category"
      | "window"
      | "latePolicy"
      | "recurrence"
      | "bots"
      | "eachOnce"
      | "codePool"
      | "codeRound"
    >
  >;

/**
 * A draft to be saved. `originKey` names where it comes from, such as an update: if that is handled twice (after a
 * crash before the dialog's state was written), the existing draft is returned. `originDigest` tells whether it is the same.
 */
export type NewDraft = Draft &
  Pick<Campaign, "originKey"> &
  Partial<
    Pick<Campaign, "originDigest" | "changes" | "changesRevision" | "bundleId" | "welcomeFor" | "step">
  >;

/**
 * Saves a draft of the scope's bot with the actor as its author, for the actions that create one. They check the permission.
 * One of several bots keeps the numbers after its own for the campaigns of the others.
 * @throws DomainError `origin-reused` if the same origin has created a draft from something else; `bot-unknown` if the bot
 *   is removed
 */
export async function insertDraft(scope: Scope, actor: Actor, draft: NewDraft): Promise<Campaign> {
  return inTransaction(scope, async (tx) => {
    await holdBot(tx);
    await lockNumbers(tx);
    // Only under the lock, so that the second of two handlers of the same update sees what the first created.
    const existing = await findByOrigin(tx, draft.originKey);
    const isSame = existing?.originDigest === (draft.originDigest ?? null) && existing.botId === tx.botId;
    if (existing && !isSame) throw new DomainError("origin-reused", { id: existing.id });
    if (existing) return existing;
    const id = await nextNumber(tx);
    const { step, ...others } = draft;
    const numbers = draft.bots ? await keepNumbers(tx, [], draft.bots.length - 1) : null;
    const [row] = await tx.db
      .insert(campaigns)
      .values({
        homeId: tx.homeId,
        botId: tx.botId,
        id,
        ...toColumns({ ...others, content: withButtonIds(draft.content) }),
        ...(step && { step: storedStep.store(step) }),
        numbers,
        createdBy: actorId(actor),
      })
      .returning();
    if (!row) throw new Error("an insert returned no row");
    await record(tx, actor, "campaign.created", id);
    return toCampaign(row);
  });
}
