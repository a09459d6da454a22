import { and, asc, eq, isNull, ne } from "drizzle-orm";
import type { HomeScope } from "../db/scope.ts";
import { senders } from "../db/schema.ts";

/** The ids of the bots that post for a home, its own first. Removed ones are not among them. */
export async function botsOfHome({ db, homeId }: HomeScope): Promise<number[]> {
  const rows = await db
    .select({ botId: senders.botId })
    .from(senders)
    .where(and(eq(senders.homeId, homeId), ne(senders.botId, homeId), isNull(senders.removedAt)))
    .orderBy(asc(senders.botId));
  return [homeId, ...rows.map(({ botId }) => botId)];
}

/** False for a bot that is being removed. The home's own bot has no row before it is first started. */
export async function isBotOfHome({ db, homeId }: HomeScope, botId: number): Promise<boolean> {
  if (botId === homeId) return true;
  const rows = await db
    .select({ botId: senders.botId })
    .from(senders)
    .where(and(eq(senders.homeId, homeId), eq(senders.botId, botId), isNull(senders.removedAt)));
  return rows.length > 0;
}
