import { and, eq, isNull } from "drizzle-orm";
import { senders } from "../db/schema.ts";
import type { HomeScope } from "../db/scope.ts";
import { DomainError } from "../errors.ts";

/**
 * A bot that is being removed is given to nobody: until the transaction ends, its removal waits, and then takes the bot out
 * of all limits. The home's own bot is never removed, and has no row before it is first started.
 * @throws DomainError `bot-unknown`
 */
export async function holdBots({ db, homeId }: HomeScope, botIds: readonly number[]): Promise<void> {
  for (const botId of botIds) {
    if (botId === homeId) continue;
    const rows = await db
      .select({ botId: senders.botId })
      .from(senders)
      .where(and(eq(senders.homeId, homeId), eq(senders.botId, botId), isNull(senders.removedAt)))
      .for("share");
    if (rows.length === 0) throw new DomainError("bot-unknown", { bot: botId });
  }
}
