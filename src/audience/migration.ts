import { type SQL, and, eq, sql } from "drizzle-orm";
import { type Scope, inTransaction, query } from "../db/connect.ts";
import { campaigns, chats, recipients, series, topics } from "../db/schema.ts";
import type { ChatTarget, Chats } from "./segment.ts";

/**
 * A group became a supergroup: whatever named it by its old id names it by the new one, so that it is still written to,
 * once. What the new id is known for already stays. Its messages do not come along: Telegram numbers them anew, so the
 * pinned one is forgotten. Doing it again changes nothing.
 */
export async function followMigration(scope: Scope, fromId: number, toId: number): Promise<void> {
  await inTransaction(scope, async (tx) => {
    await lockSeriesOf(tx, fromId);
    await moveRecipient(tx, fromId, toId);
    await moveChat(tx, fromId, toId);
    await moveTopics(tx, fromId, toId);
    await moveAudiences(tx, fromId, toId);
    await moveDeliveries(tx, fromId, toId);
  });
}

/** First, as whoever starts a run does: two at once then wait for each other here, and not crosswise. */
async function lockSeriesOf({ db, botId }: Scope, chatId: number): Promise<void> {
  await db.execute(
    sql`select id from series where bot_id = ${botId} and ${names(chatId)} order by id for update`,
  );
}

/** SQL: its audience names this chat. */
function names(chatId: number): SQL {
  return sql`audience -> 'chats' @> ${JSON.stringify([{ chatId }])}::jsonb`;
}

/** By any of two messages of Telegram, and by each post that it refuses, so whoever comes second finds it done. */
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

/** Those that were sent, too: they can be duplicated. Who agreed to one agreed to this chat, so its revision stays. */
async function moveAudiences({ db, botId }: Scope, fromId: number, toId: number): Promise<void> {
  for (const table of [campaigns, series])
    for (const { id, audience } of await query<{ id: number; audience: Chats }>(
      db,
      sql`select id::float8 as id, audience from ${table} where bot_id = ${botId} and ${names(fromId)} for update`,
    ))
      await db
        .update(table)
        .set({ audience: movedIn(audience, fromId, toId) })
        .where(and(eq(table.botId, botId), eq(table.id, id)));
}

function movedIn({ chats }: Chats, fromId: number, toId: number): Chats {
  const moved = chats.map((target) => (target.chatId === fromId ? { ...target, chatId: toId } : target));
  return { chats: withoutRepeats(moved) };
}

/** Each chat or topic once, where it came first. */
export function withoutRepeats(targets: readonly ChatTarget[]): ChatTarget[] {
  const seen = new Set<string>();
  return targets.filter(({ chatId, threadId }) => {
    const key = `${chatId}.${threadId ?? ""}`;
    return !seen.has(key) && seen.add(key);
  });
}

/**
 * In campaigns to groups and channels, which are short. A delivery that has been sent keeps the id under which it was;
 * one beside a delivery to the new id keeps the old one, where nobody is written to any more. The messages of one that
 * got stuck between two are of the old chat.
 */
async function moveDeliveries({ db, botId }: Scope, fromId: number, toId: number): Promise<void> {
  await db.execute(
    sql`update deliveries d set chat_id = ${toId}, message_id = null, message_ids = null
        where d.bot_id = ${botId} and d.chat_id = ${fromId} and d.state in ('pending', 'sending', 'failed', 'uncertain')
          and d.campaign_id = any(array(
            select id from campaigns where bot_id = ${botId} and audience -> 'chats' is not null))
          and not exists (select from deliveries o where o.bot_id = ${botId} and o.campaign_id = d.campaign_id
            and o.chat_id = ${toId} and o.thread_id is not distinct from d.thread_id)`,
  );
}
