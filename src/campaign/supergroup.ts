import { type SQL, and, eq, sql } from "drizzle-orm";
import { HERALD } from "../access/actor.ts";
import { followMigration, withoutRepeats } from "../audience/chat-migration.ts";
import { type Chats, isForChats } from "../audience/segment/audience.ts";
import { storedAudience } from "../audience/segment/stored-audience.ts";
import { query } from "../db/connect.ts";
import { type Scope, inTransaction } from "../db/scope.ts";
import { campaigns, series } from "../db/schema.ts";
import { moveInbox } from "../inbox/inbox-migration.ts";
import type { Stored } from "../stored-json.ts";
import { groupOf } from "./news/news-settings.ts";
import { getSettings, setTell, tellOf } from "./settings.ts";

/**
 * Replaces the id of a group that became a supergroup everywhere, including the notification setting, so that it is
 * still written to, once. Idempotent.
 */
export async function followSupergroup(scope: Scope, fromId: number, toId: number): Promise<void> {
  await inTransaction(scope, async (tx) => {
    await lockSeriesOf(tx, fromId);
    await followMigration(tx, fromId, toId);
    await moveAudiences(tx, fromId, toId);
    await moveDeliveries(tx, fromId, toId);
    await moveInbox(tx, fromId, toId);
    const group = groupOf(tellOf(await getSettings(tx)));
    if (group?.chatId === fromId) await setTell(tx, HERALD, { besides: { ...group, chatId: toId } });
  });
}

/** Taken first, as by everything that starts a run, so that two at once do not deadlock. */
async function lockSeriesOf({ db, botId }: Scope, chatId: number): Promise<void> {
  await db.execute(
    sql`select id from series where bot_id = ${botId} and ${names(chatId)} order by id for update`,
  );
}

/** SQL: its audience includes this chat. */
function names(chatId: number): SQL {
  return sql`audience -> 'chats' @> ${JSON.stringify([{ chatId }])}::jsonb`;
}

/** Also in sent campaigns, which can be duplicated. Whoever confirmed one meant this chat, so its revision stays. */
async function moveAudiences({ db, botId }: Scope, fromId: number, toId: number): Promise<void> {
  for (const table of [campaigns, series])
    for (const { id, audience } of await query<{ id: number; audience: Stored<"audience"> }>(
      db,
      sql`select id::float8 as id, audience from ${table} where bot_id = ${botId} and ${names(fromId)} for update`,
    )) {
      const before = storedAudience.parse(audience, `campaign ${id}`);
      if (!isForChats(before)) continue; // never happens: it includes a chat
      await db
        .update(table)
        .set({ audience: storedAudience.store(movedIn(before, fromId, toId)) })
        .where(and(eq(table.botId, botId), eq(table.id, id)));
    }
}

function movedIn({ chats }: Chats, fromId: number, toId: number): Chats {
  const moved = chats.map((target) => (target.chatId === fromId ? { ...target, chatId: toId } : target));
  return { chats: withoutRepeats(moved) };
}

/**
 * Moves deliveries of campaigns to groups and channels, which are few. A sent delivery keeps the id it was sent to. So
 * does one whose campaign already has a delivery to the new id: the old id no longer receives anything. Message ids of
 * a half-sent delivery belong to the old chat and are cleared.
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
