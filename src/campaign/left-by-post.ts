import { and, eq, sql } from "drizzle-orm";
import { setOptedOut, setWantsCategory } from "../audience/recipients.ts";
import { query } from "../db/connect.ts";
import { campaigns, departures } from "../db/schema.ts";
import { type Scope, inTransaction } from "../db/scope.ts";
import type { Campaign } from "./campaign.ts";

/**
 * A person leaves the category of a campaign, or all campaigns of the bot, by the button under its post. Each person is
 * counted once for it, even if they come back and leave again. Returns true if that changed anything.
 */
export async function leaveByPost(
  scope: Scope,
  { id, category }: Pick<Campaign, "id" | "category">,
  userId: number,
  what: "category" | "all",
): Promise<boolean> {
  return inTransaction(scope, async (tx) => {
    const hasLeft =
      what === "all"
        ? await setOptedOut(tx, userId, true)
        : category !== null && (await setWantsCategory(tx, userId, category, false));
    if (!hasLeft) return false;
    const { db, botId } = tx;
    const isFirst = await db
      .insert(departures)
      .values({ botId, campaignId: id, userId })
      .onConflictDoNothing()
      .returning({ userId: departures.userId });
    // Last, because the engine counts in the same row.
    if (isFirst.length > 0)
      await db
        .update(campaigns)
        .set({ departed: sql`${campaigns.departed} + 1` })
        .where(and(eq(campaigns.botId, botId), eq(campaigns.id, id)));
    return true;
  });
}

/** Forgets by which posts a person left. What the campaigns counted stays counted. Returns how many there were. */
export async function eraseDeparturesOf({ db, botId }: Scope, userId: number): Promise<number> {
  // By campaign, because that is how they are found by key.
  const gone = await query(
    db,
    sql`delete from departures d using campaigns c
        where c.bot_id = ${botId} and d.bot_id = ${botId} and d.campaign_id = c.id and d.user_id = ${userId}
        returning d.campaign_id`,
  );
  return gone.length;
}
