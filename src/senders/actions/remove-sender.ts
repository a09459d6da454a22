import type { Actor } from "../../access/actor.ts";
import { record } from "../../access/audit.ts";
import { forgetBot } from "../../access/bot-limits.ts";
import { cancel, cancelSeries } from "../../campaign/actions/cancel.ts";
import type { Campaign } from "../../campaign/campaign.ts";
import { leaveDrafts } from "../../campaign/leave-drafts.ts";
import { listOpen } from "../../campaign/queries.ts";
import { senders } from "../../db/schema.ts";
import type { HomeScope } from "../../db/scope.ts";
import { DomainError } from "../../errors.ts";
import { countKnown, isNamedBy, mustNameIt, nameToType } from "../loss.ts";
import { isSender } from "../sender-store.ts";
import { removeOwnWebhook } from "../../telegram/webhook.ts";
import type { SendersParts } from "../senders-parts.ts";
import { authorizeSenders, changeSenders, getOtherSender } from "./change-senders.ts";

/** What somebody agreed to before a sender is removed. */
export interface Removal {
  botId: number;
  /** The numbers of the open campaigns that they were shown. */
  ending: readonly number[];
  /** What they typed as the bot's name; null if they only tapped. */
  typed: string | null;
}

/**
 * Removes a sender. Its open campaigns are cancelled, its token is deleted at once, and everything else of it in the
 * background: senders/purge.ts. A campaign that was shown and is over by now holds nothing up. Herald's own webhook is removed
 * as well, if Telegram can be asked.
 * @throws DomainError `forbidden`, `bot-unknown`, `bot-is-home`, `bot-configured`, `bot-removal-not-typed`,
 *   `bot-campaigns-moved` if a campaign would end that was not shown
 */
export async function removeSender(
  parts: SendersParts,
  actor: Actor,
  { botId, ending: agreed, typed }: Removal,
  typedFrom: number,
): Promise<void> {
  const { home, vault, clock, apiOf } = parts;
  await authorizeSenders(parts, actor);
  const sender = await getOtherSender(home, botId);
  if (vault.configuredIds.includes(botId)) throw new DomainError("bot-configured");
  // Not in the transaction, which holds the bot's lease: counting ten million people takes seconds.
  const people = await countKnown(home, botId);
  await changeSenders(parts, actor, async (tx) => {
    const now = clock.now();
    const [row] = await tx.db
      .update(senders)
      .set({ removedAt: now, sealedToken: null })
      .where(isSender(tx, botId))
      .returning({ botId: senders.botId });
    if (!row) throw new DomainError("bot-unknown");
    await leaveDrafts(tx, botId);
    const ending = await listOpen(tx, botId);
    if (ending.some(({ id }) => !agreed.includes(id)))
      throw new DomainError("bot-campaigns-moved", { before: agreed.length, after: ending.length });
    if (mustNameIt({ people, ending }, typedFrom) && !(typed !== null && isNamedBy(sender, typed)))
      throw new DomainError("bot-removal-not-typed", { name: nameToType(sender) });
    await cancelAll(silent(tx), actor, ending, now);
    await forgetBot(tx, botId);
    await record(tx, actor, "sender.removed", botId);
  });
  home.onSteered?.(botId);
  const token = await vault.open(sender);
  // If Telegram is away, its posts are refused from now on, until another program sets a webhook or removes this one.
  if (token) await removeOwnWebhook(apiOf(token)).catch(() => undefined);
}

/** A run takes its series along, so that no other follows. */
async function cancelAll(tx: HomeScope, actor: Actor, ending: readonly Campaign[], now: Date): Promise<void> {
  const ended = new Set<number>();
  for (const { id, seriesId } of ending) {
    if (seriesId === null || ended.has(seriesId)) await cancelUnlessOver(tx, actor, id, now);
    else await cancelSeries(tx, actor, id, now);
    if (seriesId !== null) ended.add(seriesId);
  }
}

/** It may end by itself at any moment. */
async function cancelUnlessOver(tx: HomeScope, actor: Actor, id: number, now: Date): Promise<void> {
  try {
    await cancel(tx, actor, id, now);
  } catch (error) {
    if (!(error instanceof DomainError) || error.code !== "conflict") throw error;
  }
}

/** Without the call that says that campaigns have changed, which they have only once all of it is committed. */
function silent(home: HomeScope): HomeScope {
  const { onSteered: _, ...others } = home;
  return others;
}
