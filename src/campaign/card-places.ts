import { type SQL, and, desc, eq, inArray } from "drizzle-orm";
import { type HomeScope, inTransaction } from "../db/scope.ts";
import { subjectOfBundle } from "./bundle.ts";
import { campaigns, cards } from "../db/schema.ts";
import type { CardView } from "../db/states.ts";
import { ofHome } from "./queries.ts";

/** The message in an admin's chat that shows a campaign, or by its negated id a bundle, and is kept up to date. */
export type CardPlace = typeof cards.$inferSelect;
type MessageOfCard = Pick<CardPlace, "campaignId" | "chatId" | "messageId">;

/**
 * Makes a message the live card of a campaign in its chat, and returns the previous one, if any. For the message that
 * the card has just moved away from, nothing changes: it was tapped just before that.
 */
export async function placeCard(
  scope: HomeScope,
  campaignId: number,
  chatId: number,
  messageId: number,
  view: CardView = "card",
): Promise<number | null> {
  return inTransaction(scope, async ({ db, homeId }) => {
    const [before] = await db
      .select({ messageId: cards.messageId, movedFrom: cards.movedFrom })
      .from(cards)
      .where(and(eq(cards.homeId, homeId), eq(cards.campaignId, campaignId), eq(cards.chatId, chatId)))
      .for("update");
    if (before?.movedFrom === messageId) return null;
    await db
      .insert(cards)
      .values({ homeId, campaignId, chatId, messageId, view })
      .onConflictDoUpdate({
        target: [cards.homeId, cards.campaignId, cards.chatId],
        set: { messageId, movedFrom: null, view, final: false },
      });
    return before?.messageId ?? null;
  });
}

/**
 * Moves a card to another message of its chat, where it shows `view` if given. Null if another message has become the
 * card meanwhile.
 */
export async function moveCard(
  { db, homeId }: HomeScope,
  card: CardPlace,
  messageId: number,
  view?: CardView,
): Promise<CardPlace | null> {
  const [moved] = await db
    .update(cards)
    .set({ messageId, movedFrom: card.messageId, ...(view && { view }) })
    .where(isStill(homeId, card))
    .returning();
  return moved ?? null;
}

export async function listCards({ db, homeId }: HomeScope, campaignId: number): Promise<CardPlace[]> {
  return db
    .select()
    .from(cards)
    .where(and(eq(cards.homeId, homeId), eq(cards.campaignId, campaignId)));
}

/** The running campaign, or bundle, whose card is lowest in a chat; null if there is none. */
export async function lowestRunning(home: HomeScope, chatId: number): Promise<number | null> {
  const { db, homeId } = home;
  // Not a join, because cards belong to a home and campaigns to its senders.
  const running = await db
    .select({ id: campaigns.id, bundleId: campaigns.bundleId })
    .from(campaigns)
    .where(and(ofHome(home), eq(campaigns.state, "running")));
  if (running.length === 0) return null;
  const ids = running.flatMap(({ id, bundleId }) =>
    bundleId === null ? [id] : [id, subjectOfBundle(bundleId)],
  );
  const [lowest] = await db
    .select({ campaignId: cards.campaignId })
    .from(cards)
    .where(and(eq(cards.homeId, homeId), eq(cards.chatId, chatId), inArray(cards.campaignId, ids)))
    .orderBy(desc(cards.messageId))
    .limit(1);
  return lowest?.campaignId ?? null;
}

/** Campaigns whose cards in a chat do not show the end yet. */
export async function listUnfinishedIn({ db, homeId }: HomeScope, chatId: number): Promise<number[]> {
  const rows = await db
    .select({ campaignId: cards.campaignId })
    .from(cards)
    .where(and(eq(cards.homeId, homeId), eq(cards.chatId, chatId), eq(cards.final, false)));
  return rows.map((row) => row.campaignId);
}

/** Campaigns whose cards do not show the end yet, to be redrawn after a restart. */
export async function listUnfinishedCards({ db, homeId }: HomeScope): Promise<number[]> {
  const rows = await db
    .selectDistinct({ campaignId: cards.campaignId })
    .from(cards)
    .where(and(eq(cards.homeId, homeId), eq(cards.final, false)));
  return rows.map((row) => row.campaignId);
}

/** Marks a card as final, or deletes it because its message is gone. */
export async function closeCard(
  { db, homeId }: HomeScope,
  card: MessageOfCard,
  how: "final" | "gone",
): Promise<void> {
  const same = isStill(homeId, card);
  if (how === "final") await db.update(cards).set({ final: true }).where(same);
  else await db.delete(cards).where(same);
}

/** SQL: the card is still in this message, and not in a newer one. */
function isStill(homeId: number, { campaignId, chatId, messageId }: MessageOfCard): SQL | undefined {
  return and(
    eq(cards.homeId, homeId),
    eq(cards.campaignId, campaignId),
    eq(cards.chatId, chatId),
    eq(cards.messageId, messageId),
  );
}

/** Makes the card in a chat ask a question, or show the campaign again. */
export async function setCardView(
  { db, homeId }: HomeScope,
  campaignId: number,
  chatId: number,
  view: CardView,
): Promise<void> {
  await db
    .update(cards)
    .set({ view })
    .where(and(eq(cards.homeId, homeId), eq(cards.campaignId, campaignId), eq(cards.chatId, chatId)));
}
