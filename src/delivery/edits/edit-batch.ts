import { sql } from "drizzle-orm";
import { markOutOfReach } from "../../audience/out-of-reach.ts";
import { type EditProgress, type SentEdit, hasOlder, recordEditProgress } from "../../campaign/sent-edits.ts";
import { query } from "../../db/connect.ts";
import { type Scope, inTransaction } from "../../db/scope.ts";
import type { EditOutcome } from "../../telegram/edit-call.ts";
import type { Claimed } from "../shared/claimed.ts";
import { type Asked, personOf } from "../claim/claim.ts";
import type { Verdict } from "./edit-verdicts.ts";

/** A copy of a post, with an older revision. */
export interface Copy extends Pick<
  Claimed,
  "campaignId" | "seq" | "chatId" | "threadId" | "version" | "messageIds" | "person"
> {
  /** Its call is under way: what it carries is known once it is settled. */
  isSending: boolean;
}

/** As in claim.ts: rows are looked up by key within a short range, whatever the statistics say. */
const RANGE = 2_000;

export interface CopiesRead {
  copies: Copy[];
  /** Everything above it has been read. */
  cursor: number;
}

/** Reads the next copies below `from` (inclusive), the newest first: at most `limit`. */
export async function readCopiesBelow(
  scope: Scope,
  edit: SentEdit,
  from: number,
  limit: number,
  person: Asked | null,
): Promise<CopiesRead> {
  for (let high = from; high > 0; high -= RANGE) {
    const low = Math.max(1, high - RANGE + 1);
    const range = sql`seq between ${low} and ${high}`;
    const copies = await readCopies(scope, edit, sql`${range}`, limit, person);
    const last = copies.at(-1);
    if (last) return { copies, cursor: copies.length < limit ? low - 1 : last.seq - 1 };
  }
  return { copies: [], cursor: 0 };
}

/** Reads these copies, as far as they still have an older revision. */
export async function readCopiesAt(
  scope: Scope,
  edit: SentEdit,
  seqs: readonly number[],
  person: Asked | null,
): Promise<Copy[]> {
  if (seqs.length === 0) return [];
  const bounds = sql`seq between ${Math.min(...seqs)} and ${Math.max(...seqs)}`;
  return readCopies(
    scope,
    edit,
    sql`${bounds} and seq = any(${`{${seqs.join(",")}}`}::int[])`,
    seqs.length,
    person,
  );
}

async function readCopies(
  { db, botId }: Scope,
  { campaignId, contentRevision }: SentEdit,
  which: ReturnType<typeof sql>,
  limit: number,
  person: Asked | null,
): Promise<Copy[]> {
  const rows = await query<Omit<Copy, "campaignId">>(
    db,
    sql`with claimed as (
          select seq, chat_id, thread_id, state::text = 'sending' as is_sending, version,
            coalesce(message_ids, array_remove(array[message_id], null)) as message_ids
          from deliveries
          where bot_id = ${botId} and campaign_id = ${campaignId} and ${which}
            and (state::text = 'sending' or ${hasOlder(contentRevision)})
          order by seq desc limit ${limit})
        select seq, chat_id::float8 as "chatId", thread_id as "threadId", is_sending as "isSending", version,
          to_jsonb(message_ids) as "messageIds", ${person ? personOf(botId, person) : sql`null::jsonb`} as person
        from claimed order by seq desc`,
  );
  return rows.map((row) => ({ ...row, campaignId }));
}

/** What came of a batch. */
export interface BatchDone extends EditProgress {
  /** Those that show the new revision now. */
  seqs: number[];
  blocked: number[];
  deactivated: number[];
}

export function emptyBatch(cursor: number, waiting: number[]): BatchDone {
  const none = { edited: 0, unchanged: 0, gone: 0, refused: 0 };
  return { ...none, cursor, waiting, seqs: [], blocked: [], deactivated: [] };
}

/** Adds what came of one copy. */
export function addToBatch(
  done: BatchDone,
  { seq, chatId }: Copy,
  verdict: Verdict,
  outcome: EditOutcome | null,
): void {
  if (typeof verdict === "object" || verdict === "waiting") done.waiting.push(seq);
  else done[verdict] += 1;
  if (verdict === "edited" || verdict === "unchanged") done.seqs.push(seq);
  if (outcome?.type !== "refused") return;
  if (outcome.class === "blocked") done.blocked.push(chatId);
  if (outcome.class === "deactivated") done.deactivated.push(chatId);
}

/**
 * Writes what came of a batch: in one transaction the deliveries' revision, how far the edit is, and who can no longer be
 * reached. A delivery that is being sent again meanwhile is left alone.
 */
export async function recordBatch(scope: Scope, edit: SentEdit, done: BatchDone): Promise<void> {
  const { seqs, blocked, deactivated } = done;
  await inTransaction(scope, async (tx) => {
    const { db, botId } = tx;
    if (seqs.length > 0)
      await db.execute(
        sql`update deliveries set content_revision = ${edit.contentRevision}
            where bot_id = ${botId} and campaign_id = ${edit.campaignId} and seq = any(${`{${seqs.join(",")}}`}::int[])
              and seq between ${Math.min(...seqs)} and ${Math.max(...seqs)}
              and state::text <> 'sending' and ${hasOlder(edit.contentRevision)}`,
      );
    await recordEditProgress(tx, edit, done);
    if (blocked.length > 0) await markOutOfReach(tx, `{${blocked.join(",")}}`, "blocked");
    if (deactivated.length > 0) await markOutOfReach(tx, `{${deactivated.join(",")}}`, "deactivated");
  });
}
