import type { Actor } from "../../access/actor.ts";
import { record } from "../../access/audit.ts";
import { FREE_RATE } from "../../campaign/progress.ts";
import { senders } from "../../db/schema.ts";
import { DomainError } from "../../errors.ts";
import { FASTEST_RATE, SLOWEST_RATE, type Sender, toSender } from "../sender.ts";
import { isSender } from "../sender-store.ts";
import type { SendersParts } from "../senders-parts.ts";
import { changeSenders, getOtherSender } from "./change-senders.ts";

/**
 * Sets how many messages a second a sender sends; null for the configured rate. That of the home is MESSAGES_PER_SECOND.
 * Above the free rate, Telegram answers 429 unless Stars pay; `agreed` says that somebody knows.
 * @throws DomainError `forbidden`, `bot-unknown`, `bot-is-home`, `bot-rate-unfit`, `bot-rate-not-free`
 */
export async function setRate(
  parts: SendersParts,
  actor: Actor,
  botId: number,
  rate: number | null,
  agreed = false,
): Promise<Sender> {
  return changeSenders(parts, actor, async (tx) => {
    if (rate !== null && !(rate >= SLOWEST_RATE && rate <= FASTEST_RATE))
      throw new DomainError("bot-rate-unfit", { least: SLOWEST_RATE, most: FASTEST_RATE });
    await getOtherSender(tx, botId);
    if (rate !== null && rate > FREE_RATE && !parts.paysForRate && !agreed)
      throw new DomainError("bot-rate-not-free", { rate, free: FREE_RATE });
    const [row] = await tx.db.update(senders).set({ rate }).where(isSender(tx, botId)).returning();
    if (!row) throw new DomainError("bot-unknown");
    await record(tx, actor, "sender.rate-set", botId);
    return toSender(row);
  });
}
