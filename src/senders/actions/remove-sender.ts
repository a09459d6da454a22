import type { Actor } from "../../access/actor.ts";
import { record } from "../../access/audit.ts";
import { cancel, cancelSeries } from "../../campaign/actions/cancel.ts";
import { type Campaign, isOver } from "../../campaign/campaign.ts";
import { getCampaign, listOpen } from "../../campaign/queries.ts";
import { senders } from "../../db/schema.ts";
import type { HomeScope } from "../../db/scope.ts";
import { DomainError } from "../../errors.ts";
import { isSender } from "../sender-store.ts";
import type { SendersParts } from "../senders-parts.ts";
import { changeSenders, getOtherSender } from "./change-senders.ts";

/** The campaigns that end with a sender: those that are scheduled, running or paused. */
export async function listEnding(home: HomeScope, botId: number): Promise<Campaign[]> {
  return listOpen(home, botId);
}

/**
 * Removes a sender. Its open campaigns are cancelled, its token is deleted at once, and everything else of it in the
 * background: senders/purge.ts. `agreed` is the number of open campaigns that the confirmation named.
 * @throws DomainError `forbidden`, `bot-unknown`, `bot-is-home`, `bot-configured`, `bot-campaigns-moved`
 */
export async function removeSender(
  parts: SendersParts,
  actor: Actor,
  botId: number,
  agreed: number,
): Promise<void> {
  const { vault, clock } = parts;
  await changeSenders(parts, actor, async (tx) => {
    await getOtherSender(tx, botId);
    if (vault.configuredIds.includes(botId)) throw new DomainError("bot-configured");
    const now = clock.now();
    const [row] = await tx.db
      .update(senders)
      .set({ removedAt: now, sealedToken: null })
      .where(isSender(tx, botId))
      .returning({ botId: senders.botId });
    if (!row) throw new DomainError("bot-unknown");
    const ending = await listEnding(tx, botId);
    if (ending.length !== agreed)
      throw new DomainError("bot-campaigns-moved", { before: agreed, after: ending.length });
    await cancelAll(silent(tx), actor, ending, now);
    await record(tx, actor, "sender.removed", botId);
  });
  parts.home.onSteered?.(botId);
}

/** A run takes its series along, so that no other follows. */
async function cancelAll(tx: HomeScope, actor: Actor, ending: readonly Campaign[], now: Date): Promise<void> {
  for (const { id, seriesId } of ending)
    if (seriesId === null) await cancel(tx, actor, id, now);
    else if (!isOver((await getCampaign(tx, id)).state)) await cancelSeries(tx, actor, id, now);
}

/** Without the call that says that campaigns have changed, which they have only once all of it is committed. */
function silent(home: HomeScope): HomeScope {
  const { onSteered: _, ...others } = home;
  return others;
}
