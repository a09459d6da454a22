import { sql } from "drizzle-orm";
import type { Scope } from "../db/connect.ts";
import { bots } from "../db/schema.ts";

/*
 * The numbers of campaigns: 1, 2, 3 … bot by bot. A sequence would leave 32 out after a crash.
 */

/** Locks the bot's numbers to the end of the transaction: whoever makes a campaign at the same time waits. */
export async function lockNumbers({ db, botId }: Scope): Promise<void> {
  await db.insert(bots).values({ botId }).onConflictDoUpdate({ target: bots.botId, set: { botId } });
}

/** Takes the next number, and locks them as above. */
export async function nextNumber({ db, botId }: Scope): Promise<number> {
  const [row] = await db
    .insert(bots)
    .values({ botId, lastCampaign: 1 })
    .onConflictDoUpdate({ target: bots.botId, set: { lastCampaign: sql`${bots.lastCampaign} + 1` } })
    .returning({ number: bots.lastCampaign });
  if (!row) throw new Error("an upsert returned no row");
  return row.number;
}
