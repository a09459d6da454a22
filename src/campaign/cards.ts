import { and, eq } from "drizzle-orm";
import { type Scope, inTransaction } from "../db/connect.ts";
import { cards } from "../db/schema.ts";
import type { CardView } from "../db/states.ts";

/** The message in an admin's chat that shows a campaign and is kept up to date. */
export type CardPlace = typeof cards.$inferSelect;

/** Makes a message the live card of a campaign in its chat. Returns the message that was it before, if any. */
export async function placeCard(
  scope: Scope,
  campaignId: number,
  chatId: number,
  messageId: number,
): Promise<number | null> {
  return inTransaction(scope, async ({ db, botId }) => {
    const [before] = await db
      .select({ messageId: cards.messageId })
      .from(cards)
      .where(and(eq(cards.botId, botId), eq(cards.campaignId, campaignId), eq(cards.chatId, chatId)))
      .for("update");
    await db
      .insert(cards)
      .values({ botId, campaignId, chatId, messageId })
      .onConflictDoUpdate({
        target: [cards.botId, cards.campaignId, cards.chatId],
        set: { messageId, view: "card", final: false },
      });
    return before?.messageId ?? null;
  });
}

export async function listCards({ db, botId }: Scope, campaignId: number): Promise<CardPlace[]> {
  return db
    .select()
    .from(cards)
    .where(and(eq(cards.botId, botId), eq(cards.campaignId, campaignId)));
}

/** Campaigns whose cards do not show the end yet; after a restart these are drawn again. */
export async function listUnfinishedCards({ db, botId }: Scope): Promise<number[]> {
  const rows = await db
    .selectDistinct({ campaignId: cards.campaignId })
    .from(cards)
    .where(and(eq(cards.botId, botId), eq(cards.final, false)));
  return rows.map((row) => row.campaignId);
}

/** Notes that a card shows the end (`final`), or drops it because its message is gone. */
export async function closeCard(scope: Scope, card: CardPlace, how: "final" | "gone"): Promise<void> {
  const { db, botId } = scope;
  // The message id too: a newer card may have taken its place meanwhile.
  const same = and(
    eq(cards.botId, botId),
    eq(cards.campaignId, card.campaignId),
    eq(cards.chatId, card.chatId),
    eq(cards.messageId, card.messageId),
  );
  if (how === "final") await db.update(cards).set({ final: true }).where(same);
  else await db.delete(cards).where(same);
}

/** Makes the card in a chat ask a question, or show the campaign again. */
export async function setCardView(
  { db, botId }: Scope,
  campaignId: number,
  chatId: number,
  view: CardView,
): Promise<void> {
  await db
    .update(cards)
    .set({ view })
    .where(and(eq(cards.botId, botId), eq(cards.campaignId, campaignId), eq(cards.chatId, chatId)));
}
