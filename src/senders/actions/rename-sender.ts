import type { Actor } from "../../access/actor.ts";
import { record } from "../../access/audit.ts";
import { senders } from "../../db/schema.ts";
import { DomainError } from "../../errors.ts";
import { visibleName } from "../../person-name.ts";
import { LONGEST_NAME, type Sender, toSender } from "../sender.ts";
import { isSender } from "../sender-store.ts";
import type { SendersParts } from "../senders-parts.ts";
import { changeSenders } from "./change-senders.ts";

/**
 * Changes what admins call a sender. People do not see it.
 * @throws DomainError `forbidden`, `bot-unknown`, `bot-name-unfit`
 */
export async function renameSender(
  parts: SendersParts,
  actor: Actor,
  botId: number,
  typed: string,
): Promise<Sender> {
  const name = visibleName(typed.replaceAll(/\s+/g, " ").trim());
  return changeSenders(parts, actor, async (tx) => {
    if (name === null || name.length > LONGEST_NAME)
      throw new DomainError("bot-name-unfit", { most: LONGEST_NAME });
    const [row] = await tx.db.update(senders).set({ name }).where(isSender(tx, botId)).returning();
    if (!row) throw new DomainError("bot-unknown");
    await record(tx, actor, "sender.renamed", botId);
    return toSender(row);
  });
}
