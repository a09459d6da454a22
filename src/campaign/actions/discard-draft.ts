import { type Actor, authorize } from "../../access/actor.ts";
import { record } from "../../access/audit.ts";
import { type HomeScope, inTransaction } from "../../db/scope.ts";
import { campaigns } from "../../db/schema.ts";
import { findScope } from "../queries.ts";
import { is } from "../transition.ts";

/**
 * Deletes a draft. Returns false if there is no such draft.
 * @throws DomainError `forbidden`
 */
export async function discardDraft(home: HomeScope, actor: Actor, id: number): Promise<boolean> {
  return inTransaction(home, async (tx) => {
    const scope = await findScope(tx, id);
    await authorize(tx, actor, { action: "discard-draft", botId: scope?.botId ?? null });
    if (!scope) return false;
    const gone = await tx.db
      .delete(campaigns)
      .where(is(scope, id, ["draft"]))
      .returning({ id: campaigns.id });
    if (gone.length > 0) await record(tx, actor, "campaign.discarded", id);
    return gone.length > 0;
  });
}
