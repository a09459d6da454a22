import { and, eq, sql } from "drizzle-orm";
import { type Scope, inTransaction } from "../db/scope.ts";
import { chats, recipients, topics } from "../db/schema.ts";
import type { ChatTarget } from "./chats.ts";

/**
 * Moves everything known about a group to the id of the supergroup that it became. What is already known about the new
 * id stays. Telegram renumbers the messages, so the pinned one is forgotten.
 */
export async function followMigration(scope: Scope, fromId: number, toId: number): Promise<void> {
  await inTransaction(scope, async (tx) => {
    await moveRecipient(tx, fromId, toId);
    await moveChat(tx, fromId, toId);
    await moveTopics(tx, fromId, toId);
  });
}

/** Idempotent: two service messages and every refused post report the migration. */
async function moveRecipient({ db, botId }: Scope, fromId: number, toId: number): Promise<void> {
  await db.execute(
    sql`update recipients r set chat_id = ${toId}
        where bot_id = ${botId} and chat_id = ${fromId} and not exists
          (select from recipients where bot_id = ${botId} and chat_id = ${toId})`,
  );
  await db.delete(recipients).where(and(eq(recipients.botId, botId), eq(recipients.chatId, fromId)));
}

async function moveChat({ db, botId }: Scope, fromId: number, toId: number): Promise<void> {
  await db.execute(
    sql`update chats c set chat_id = ${toId}, pinned_message_id = null, updated_at = now()
        where bot_id = ${botId} and chat_id = ${fromId} and not exists
          (select from chats where bot_id = ${botId} and chat_id = ${toId})`,
  );
  await db.delete(chats).where(and(eq(chats.botId, botId), eq(chats.chatId, fromId)));
}

async function moveTopics({ db, botId }: Scope, fromId: number, toId: number): Promise<void> {
  await db.execute(
    sql`update topics t set chat_id = ${toId}
        where bot_id = ${botId} and chat_id = ${fromId} and not exists
          (select from topics where bot_id = ${botId} and chat_id = ${toId} and thread_id = t.thread_id)`,
  );
  await db.delete(topics).where(and(eq(topics.botId, botId), eq(topics.chatId, fromId)));
}

/** Each chat or topic once, at its first place. */
export function withoutRepeats(targets: readonly ChatTarget[]): ChatTarget[] {
  const seen = new Set<string>();
  return targets.filter(({ chatId, threadId }) => {
    const key = `${chatId}.${threadId ?? ""}`;
    return !seen.has(key) && seen.add(key);
  });
}
