import { sql } from "drizzle-orm";
import { type Scope, query } from "../db/connect.ts";

/** A delivery that is ours to send: it stands as `sending` in the database before the call leaves. */
export interface Claimed {
  campaignId: number;
  seq: number;
  chatId: number;
  /** Attempts before this one. */
  attempts: number;
  /** Which claim of this delivery it is; only this one may settle it. */
  claims: number;
}

/**
 * Claims up to `limit` deliveries of a campaign that are due, in the order of the freeze, and skips on the way
 * those whose recipient has blocked the bot or opted out since. Nothing is claimed unless the campaign is
 * running at that moment, so a pause needs no other signal.
 *
 * One statement: a claim per message would cost 40 times as much as one per batch.
 * `skipped` tells that something moved although there may be nothing to send.
 */
export async function claim(
  { db, botId }: Scope,
  campaignId: number,
  limit: number,
  now: Date,
): Promise<{ batch: Claimed[]; skipped: number }> {
  const rows = await query<{ seq: number; chatId: number; attempts: number; claims: number; state: string }>(
    db,
    sql`with picked as (
          select seq, chat_id from deliveries
          where bot_id = ${botId} and campaign_id = ${campaignId} and state = 'pending'
            and (not_before is null or not_before <= ${now.toISOString()}::timestamptz)
            and exists (select from campaigns where bot_id = ${botId} and id = ${campaignId} and state = 'running')
          order by seq limit ${limit}
          for update skip locked
        ), claimed as (
          update deliveries d
          set state = (case when r.status = 'active' and r.opted_out_at is null then 'sending' else 'skipped' end)::delivery_state,
              reason = case when r.opted_out_at is not null then 'opted-out'
                            when r.status = 'active' then null
                            else coalesce(r.status::text, 'unreachable') end,
              not_before = null, claims = d.claims + 1,
              settled_at = case when r.status = 'active' and r.opted_out_at is null then null else now() end
          from picked left join recipients r on r.bot_id = ${botId} and r.chat_id = picked.chat_id
          where d.bot_id = ${botId} and d.campaign_id = ${campaignId} and d.seq = picked.seq
          returning d.seq, d.chat_id, d.attempts, d.claims, d.state
        ), counted as (
          update campaigns set skipped = skipped + (select count(*) from claimed where state = 'skipped')
          where bot_id = ${botId} and id = ${campaignId} and exists (select from claimed where state = 'skipped')
        )
        select seq, chat_id::float8 as "chatId", attempts, claims, state::text as state from claimed order by seq`,
  );
  const batch = rows
    .filter((row) => row.state === "sending")
    .map(({ seq, chatId, attempts, claims }) => ({ campaignId, seq, chatId, attempts, claims }));
  return { batch, skipped: rows.length - batch.length };
}
