import { type SQL, TransactionRollbackError, and, eq, sql } from "drizzle-orm";
import { isReachable } from "../../audience/recipients.ts";
import { type Chats, type Chosen, type People, isForChats } from "../../audience/segment/audience.ts";
import { nextPart } from "../../audience/segment/part.ts";
import { type Cap, countedCampaigns } from "../../audience/segment/restraint.ts";
import { prepareJoins } from "../../audience/segment/segment-sql.ts";
import { withoutRepeats } from "../../audience/chat-migration.ts";
import type { Campaign } from "../../campaign/campaign.ts";
import { restraintOf } from "../../campaign/frequency-cap.ts";
import { noteFrozen } from "../../campaign/freeze-progress.ts";
import { countFree } from "../../campaign/code-pool.ts";
import { giveCodes, givesCodes } from "../../campaign/give-codes.ts";
import { pauseBecause } from "../../campaign/engine-moves.ts";
import { countUnfrozen, isToFreeze, leftOf } from "../../campaign/unfrozen.ts";
import { toCampaign } from "../../campaign/queries.ts";
import { query } from "../../db/connect.ts";
import type { Scope } from "../../db/scope.ts";
import { campaigns, recipients } from "../../db/schema.ts";
import { whyLost } from "../claim/claim.ts";
import { lostSubjects } from "./hold-segment.ts";
import { listOverCap } from "./over-cap.ts";

/**
 * Freezes all groups and channels of a campaign at once, in the order in which they were chosen, each (or each topic)
 * once. A chat in which the bot can no longer post is frozen as failed: an admin chose it by name, so the report must
 * list it, and `Retry failed` reaches it once the bot is back.
 */
async function freezeChats(scope: Scope, campaignId: number, { chats }: Chats): Promise<boolean> {
  const { db, botId } = scope;
  const targets = JSON.stringify(withoutRepeats(chats));
  return db
    .transaction(async (tx) => {
      const [frozen] = await query<{ count: number; failed: number }>(
        tx,
        sql`with d as (
              select (target ->> 'chatId')::bigint as chat_id, (target ->> 'threadId')::int as thread_id, place::int as seq
              from jsonb_array_elements(${targets}::jsonb) with ordinality as t(target, place)
            ), seen as (
              select d.*, coalesce((select ${isReachable("r")} from recipients r
                where r.bot_id = ${botId} and r.chat_id = d.chat_id), false) as reachable from d
            ), frozen as (
              insert into deliveries (bot_id, campaign_id, seq, chat_id, thread_id, state, reason, settled_at)
              select ${botId}::bigint, ${campaignId}::bigint, d.seq, d.chat_id, d.thread_id,
                (case when d.reachable then 'pending' else 'failed' end)::delivery_state,
                case when not d.reachable then ${whyLost(botId)} end, case when not d.reachable then now() end
              from seen d on conflict do nothing returning state)
            select count(*)::int as count, count(*) filter (where state = 'failed')::int as failed from frozen`,
      );
      const { count, failed } = frozen ?? { count: 0, failed: 0 };
      const change = { total: count, failed, frozenAt: sql`now()` };
      if (!(await noteFrozen({ ...scope, db: tx }, campaignId, { total: 0, freezeCursor: null }, change)))
        tx.rollback();
      return true;
    })
    .catch(undone);
}

/** Nothing was frozen: the campaign is no longer running, or another freeze was first. The next call checks again. */
function undone(error: unknown): boolean {
  if (error instanceof TransactionRollbackError) return false;
  throw error;
}

/**
 * SQL: those of `next` who are frozen. Where each person gets a bundle once, those whom no other campaign of it has: the rows
 * are inserted in the transaction of the chunk, and in order, so that bots that freeze at the same time share the people out
 * without waiting for each other in a circle.
 */
function takenOf({ homeId, bundleId, eachOnce }: Campaign): SQL {
  if (bundleId === null || !eachOnce) return sql`select chat_id from next`;
  return sql`insert into bundle_people (home_id, bundle_id, user_id)
    select ${homeId}::bigint, ${bundleId}::bigint, chat_id from next order by chat_id
    on conflict do nothing returning user_id as chat_id`;
}

/** People who are looked at for each one that a chunk may freeze, where a segment chooses among them. */
const LOOKED_AT = 4;

/** The next people of a campaign. */
interface Batch {
  /** SQL: their ids. */
  next: SQL;
  /** Whether it was the last batch, if there were so many of them. */
  isLast(read: number): boolean;
  /** The id that the freeze continues after; null if that is the last of them. */
  upTo: number | null;
}

/**
 * With languages only, an index leads to the next `size` people. A segment is looked for among the next people of the bot: so
 * a chunk takes no longer, and the first message leaves no later, if it means one in a thousand.
 */
async function nextBatch(
  tx: Scope,
  campaign: Campaign & { audience: People },
  size: number,
  left: number,
): Promise<Batch> {
  const { audience, freezeCursor } = campaign;
  if (!audience.segment) {
    // Forces the index in key order, which reads no further than the chunk. Without statistics (a list that was just
    // imported), each chunk would read and sort everything that is left: 485,000 rows instead of 10,000.
    await tx.db.execute(sql`set local enable_sort = off`);
    const most = Math.min(size, left);
    return { next: idsFrom(isToFreeze(tx, campaign), most), isLast: (read) => read < size, upTo: null };
  }
  const part = await nextPart(tx, audience.segment, freezeCursor, size * LOOKED_AT);
  await prepareJoins(tx);
  return {
    next: idsFrom(isToFreeze(tx, campaign, part), left),
    isLast: (read) => part.upTo === null || read >= left,
    upTo: part.upTo,
  };
}

function idsFrom({ from, where }: Chosen, most: number): SQL {
  const limit = Number.isFinite(most) ? sql`limit ${most}` : sql``;
  return sql`select ${recipients.chatId} from ${from} where ${where} order by ${recipients.chatId} ${limit}`;
}

/**
 * The people of a batch whom the frequency cap lets through, `left` of them at most. They are read first, so that what is asked
 * about them is asked about the same people as are frozen then.
 */
async function withinCap(tx: Scope, { next, isLast, upTo }: Batch, cap: Cap, left: number): Promise<Batch> {
  const rows = await query<{ id: number }>(tx.db, sql`select chat_id::float8 as id from (${next}) n`);
  const ids = rows.map(({ id }) => id).toSorted((a, b) => a - b);
  const over = await listOverCap(tx, ids, cap);
  const fit = ids.filter((id) => !over.has(id)).slice(0, left);
  return {
    next: sql`select chat_id from unnest(${`{${fit.join(",")}}`}::bigint[]) as chat_id`,
    isLast: () => isLast(ids.length) || fit.length >= left,
    upTo: upTo ?? ids.at(-1) ?? null,
  };
}

/** The cap, if it can hold anyone back. */
async function capOn(tx: Scope, campaign: Campaign): Promise<Cap | null> {
  const at = campaign.startedAt ?? campaign.updatedAt;
  const { cap } = await restraintOf(tx, campaign, [tx.botId], at);
  return cap && (cap.most === 0 || countedCampaigns(cap, tx.botId).length > 0) ? cap : null;
}

/**
 * Freezes the next `size` recipients of a running campaign into deliveries, in key order from its cursor on.
 * Rows, cursor and total change in one transaction, so that after a crash the freeze continues where it was. The
 * campaign's row is locked only at the end, so that Pause and the counters do not wait for a chunk.
 * Everyone gets their personal code in the same transaction. If there are too few, the campaign pauses.
 * Resolves true when the campaign is no longer running or its audience is complete.
 */
export async function freezeChunk(
  scope: Scope,
  campaignId: number,
  size: number,
  onPaused: (campaign: Campaign) => void = () => undefined,
): Promise<boolean> {
  const { db, botId } = scope;
  const self = and(eq(campaigns.botId, botId), eq(campaigns.id, campaignId));
  const [row] = await db.select().from(campaigns).where(self);
  if (!row || row.state !== "running" || row.frozenAt) return true;
  const campaign = toCampaign(row);
  const { audience, freezeCursor, total } = campaign;
  if (isForChats(audience)) return freezeChats(scope, campaignId, audience);

  return db
    .transaction(async (tx) => {
      // With sorts or nested loops off, a statement looks so expensive that a server compiles it to machine code for each chunk:
      // 550 ms instead of 150 ms.
      await tx.execute(sql`set local jit = off`);
      const within = { ...scope, db: tx };
      const cap = await capOn(within, campaign);
      const left = leftOf(audience, total);
      const batch = await nextBatch(within, { ...campaign, audience }, size, cap ? Infinity : left);
      const { next, isLast, upTo } = cap ? await withinCap(within, batch, cap, left) : batch;
      const [frozen] = await query<{
        read: number;
        count: number;
        last: number | null;
        people: number[] | null;
      }>(
        tx,
        sql`with next as materialized (${next}), taken as (${takenOf(campaign)}), frozen as (
              insert into deliveries (bot_id, campaign_id, seq, chat_id)
              select ${botId}::bigint, ${campaignId}::bigint, ${total}::int + row_number() over (order by chat_id), chat_id
              from taken on conflict do nothing returning chat_id)
            select count(*)::int as read, max(chat_id)::float8 as last, (select count(*)::int from frozen) as count,
              ${givesCodes(campaign) ? sql`(select json_agg(chat_id order by chat_id) from taken)` : sql`null`} as people
            from next`,
      );
      // What goes before this is asked may have been gone in the statement. What is still there was there: the mark, or the list
      // itself, goes first.
      if ((await lostSubjects(within, campaign)).length > 0) tx.rollback();
      const { read, count, last, people } = frozen ?? { read: 0, count: 0, last: null, people: null };
      if (people && givesCodes(campaign) && (await giveCodes(within, campaign, people)) > 0)
        throw new CodesShort("there are too few codes for this chunk");
      const complete = isLast(read);
      // Only if the total is still as read above: after a pause or another freeze the chunk is rolled back.
      const change = {
        total: total + count,
        freezeCursor: upTo ?? last ?? freezeCursor,
        ...(complete && { frozenAt: sql`now()` }),
      };
      if (!(await noteFrozen(within, campaignId, { total, freezeCursor }, change))) tx.rollback();
      return complete;
    })
    .catch(async (error: unknown) => {
      if (!(error instanceof CodesShort) || !givesCodes(campaign)) return undone(error);
      const lacking = (await countUnfrozen(scope, campaign)) - (await countFree(scope, campaign.codePool));
      const paused = await pauseBecause(scope, campaignId, "codes", String(Math.max(1, lacking)));
      if (paused) onPaused(paused);
      return true;
    });
}

/** Rolls a chunk back. */
class CodesShort extends Error {}
