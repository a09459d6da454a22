import { type Actor, actorId } from "../../access/actor.ts";
import { record } from "../../access/audit.ts";
import { senders } from "../../db/schema.ts";
import { DomainError } from "../../errors.ts";
import { fetchManagedToken } from "../managed-token.ts";
import { type Sender, toSender } from "../sender.ts";
import { type Introduced, findSender } from "../sender-store.ts";
import type { SendersParts } from "../senders-parts.ts";
import { refuseTaken } from "./add-sender.ts";
import { authorizeSenders, changeSenders } from "./change-senders.ts";

export interface AddedManaged {
  sender: Sender;
  /** False if it was there already: Telegram may say twice that a bot was made. */
  isNew: boolean;
  /** Why its token could not be had; null if it could. */
  lacking: DomainError | null;
}

/**
 * Adds a bot that was just made to be managed by the home. Herald answers it: nobody else has its token yet. No method of
 * the Bot API lists managed bots, so it is added even if its token cannot be had right now.
 * @throws DomainError `forbidden`, `bot-leaving`, `bot-elsewhere`
 */
export async function addManagedSender(
  parts: SendersParts,
  actor: Actor,
  { id: botId, first_name: name, username }: Introduced,
): Promise<AddedManaged> {
  await authorizeSenders(parts, actor);
  const { sealedToken, lacking } = await sealedOf(parts, botId);
  return changeSenders(parts, actor, async (tx) => {
    const [row] = await tx.db
      .insert(senders)
      .values({
        botId,
        homeId: tx.homeId,
        name,
        username: username ?? null,
        sealedToken,
        managed: true,
        handling: "answers",
        addedBy: actorId(actor),
      })
      .onConflictDoNothing()
      .returning();
    if (row) {
      await record(tx, actor, "sender.added", botId);
      return { sender: toSender(row), isNew: true, lacking };
    }
    const known = await findSender(tx, botId);
    if (known) return { sender: known, isNew: false, lacking: null };
    await refuseTaken(tx, botId);
    throw new DomainError("bot-leaving"); // it is gone by now
  });
}

async function sealedOf(
  parts: SendersParts,
  botId: number,
): Promise<{ sealedToken: string | null; lacking: DomainError | null }> {
  try {
    const token = await fetchManagedToken(parts, botId);
    return { sealedToken: await parts.vault.seal(botId, token), lacking: null };
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    return { sealedToken: null, lacking: error };
  }
}
