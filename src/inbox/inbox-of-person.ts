import { and, count, eq } from "drizzle-orm";
import type { Scope } from "../db/scope.ts";
import { inboxMessages, inboxThreads } from "../db/schema.ts";

/** What the inbox knows of a person: never what they wrote. */
export interface InboxOfPerson {
  /** They are kept out of the group. */
  blocked: boolean;
  firstAt: Date;
  lastAt: Date;
  /** Messages of theirs and to them whose places are still known. */
  messages: { in: number; out: number };
}

/** Null if they never wrote. */
export async function inboxOfPerson({ db, botId }: Scope, chatId: number): Promise<InboxOfPerson | null> {
  const [thread] = await db
    .select({
      blocked: inboxThreads.blocked,
      firstAt: inboxThreads.firstAt,
      lastAt: inboxThreads.lastAt,
    })
    .from(inboxThreads)
    .where(and(eq(inboxThreads.botId, botId), eq(inboxThreads.chatId, chatId)));
  if (!thread) return null;
  const rows = await db
    .select({ direction: inboxMessages.direction, count: count() })
    .from(inboxMessages)
    .where(and(eq(inboxMessages.botId, botId), eq(inboxMessages.chatId, chatId)))
    .groupBy(inboxMessages.direction);
  const counted = (which: "in" | "out") => rows.find(({ direction }) => direction === which)?.count ?? 0;
  return { ...thread, messages: { in: counted("in"), out: counted("out") } };
}

/** Forgets a person. What is in the group stays there. False if nothing was known. */
export async function eraseInboxOf({ db, botId }: Scope, chatId: number): Promise<boolean> {
  await db.delete(inboxMessages).where(and(eq(inboxMessages.botId, botId), eq(inboxMessages.chatId, chatId)));
  const gone = await db
    .delete(inboxThreads)
    .where(and(eq(inboxThreads.botId, botId), eq(inboxThreads.chatId, chatId)))
    .returning({ chatId: inboxThreads.chatId });
  return gone.length > 0;
}
