import { sql } from "drizzle-orm";
import { isOfPerson } from "../../audience/recipients.ts";
import { query } from "../../db/connect.ts";
import type { Scope } from "../../db/scope.ts";

/** A post that was sent to a group or channel. */
export interface SentPost {
  chatId: number;
  title: string;
  messageId: number;
  /** The link to the message; null if it has none. */
  link: string | null;
}

/** What is needed to link to a message of a chat. */
export interface Linkable {
  chatId: number;
  /** Without @; null unless the chat is public. */
  username: string | null;
}

/** The id of a supergroup or channel is minus the sum of this and its internal number (Bot API, "Chat"). */
const SUPERGROUPS_FROM = 1_000_000_000_000;

/**
 * The link to a message in a supergroup or channel, or in the topic `threadId` of a forum. If the chat is private, it
 * works only for its members. Null for basic groups and people, which have none.
 * https://core.telegram.org/api/links#message-links
 */
export function linkTo(
  { chatId, username }: Linkable,
  messageId: number,
  threadId: number | null = null,
): string | null {
  const number = -chatId - SUPERGROUPS_FROM;
  if (number <= 0) return null;
  const chat = username ? username : `c/${number}`;
  const topic = threadId === null ? "" : `/${threadId}`;
  return `https://t.me/${chat}${topic}/${messageId}`;
}

/** Where a campaign to groups and channels was posted, in the order of its audience, at most `limit`. */
export async function listPosts(
  { db, botId }: Scope,
  campaignId: number,
  limit: number,
): Promise<SentPost[]> {
  const rows = await query<Linkable & { title: string | null; messageId: number; threadId: number | null }>(
    db,
    sql`select d.chat_id::float8 as "chatId", d.message_id as "messageId", d.thread_id as "threadId", c.title, c.username
        from deliveries d left join chats c on c.bot_id = ${botId} and c.chat_id = d.chat_id
        where d.bot_id = ${botId} and d.campaign_id = ${campaignId} and d.state = 'sent' and not ${isOfPerson("d.chat_id")}
        order by d.seq limit ${limit}`,
  );
  return rows.map(({ chatId, title, username, messageId, threadId }) => ({
    chatId,
    title: title ?? String(chatId),
    messageId,
    link: linkTo({ chatId, username }, messageId, threadId),
  }));
}

/** A group or channel that a campaign did not reach. */
export interface MissedChat {
  chatId: number;
  threadId: number | null;
  /** Outcome class, such as `no-rights`; each is `reason-<class>` in locales/*.ftl. */
  reason: string;
}

/** The chats that failed, in the order of the audience. */
export async function listMissed({ db, botId }: Scope, campaignId: number): Promise<MissedChat[]> {
  return query<MissedChat>(
    db,
    sql`select d.chat_id::float8 as "chatId", d.thread_id as "threadId", coalesce(d.reason, 'other') as reason
        from deliveries d
        where d.bot_id = ${botId} and d.campaign_id = ${campaignId} and d.state = 'failed' and not ${isOfPerson("d.chat_id")}
        order by d.seq`,
  );
}
