import { inArray, sql } from "drizzle-orm";
import type { Db } from "../db/connect.ts";
import { campaigns, homes, news, senders } from "../db/schema.ts";

/**
 * Campaigns that were made after the backup are gone, but their cards, and the buttons below their posts, are still in
 * people's chats. The next campaigns leave out this many numbers, so that no old button means a new campaign.
 */
const NUMBERS_LEFT_OUT = 100;

/**
 * After a restore: puts on hold everything that could send by itself, since it may have been sent, changed or cancelled
 * after the backup was made. Its authors are told when Herald starts. Resolves with how many campaigns those are.
 */
export async function holdRestored(db: Db, madeAt: Date): Promise<number> {
  const held = await db
    .update(campaigns)
    .set({
      state: "paused",
      pauseReason: "restored",
      pauseDetail: madeAt.toISOString(),
      pauseLanguage: null,
      updatedAt: sql`now()`,
    })
    .where(inArray(campaigns.state, ["scheduled", "running", "paused"]))
    .returning({ botId: campaigns.botId, id: campaigns.id });
  await leaveOutNumbers(db);
  // What was still to be told then has been told since.
  await db.delete(news);
  for (const { botId, homeId } of await db.select().from(senders))
    for (const { id } of held.filter((one) => one.botId === botId))
      await db.insert(news).values({ homeId, campaignId: id, what: "restored" });
  return held.length;
}

/** Also in a home without a campaign, which has no row yet: its first ones may have been made after the backup. */
async function leaveOutNumbers(db: Db): Promise<void> {
  await db
    .insert(homes)
    .select(
      db
        .selectDistinct({
          homeId: senders.homeId,
          lastCampaign: sql<number>`0`.as("last_campaign"),
          settings: sql<null>`null::jsonb`.as("settings"),
        })
        .from(senders),
    )
    .onConflictDoNothing();
  await db.update(homes).set({ lastCampaign: sql`${homes.lastCampaign} + ${NUMBERS_LEFT_OUT}` });
}
