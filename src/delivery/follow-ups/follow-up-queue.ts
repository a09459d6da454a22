import { sql } from "drizzle-orm";
import { query } from "../../db/connect.ts";
import type { Scope } from "../../db/scope.ts";
import type { FollowUpKind } from "../../db/states.ts";

/** One thing to do with the messages of one delivery. */
export interface FollowUp {
  campaignId: number;
  seq: number;
  what: FollowUpKind;
  chatId: number;
  /** In the order of the post; the first one is pinned. */
  messageIds: number[];
  /** Attempts before this one. */
  attempts: number;
  /** The post was sent without a sound, and is pinned without one. */
  silent: boolean;
}

/**
 * Adds follow-ups for messages that have arrived. `seqs` are their deliveries' places, ascending. Existing follow-ups stay
 * as they are; a post sent in two parts is added with its first message, and the others are read when it is due.
 */
export async function addFollowUps(
  { db, botId }: Scope,
  campaignId: number,
  what: FollowUpKind,
  seqs: number[],
  dueAt: Date,
): Promise<void> {
  if (seqs.length === 0) return;
  await db.execute(
    sql`insert into follow_ups (bot_id, campaign_id, seq, what, chat_id, message_id, due_at)
        select ${botId}::bigint, ${campaignId}::bigint, d.seq, ${what}::text, d.chat_id, d.message_id,
          ${dueAt.toISOString()}::timestamptz
        from deliveries d
        where d.bot_id = ${botId} and d.campaign_id = ${campaignId} and d.seq = any(${`{${seqs.join(",")}}`}::int[])
          and d.seq between ${seqs[0] ?? 0} and ${seqs.at(-1) ?? 0} and d.message_id is not null
          and (d.state = 'sent' or ${what}::text = 'delete')
        on conflict do nothing`,
  );
}

/**
 * Lists due follow-ups, at most `limit` of each kind, so that pins do not wait behind thousands of deletions. Pins come
 * first, and of a kind the longest overdue.
 */
export async function listDueFollowUps({ db, botId }: Scope, now: Date, limit: number): Promise<FollowUp[]> {
  const dueOf = (what: FollowUpKind) =>
    sql`(select campaign_id, seq, what, chat_id, message_id, attempts, due_at from follow_ups
        where bot_id = ${botId} and what = ${what} and due_at <= ${now.toISOString()}::timestamptz
        order by due_at, campaign_id, seq limit ${limit})`;
  return query<FollowUp>(
    db,
    sql`select f.campaign_id::float8 as "campaignId", f.seq, f.what, f.chat_id::float8 as "chatId",
          coalesce((select to_jsonb(d.message_ids) from deliveries d
            where d.bot_id = ${botId} and d.campaign_id = f.campaign_id and d.seq = f.seq and d.chat_id = f.chat_id),
            jsonb_build_array(f.message_id)) as "messageIds", f.attempts,
          coalesce((select (c.content -> 'options' ->> 'silent')::boolean from campaigns c
            where c.bot_id = ${botId} and c.id = f.campaign_id), false) as silent
        from (${dueOf("pin")} union all ${dueOf("delete")}) f
        order by f.what = 'pin' desc, f.due_at, f.campaign_id, f.seq`,
  );
}

/** Removes follow-ups that are done or cannot be done. */
export async function dropFollowUps({ db, botId }: Scope, followUps: readonly FollowUp[]): Promise<void> {
  if (followUps.length === 0) return;
  await db.execute(
    sql`delete from follow_ups f where f.bot_id = ${botId} and exists (
          select from jsonb_to_recordset(${keys(followUps)}::jsonb) as k("campaignId" bigint, "seq" int, "what" text)
          where k."campaignId" = f.campaign_id and k."seq" = f.seq and k."what" = f.what)`,
  );
}

/** A follow-up that is tried again at `dueAt`. */
export interface PutOff {
  followUp: FollowUp;
  dueAt: Date;
  /** Whether it counts as an attempt. */
  counts: boolean;
}

export async function putOffFollowUps({ db, botId }: Scope, putOff: readonly PutOff[]): Promise<void> {
  for (const { followUp, dueAt, counts } of putOff)
    await db.execute(
      sql`update follow_ups f set due_at = ${dueAt.toISOString()}::timestamptz,
            attempts = least(f.attempts + ${counts ? 1 : 0}, 100)
          where f.bot_id = ${botId} and f.campaign_id = ${followUp.campaignId} and f.seq = ${followUp.seq}
            and f.what = ${followUp.what}`,
    );
}

function keys(followUps: readonly FollowUp[]): string {
  return JSON.stringify(followUps.map(({ campaignId, seq, what }) => ({ campaignId, seq, what })));
}
