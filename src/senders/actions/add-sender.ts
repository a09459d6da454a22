import { eq } from "drizzle-orm";
import { type Actor, actorId } from "../../access/actor.ts";
import { record } from "../../access/audit.ts";
import { senders } from "../../db/schema.ts";
import type { HomeScope } from "../../db/scope.ts";
import { DomainError } from "../../errors.ts";
import { botIdOf } from "../bot-token.ts";
import { type LookedAt, lookAtBot } from "../look-at-bot.ts";
import { type Sender, toSender } from "../sender.ts";
import type { SendersParts } from "../senders-parts.ts";
import { authorizeSenders, changeSenders } from "./change-senders.ts";

/**
 * Adds the bot of a token, after a look at it. Until an owner decides otherwise it stands beside another program, which
 * disturbs nobody.
 * @throws DomainError `forbidden`, `bot-token-malformed`, `bot-is-home`, `bot-known`, `bot-leaving`, `bot-elsewhere`,
 *   `bot-token-refused`, `telegram-unreachable`, `no-secret-key`
 */
export async function addSender(
  parts: SendersParts,
  actor: Actor,
  token: string,
): Promise<{ sender: Sender; looked: LookedAt }> {
  const { home, vault, clock, apiOf } = parts;
  await authorizeSenders(parts, actor);
  const botId = botIdOf(token);
  if (botId === null) throw new DomainError("bot-token-malformed");
  await refuseTaken(home, botId);
  const looked = await lookAtBot(apiOf(token), clock);
  const sealedToken = vault.configuredIds.includes(botId) ? null : await vault.seal(botId, token);
  const { first_name: name, username } = looked.me;
  const added = await changeSenders(parts, actor, async (tx) => {
    const [row] = await tx.db
      .insert(senders)
      .values({
        botId,
        homeId: tx.homeId,
        name,
        username,
        sealedToken,
        handling: "beside",
        addedBy: actorId(actor),
      })
      .onConflictDoNothing()
      .returning();
    if (!row) {
      await refuseTaken(tx, botId);
      throw new DomainError("bot-known"); // added at the same time
    }
    await record(tx, actor, "sender.added", botId);
    return row;
  });
  return { sender: toSender(added), looked };
}

/** @throws DomainError if the bot is in the database already */
export async function refuseTaken({ db, homeId }: HomeScope, botId: number): Promise<void> {
  if (botId === homeId) throw new DomainError("bot-is-home");
  const [row] = await db.select().from(senders).where(eq(senders.botId, botId));
  if (!row) return;
  if (row.homeId !== homeId) throw new DomainError("bot-elsewhere");
  throw new DomainError(row.removedAt ? "bot-leaving" : "bot-known");
}
