import type { Actor } from "../../access/actor.ts";
import { record } from "../../access/audit.ts";
import { senders } from "../../db/schema.ts";
import { DomainError } from "../../errors.ts";
import { botIdOf } from "../bot-token.ts";
import { introducedBy } from "../look-at-bot.ts";
import { type Sender, toSender } from "../sender.ts";
import { isSender, noteIntroduced } from "../sender-store.ts";
import type { SendersParts } from "../senders-parts.ts";
import { authorizeSenders, changeSenders, getOtherSender } from "./change-senders.ts";

/**
 * Gives a sender another token of the same bot, such as after the old one leaked. The old one is forgotten.
 * @throws DomainError `forbidden`, `bot-unknown`, `bot-is-home`, `bot-configured`, `bot-token-malformed`,
 *   `bot-token-of-another`, `bot-token-refused`, `telegram-unreachable`, `no-secret-key`
 */
export async function replaceToken(
  parts: SendersParts,
  actor: Actor,
  botId: number,
  token: string,
): Promise<Sender> {
  const { home, vault, apiOf } = parts;
  await authorizeSenders(parts, actor);
  await getOtherSender(home, botId);
  if (vault.configuredIds.includes(botId)) throw new DomainError("bot-configured");
  const tokenOf = botIdOf(token);
  if (tokenOf === null) throw new DomainError("bot-token-malformed");
  if (tokenOf !== botId) throw new DomainError("bot-token-of-another");
  const me = await introducedBy(apiOf(token));
  const sealedToken = await vault.seal(botId, token);
  return changeSenders(parts, actor, async (tx) => {
    await noteIntroduced(tx, me);
    const [row] = await tx.db
      .update(senders)
      .set({ sealedToken, tokenRefusedAt: null })
      .where(isSender(tx, botId))
      .returning();
    if (!row) throw new DomainError("bot-unknown");
    await record(tx, actor, "sender.token-replaced", botId);
    return toSender(row);
  });
}
