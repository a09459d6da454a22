import { and, eq, gt, sql } from "drizzle-orm";
import type { Scope } from "../db/scope.ts";
import { inboxThreads } from "../db/schema.ts";

/** A person who wrote, and where in the group they are. */
export type InboxThread = typeof inboxThreads.$inferSelect;

/** How long nobody gets the automatic answer again. */
const ANSWERED_FOR = sql`interval '1 day'`;

export async function findThread({ db, botId }: Scope, chatId: number): Promise<InboxThread | null> {
  const [row] = await db.select().from(inboxThreads).where(isOf(botId, chatId));
  return row ?? null;
}

/** The person of a topic; null for a topic that is nobody's. */
export async function findByTopic(
  { db, botId }: Scope,
  groupId: number,
  threadId: number,
): Promise<InboxThread | null> {
  const [row] = await db
    .select()
    .from(inboxThreads)
    .where(
      and(
        eq(inboxThreads.botId, botId),
        eq(inboxThreads.groupId, groupId),
        eq(inboxThreads.threadId, threadId),
      ),
    );
  return row ?? null;
}

/** The person whom a card shows. */
export async function findByCard(
  { db, botId }: Scope,
  groupId: number,
  cardId: number,
): Promise<InboxThread | null> {
  const [row] = await db
    .select()
    .from(inboxThreads)
    .where(
      and(eq(inboxThreads.botId, botId), eq(inboxThreads.groupId, groupId), eq(inboxThreads.cardId, cardId)),
    );
  return row ?? null;
}

/** The people of whose messages some were passed over and who have none on their way; the group is to be told. */
export async function listPassedOver({ db, botId }: Scope, most: number): Promise<InboxThread[]> {
  return db
    .select()
    .from(inboxThreads)
    .where(
      and(
        eq(inboxThreads.botId, botId),
        gt(inboxThreads.passedOver, 0),
        sql`not exists (select from inbox_messages m where m.bot_id = ${botId} and m.chat_id = ${inboxThreads.chatId}
          and m.direction = 'in' and m.state = 'waiting')`,
      ),
    )
    .limit(most);
}

/** Adds the person, if need be. Locks them until the transaction ends, so that what they write is counted one by one. */
export async function holdThread({ db, botId }: Scope, chatId: number): Promise<InboxThread> {
  const [row] = await db
    .insert(inboxThreads)
    .values({ botId, chatId })
    .onConflictDoUpdate({
      target: [inboxThreads.botId, inboxThreads.chatId],
      set: { lastAt: sql`now()` },
    })
    .returning();
  if (!row) throw new Error("an upsert returned no row");
  return row;
}

/** Changes what is known of the person's place. False if they are no longer there: they were forgotten. */
export async function changeThread(
  { db, botId }: Scope,
  chatId: number,
  change: Partial<Omit<InboxThread, "botId" | "chatId">>,
): Promise<boolean> {
  const rows = await db
    .update(inboxThreads)
    .set(change)
    .where(isOf(botId, chatId))
    .returning({ chatId: inboxThreads.chatId });
  return rows.length > 0;
}

/** The group was told that so many were passed over. More may have been since. */
export async function tellPassedOver({ db, botId }: Scope, chatId: number, count: number): Promise<void> {
  await db
    .update(inboxThreads)
    .set({ passedOver: sql`greatest(0, ${inboxThreads.passedOver} - ${count}::int)` })
    .where(isOf(botId, chatId));
}

/** True if the person is to get the automatic answer now, and then not again for a day. */
export async function mayAnswer({ db, botId }: Scope, chatId: number): Promise<boolean> {
  const rows = await db
    .insert(inboxThreads)
    .values({ botId, chatId, answeredAt: sql`now()` })
    .onConflictDoUpdate({
      target: [inboxThreads.botId, inboxThreads.chatId],
      set: { answeredAt: sql`now()`, lastAt: sql`now()` },
      setWhere: sql`(${inboxThreads.answeredAt} is null or ${inboxThreads.answeredAt} < now() - ${ANSWERED_FOR})`,
    })
    .returning({ chatId: inboxThreads.chatId });
  return rows.length > 0;
}

const isOf = (botId: number, chatId: number) =>
  and(eq(inboxThreads.botId, botId), eq(inboxThreads.chatId, chatId));
