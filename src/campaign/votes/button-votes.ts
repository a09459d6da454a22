import { and, eq, sql } from "drizzle-orm";
import { type Scope, inTransaction } from "../../db/scope.ts";
import { deliveries, taps, votes } from "../../db/schema.ts";
import type { Campaign } from "../campaign.ts";

/** How often the buttons of a campaign were tapped, by text. */
export interface Taps {
  /** Current votes. */
  votes: ReadonlyMap<string, number>;
  /** How often an answer was shown. */
  answers: ReadonlyMap<string, number>;
}

/** The taps of a post without such buttons. */
export const NO_TAPS: Taps = { votes: new Map(), answers: new Map() };

/** The result of a vote. */
export type VoteResult = "counted" | "moved" | "taken-back";

/**
 * Counts a person's vote: the first one counts, the same one again retracts it, a different one moves it. Returns the
 * result and the campaign's votes.
 */
export async function vote(
  scope: Scope,
  campaignId: number,
  userId: number,
  choice: string,
): Promise<{ result: VoteResult; counts: ReadonlyMap<string, number> }> {
  const result = await inTransaction(scope, async (tx) => {
    const before = await takeVote(tx, campaignId, userId, choice);
    if (before === null) {
      await count(tx, campaignId, [[choice, 1]]);
      return "counted";
    }
    if (before === choice) {
      await tx.db.delete(votes).where(isVoteOf(tx, campaignId, userId));
      await count(tx, campaignId, [[choice, -1]]);
      return "taken-back";
    }
    await tx.db
      .update(votes)
      .set({ choice, votedAt: sql`now()` })
      .where(isVoteOf(tx, campaignId, userId));
    await count(tx, campaignId, [
      [before, -1],
      [choice, 1],
    ]);
    return "moved";
  });
  return { result, counts: (await listTaps(scope, campaignId)).votes };
}

/**
 * Inserts a person's vote and returns null, or returns the vote that they already have. Either way the row is locked
 * until the transaction ends: of two taps at once, the second waits and sees what the first did.
 */
async function takeVote(
  { db, botId }: Scope,
  campaignId: number,
  userId: number,
  choice: string,
): Promise<string | null> {
  const [row] = await db
    .insert(votes)
    .values({ botId, campaignId, userId, choice })
    .onConflictDoUpdate({
      target: [votes.botId, votes.campaignId, votes.userId],
      set: { choice: sql`${votes.choice}` },
    })
    // xmax is 0 in a row that was just inserted, and this transaction in an existing one.
    .returning({ choice: votes.choice, isNew: sql<boolean>`xmax = 0` });
  if (!row) throw new Error("an upsert returned no row");
  return row.isNew ? null : row.choice;
}

function isVoteOf({ botId }: Scope, campaignId: number, userId: number) {
  return and(eq(votes.botId, botId), eq(votes.campaignId, campaignId), eq(votes.userId, userId));
}

/**
 * Updates the counters of votes. Last in the transaction, because everyone who votes waits for the same few rows, and
 * in a fixed order, to avoid deadlocks.
 */
async function count(
  { db, botId }: Scope,
  campaignId: number,
  changes: readonly (readonly [button: string, by: number])[],
): Promise<void> {
  const inOrder = changes.toSorted(([one], [other]) => (one < other ? -1 : 1));
  await db
    .insert(taps)
    .values(inOrder.map(([button, by]) => ({ botId, campaignId, button, what: "vote" as const, count: by })))
    .onConflictDoUpdate(addUp);
}

/** Counts that a button's answer was shown. */
export async function countAnswer({ db, botId }: Scope, campaignId: number, button: string): Promise<void> {
  await db
    .insert(taps)
    .values({ botId, campaignId, button, what: "answer", count: 1 })
    .onConflictDoUpdate(addUp);
}

const addUp = {
  target: [taps.botId, taps.campaignId, taps.what, taps.button],
  set: { count: sql`${taps.count} + excluded.count` },
};

export async function listTaps({ db, botId }: Scope, campaignId: number): Promise<Taps> {
  const rows = await db
    .select({ what: taps.what, button: taps.button, count: taps.count })
    .from(taps)
    .where(and(eq(taps.botId, botId), eq(taps.campaignId, campaignId)));
  const of = (kind: "vote" | "answer") =>
    new Map(rows.filter(({ what }) => what === kind).map(({ button, count }) => [button, count]));
  return { votes: of("vote"), answers: of("answer") };
}

/**
 * True if delivery `seq` of a campaign went to this chat, because callback data can be forged. Once the deliveries are
 * deleted, it is trusted. No delivery has the number 0: that is a preview.
 */
export async function wasDelivered(
  { db, botId }: Scope,
  { id, detailsDroppedAt }: Pick<Campaign, "id" | "detailsDroppedAt">,
  seq: number,
  chatId: number,
): Promise<boolean> {
  if (seq === 0) return false;
  if (detailsDroppedAt) return true;
  const [row] = await db
    .select({ chatId: deliveries.chatId })
    .from(deliveries)
    .where(and(eq(deliveries.botId, botId), eq(deliveries.campaignId, id), eq(deliveries.seq, seq)));
  return row?.chatId === chatId;
}
