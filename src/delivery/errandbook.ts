import { sql } from "drizzle-orm";
import { type Scope, query } from "../db/connect.ts";
import type { ErrandKind } from "../db/states.ts";

/** One thing that is to be done with the messages of one delivery. */
export interface Errand {
  campaignId: number;
  seq: number;
  what: ErrandKind;
  chatId: number;
  /** In their order; the first is the one that is pinned. */
  messageIds: number[];
  /** Tries before this one. */
  attempts: number;
  /** The post came without a sound, and so is it pinned. */
  silent: boolean;
}

/**
 * For messages that have arrived, by the places of their deliveries, ascending. What is noted already stays as it is; a
 * post that comes in two parts is noted with the first, and the others are looked up when it is due.
 */
export async function addErrands(
  { db, botId }: Scope,
  campaignId: number,
  what: ErrandKind,
  seqs: number[],
  dueAt: Date,
): Promise<void> {
  if (seqs.length === 0) return;
  await db.execute(
    sql`insert into errands (bot_id, campaign_id, seq, what, chat_id, message_id, due_at)
        select ${botId}::bigint, ${campaignId}::bigint, d.seq, ${what}::text, d.chat_id, d.message_id,
          ${dueAt.toISOString()}::timestamptz
        from deliveries d
        where d.bot_id = ${botId} and d.campaign_id = ${campaignId} and d.seq = any(${`{${seqs.join(",")}}`}::int[])
          and d.seq between ${seqs[0] ?? 0} and ${seqs.at(-1) ?? 0} and d.message_id is not null
          and (d.state = 'sent' or ${what}::text = 'delete')
        on conflict do nothing`,
  );
}

/** Those of a kind that are due, the longest first. */
export async function listDueErrands(
  { db, botId }: Scope,
  what: ErrandKind,
  now: Date,
  limit: number,
): Promise<Errand[]> {
  return query<Errand>(
    db,
    sql`select e.campaign_id::float8 as "campaignId", e.seq, e.what, e.chat_id::float8 as "chatId",
          coalesce((select to_jsonb(d.message_ids) from deliveries d
            where d.bot_id = ${botId} and d.campaign_id = e.campaign_id and d.seq = e.seq and d.chat_id = e.chat_id),
            jsonb_build_array(e.message_id)) as "messageIds", e.attempts,
          coalesce((select (c.content -> 'options' ->> 'silent')::boolean from campaigns c
            where c.bot_id = ${botId} and c.id = e.campaign_id), false) as silent
        from errands e
        where e.bot_id = ${botId} and e.what = ${what} and e.due_at <= ${now.toISOString()}::timestamptz
        order by e.due_at, e.campaign_id, e.seq limit ${limit}`,
  );
}

/** They are done, or cannot be. */
export async function dropErrands({ db, botId }: Scope, errands: readonly Errand[]): Promise<void> {
  if (errands.length === 0) return;
  await db.execute(
    sql`delete from errands e where e.bot_id = ${botId} and exists (
          select from jsonb_to_recordset(${keys(errands)}::jsonb) as k("campaignId" bigint, "seq" int, "what" text)
          where k."campaignId" = e.campaign_id and k."seq" = e.seq and k."what" = e.what)`,
  );
}

/** It is to be tried again at `dueAt`. */
export interface PutOff {
  errand: Errand;
  dueAt: Date;
  /** Whether that was an attempt. */
  counts: boolean;
}

export async function putOffErrands({ db, botId }: Scope, putOff: readonly PutOff[]): Promise<void> {
  for (const { errand, dueAt, counts } of putOff)
    await db.execute(
      sql`update errands e set due_at = ${dueAt.toISOString()}::timestamptz,
            attempts = least(e.attempts + ${counts ? 1 : 0}, 100)
          where e.bot_id = ${botId} and e.campaign_id = ${errand.campaignId} and e.seq = ${errand.seq}
            and e.what = ${errand.what}`,
    );
}

function keys(errands: readonly Errand[]): string {
  return JSON.stringify(errands.map(({ campaignId, seq, what }) => ({ campaignId, seq, what })));
}

/** The message that a campaign pinned last in a chat; null when it was this one, in another topic. */
export async function pinnedIn(
  { db, botId }: Scope,
  chatId: number,
  campaignId: number,
): Promise<number | null> {
  // A campaign comes to a person once, and may have a million deliveries to look through.
  const [row] = await query<{ pinned: number | null }>(
    db,
    chatId > 0
      ? sql`select r.pinned_message_id as pinned from recipients r where r.bot_id = ${botId} and r.chat_id = ${chatId}`
      : sql`select c.pinned_message_id as pinned from chats c where c.bot_id = ${botId} and c.chat_id = ${chatId}
          and not exists (select from deliveries d where d.bot_id = ${botId} and d.campaign_id = ${campaignId}
            and d.chat_id = ${chatId} and d.message_id = c.pinned_message_id)`,
  );
  return row?.pinned ?? null;
}

export async function notePinned({ db, botId }: Scope, chatId: number, messageId: number): Promise<void> {
  await db.execute(
    chatId > 0
      ? sql`update recipients r set pinned_message_id = ${messageId} where r.bot_id = ${botId} and r.chat_id = ${chatId}`
      : sql`update chats c set pinned_message_id = ${messageId} where c.bot_id = ${botId} and c.chat_id = ${chatId}`,
  );
}
