import { sql } from "drizzle-orm";
import { isPersonId } from "../chat-id.ts";
import { query } from "../db/connect.ts";
import type { Scope } from "../db/scope.ts";

/** The message that a campaign last pinned in a chat; null if this campaign pinned it, in another topic. */
export async function pinnedIn(
  { db, botId }: Scope,
  chatId: number,
  campaignId: number,
): Promise<number | null> {
  // A person gets a campaign once, so its deliveries, which may be a million, need not be searched.
  const [row] = await query<{ pinned: number | null }>(
    db,
    isPersonId(chatId)
      ? sql`select r.pinned_message_id as pinned from recipients r where r.bot_id = ${botId} and r.chat_id = ${chatId}`
      : sql`select c.pinned_message_id as pinned from chats c where c.bot_id = ${botId} and c.chat_id = ${chatId}
          and not exists (select from deliveries d where d.bot_id = ${botId} and d.campaign_id = ${campaignId}
            and d.chat_id = ${chatId} and d.message_id = c.pinned_message_id)`,
  );
  return row?.pinned ?? null;
}

export async function notePinned({ db, botId }: Scope, chatId: number, messageId: number): Promise<void> {
  await db.execute(
    isPersonId(chatId)
      ? sql`update recipients r set pinned_message_id = ${messageId} where r.bot_id = ${botId} and r.chat_id = ${chatId}`
      : sql`update chats c set pinned_message_id = ${messageId} where c.bot_id = ${botId} and c.chat_id = ${chatId}`,
  );
}
