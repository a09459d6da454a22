import { and, eq, sql } from "drizzle-orm";
import { type Actor, authorize } from "../../access/actor.ts";
import { record } from "../../access/audit.ts";
import { NOBODY, isForChats } from "../../audience/segment/audience.ts";
import { type HomeScope, inTransaction, scopeOf } from "../../db/scope.ts";
import { campaigns } from "../../db/schema.ts";
import { authorizeOn } from "../authorize-on.ts";
import type { Campaign } from "../campaign.ts";
import { checkBots } from "../draft-bots.ts";
import { toColumns } from "../json-columns.ts";
import { keepNumbers, lockNumbers } from "../numbering.ts";
import { getDraft, toCampaign } from "../queries.ts";
import { changed, conflict, is } from "../transition.ts";

/**
 * Chooses the bots that are to send a draft, in this order. Chats that were chosen belong to another bot then, and are no
 * longer chosen. A draft that comes to have several bots is one that each person gets once.
 * @throws DomainError `forbidden`, `not-found`; `conflict` when it is no draft, or a change of a campaign; `changed` when it
 *   is not at that revision; `bot-unknown`, `bots-too-many`
 */
export async function chooseBots(
  home: HomeScope,
  actor: Actor,
  { id, revision }: Pick<Campaign, "id" | "revision">,
  chosen: readonly number[],
): Promise<Campaign> {
  return inTransaction(home, async (tx) => {
    await authorizeOn(tx, { actor, action: "edit-draft", id });
    for (const botId of chosen) await authorize(tx, actor, { action: "edit-draft", botId });
    const draft = await getDraft(tx, id);
    if (draft.changes !== null) throw await conflict(tx, id);
    const audience = isForChats(draft.audience) ? NOBODY : draft.audience;
    const { botId, bots } = await checkBots(tx, chosen, audience);
    await lockNumbers(tx);
    const [row] = await tx.db
      .update(campaigns)
      .set({
        ...toColumns({ audience }),
        botId,
        bots,
        numbers: bots && (await keepNumbers(tx, draft.numbers ?? [], bots.length - 1)),
        eachOnce: bots !== null && (draft.bots === null || draft.eachOnce),
        revision: revision + 1,
        updatedAt: sql`now()`,
      })
      .where(and(is(scopeOf(tx, draft), id, ["draft"]), eq(campaigns.revision, revision)))
      .returning();
    if (!row) throw await changed(tx, id);
    await record(tx, actor, "campaign.edited", id);
    return toCampaign(row);
  });
}
