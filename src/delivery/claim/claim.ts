import { type SQL, sql } from "drizzle-orm";
import { isOfPerson, isReachable, wantsCategory } from "../../audience/recipients.ts";
import type { Campaign } from "../../campaign/campaign.ts";
import { givesCodes } from "../../campaign/give-codes.ts";
import { addingTo } from "../../campaign/counters.ts";
import { buttonsOf, versionsOf } from "../../content/content.ts";
import { CODE, personalParts, placeholdersIn } from "../../content/personal-parts.ts";
import type { PersonFacts } from "../../content/personal.ts";
import { query } from "../../db/connect.ts";
import type { Scope } from "../../db/scope.ts";
import { type Mark, areKept } from "../recovery/marks.ts";
import type { Claimed } from "../shared/claimed.ts";

/** Whether a post reads differently from one person to another. */
export function needsPerson({
  content,
  leaveLabel,
  attributes = [],
}: Pick<Campaign, "content" | "leaveLabel" | "attributes">): boolean {
  const versions = versionsOf(content);
  const known = new Set(attributes);
  return (
    leaveLabel !== undefined ||
    versions.length > 1 ||
    versions.some(
      ({ version }) => placeholdersIn(personalParts(version, buttonsOf(content, version)), known).length > 0,
    )
  );
}

/** What a post asks of a person. */
export interface Asked {
  attributes: readonly string[];
  /** Their code is among these; null if the post has none. */
  codes: Pick<Campaign, "homeId" | "codePool" | "codeRound"> | null;
}

/** What a campaign asks of a person; null if it reads the same for everyone. */
export function askedOf(campaign: Campaign): Asked | null {
  if (!needsPerson(campaign)) return null;
  return { attributes: campaign.attributes ?? [], codes: givesCodes(campaign) ? campaign : null };
}

/** A batch spans at most this many places; retries may be far in front of the others. */
const RANGE = 2_000;

/**
 * Claims up to `limit` due deliveries of a campaign, in the order of the freeze, and skips those whose recipient has
 * blocked the bot, opted out or left the campaign's category since. A group or channel that the bot has lost since fails instead, because an admin chose
 * it by name and has to hear of it. Nothing is claimed unless the campaign is running at that moment.
 *
 * One statement for the batch: a claim per message would cost 40 times as much. It joins nothing and looks up by key
 * within a short range, because a campaign that was just frozen has no statistics, and with any other plan PostgreSQL
 * reads all of it for every claim (docs/adr/0002-no-joins-in-hot-statements.md).
 *
 * - `after` is the seq at which the last claim ended: starting earlier would scan dead index entries that autovacuum has
 *   not removed yet. 0 also finds retries.
 * - `person` reads what the post asks of them; null reads nothing.
 * - `skipped` counts the skipped and the failed: the campaign moved on although there may be nothing to send.
 * - `lost` means that the database no longer has all `marks`, so nothing was claimed. The same statement checks this,
 *   because the next one may already reach another server.
 */
export async function claim(
  { db, botId }: Scope,
  campaignId: number,
  limit: number,
  now: Date,
  after = 0,
  person: Asked | null = null,
  marks: readonly Mark[] = [],
): Promise<{ batch: Claimed[]; skipped: number; lost: boolean }> {
  const due = sql`bot_id = ${botId} and campaign_id = ${campaignId} and state = 'pending'
    and (not_before is null or not_before <= ${now.toISOString()}::timestamptz)`;
  // Looked up once for the batch.
  const category = sql`(select category from campaigns where bot_id = ${botId} and id = ${campaignId})`;
  const goes = sql`${isReachable("r")} and ${wantsCategory("r", category)}`;
  const [found] = await query<{ batch: Row[] | null; skipped: number; lost: boolean }>(
    db,
    sql`with memory as materialized (select ${areKept(botId, marks)} as stands), first as (
          select seq from deliveries where ${due} and seq > ${after} order by seq limit 1
        ), picked as (
          select seq from deliveries where ${due} and seq between (select seq from first) and (select seq from first) + ${RANGE}
            and exists (select from campaigns where bot_id = ${botId} and id = ${campaignId} and state = 'running')
            and (select stands from memory)
          order by seq limit ${limit}
          for update skip locked
        ), claimed as (
          update deliveries d
          set claims = d.claims + 1, not_before = null, (state, reason, settled_at) = (
            select (case when ${goes} then 'sending'
                         when ${isOfPerson("d.chat_id")} then 'skipped' else 'failed' end)::delivery_state,
                   case when r.opted_out_at is not null then 'opted-out'
                        when r.status = 'active' and not ${wantsCategory("r", category)} then 'left-category'
                        when r.status = 'active' then null
                        when ${isOfPerson("d.chat_id")} then coalesce(r.status::text, 'unreachable')
                        else ${whyLost(botId)} end,
                   case when ${goes} then null else now() end
            from (values (1)) as one left join recipients r on r.bot_id = ${botId} and r.chat_id = d.chat_id)
          where d.bot_id = ${botId} and d.campaign_id = ${campaignId} and d.seq = any(array(select seq from picked))
            and d.seq between (select min(seq) from picked) and (select max(seq) from picked)
          returning d.seq, d.chat_id, d.thread_id, d.attempts, d.claims, d.state, d.calls_done, d.version, d.content_revision,
            coalesce(d.message_ids, array_remove(array[d.message_id], null)) as message_ids
        ), counted as (
          ${addingTo({
            skipped: sql`(select count(*) from claimed where state = 'skipped')`,
            failed: sql`(select count(*) from claimed where state = 'failed')`,
          })}
          where bot_id = ${botId} and id = ${campaignId} and exists (select from claimed where state in ('skipped', 'failed'))
        )
        select not stands as lost, (select count(*)::int from claimed where state <> 'sending') as skipped,
          (select json_agg(json_build_array(seq, chat_id, thread_id, attempts, claims, calls_done, message_ids, version, content_revision,
            ${person ? personOf(botId, person) : sql`null`}) order by seq) from claimed where state = 'sending') as batch
        from memory`,
  );
  const { batch, skipped, lost } = found ?? { batch: null, skipped: 0, lost: false };
  return { batch: (batch ?? []).map((row) => toClaimed(campaignId, row)), skipped, lost };
}

/** One JSON for the batch: a driver takes three times as long for rows with as many columns. */
type Row = [
  seq: number,
  chatId: number,
  threadId: number | null,
  attempts: number,
  claims: number,
  callsDone: number,
  messageIds: number[],
  version: string | null,
  contentRevision: number | null,
  person: PersonFacts | null,
];

function toClaimed(campaignId: number, row: Row): Claimed {
  const [seq, chatId, threadId, attempts, claims, callsDone, messageIds, version, contentRevision, person] =
    row;
  return {
    campaignId,
    seq,
    chatId,
    threadId,
    attempts,
    claims,
    callsDone,
    messageIds,
    version,
    contentRevision,
    person,
  };
}

/** SQL: what versions and personal text need to know of the person of a delivery in `claimed`. */
export function personOf(botId: number, { attributes, codes }: Asked): SQL {
  const code =
    codes &&
    sql`(select c.code from codes c where c.home_id = ${codes.homeId} and c.user_id = claimed.chat_id
      and c.pool_id = ${codes.codePool} and c.round = ${codes.codeRound})`;
  const values = attributes.map(
    (name) => sql`${name}::text, ${name === CODE && code ? code : sql`r.attributes -> ${name}`}`,
  );
  const object = sql`jsonb_build_object(${sql.join(values, sql`, `)})`;
  return sql`case when ${isOfPerson("chat_id")} then (
    select jsonb_build_object('language', r.language, 'firstName', r.first_name, 'lastName', r.last_name, 'username', r.username${attributes.length > 0 ? sql`, 'attributes', ${object}` : sql``})
    from recipients r where r.bot_id = ${botId} and r.chat_id = claimed.chat_id) end`;
}

/** SQL: why nothing can be posted to the group or channel of delivery `d`: the bot is there without the right, or not there. */
export function whyLost(botId: number): SQL {
  return sql`coalesce((select case when (c.rights ->> 'present')::boolean then 'no-rights' end
    from chats c where c.bot_id = ${botId} and c.chat_id = d.chat_id), 'chat-lost')`;
}
