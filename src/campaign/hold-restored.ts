import { and, eq, inArray, isNotNull, or, sql } from "drizzle-orm";
import type { Db } from "../db/connect.ts";
import { holdRestoredInboxes } from "../inbox/inbox-messages.ts";
import { dueUpTo, storedStep } from "./step-plan.ts";
import { campaigns, codePools, homes, news, senders, sentEdits } from "../db/schema.ts";

/**
 * Campaigns that were made after the backup are gone, but their cards, and the buttons below their posts, are still in
 * people's chats. The next campaigns leave out this many numbers, so that no old button means a new campaign.
 */
const NUMBERS_LEFT_OUT = 100;

/**
 * After a restore: puts on hold everything that could send by itself, since it may have been sent, changed or cancelled
 * after the backup was made; and withholds the codes that nobody had then. Its authors are told when Herald starts. Resolves with
 * how many campaigns those are.
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
    .where(
      or(
        inArray(campaigns.state, ["scheduled", "running", "paused"]),
        and(eq(campaigns.state, "finished"), isNotNull(campaigns.step)),
      ),
    )
    .returning({ botId: campaigns.botId, id: campaigns.id });
  await db
    .update(sentEdits)
    .set({ state: "paused", pauseReason: "restored", pauseDetail: madeAt.toISOString() })
    .where(eq(sentEdits.state, "running"));
  await passOverNewcomers(db, new Date());
  // Codes that were free then may have been given since, and no code goes to two people.
  await db.update(codePools).set({ withheldTo: codePools.made });
  await leaveOutNumbers(db);
  await holdRestoredInboxes(db);
  // What was still to be told then has been told since.
  await db.delete(news);
  for (const { botId, homeId } of await db.select().from(senders))
    for (const { id } of held.filter((one) => one.botId === botId))
      await db.insert(news).values({ homeId, campaignId: id, what: "restored" });
  return held.length;
}

/** People who were due for a step by now may have received it after the backup, so they do not get it again. */
async function passOverNewcomers(db: Db, now: Date): Promise<void> {
  const steps = await db
    .select({ botId: campaigns.botId, id: campaigns.id, step: campaigns.step })
    .from(campaigns)
    .where(isNotNull(campaigns.joinedCursor));
  for (const { botId, id, step } of steps)
    if (step) {
      const { lacksCodesSince: _, ...plan } = storedStep.parse(step, `campaign ${id}`);
      await db
        .update(campaigns)
        .set({ step: storedStep.store(plan), joinedCursor: dueUpTo(plan.after, now), freezeCursor: 0 })
        .where(and(eq(campaigns.botId, botId), eq(campaigns.id, id)));
    }
}

/** Also in a home without a campaign, which has no row yet: its first ones may have been made after the backup. */
async function leaveOutNumbers(db: Db): Promise<void> {
  const rows = await db.selectDistinct({ homeId: senders.homeId }).from(senders);
  if (rows.length > 0) await db.insert(homes).values(rows).onConflictDoNothing();
  await db.update(homes).set({ lastCampaign: sql`${homes.lastCampaign} + ${NUMBERS_LEFT_OUT}` });
}
