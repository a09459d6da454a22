import { TransactionRollbackError, and, asc, eq, gt, isNull, sql } from "drizzle-orm";
import { reachable } from "../audience/recipient.ts";
import { belongsTo } from "../audience/segment.ts";
import { toCampaign } from "../campaign/queries.ts";
import { type Scope, query } from "../db/connect.ts";
import { campaigns, recipients } from "../db/schema.ts";

/**
 * Freezes the next `size` recipients of a running campaign into deliveries, in key order behind its cursor.
 * Rows, cursor and total move in one transaction: after a crash the freeze goes on where it stood. The campaign's
 * row is locked only at its end, so that Pause and the counters do not wait for a chunk.
 * Resolves true when the campaign is not running any more or its audience is complete.
 */
export async function freezeChunk({ db, botId }: Scope, campaignId: number, size: number): Promise<boolean> {
  const self = and(eq(campaigns.botId, botId), eq(campaigns.id, campaignId));
  const [row] = await db.select().from(campaigns).where(self);
  if (!row || row.state !== "running" || row.frozenAt) return true;
  const { audience, freezeCursor, total } = toCampaign(row);

  return db
    .transaction(async (tx) => {
      // In key order by an index, and no further than the chunk. Without statistics (a list that was imported a moment
      // ago) all that is left would be read and sorted for each chunk: 485,000 rows instead of 10,000.
      await tx.execute(sql`set local enable_sort = off`);
      const next = tx
        .select({ chatId: recipients.chatId })
        .from(recipients)
        .where(
          and(
            belongsTo({ db: tx, botId }, audience),
            reachable,
            freezeCursor === null ? undefined : gt(recipients.chatId, freezeCursor),
          ),
        )
        .orderBy(asc(recipients.chatId))
        .limit(size);
      const [frozen] = await query<{ count: number; last: number | null }>(
        tx,
        sql`with next as (${next}), frozen as (
              insert into deliveries (bot_id, campaign_id, seq, chat_id)
              select ${botId}::bigint, ${campaignId}::bigint, ${total}::int + row_number() over (order by chat_id), chat_id
              from next on conflict do nothing returning chat_id)
            select count(*)::int as count, max(chat_id)::float8 as last from frozen`,
      );
      const { count, last } = frozen ?? { count: 0, last: null };
      const complete = count < size;
      // As it was read: after a pause, or beside another freeze, the chunk is undone and the next call looks anew.
      const moved = await tx
        .update(campaigns)
        .set({
          total: total + count,
          freezeCursor: last ?? freezeCursor,
          ...(complete && { frozenAt: sql`now()` }),
        })
        .where(
          and(self, eq(campaigns.state, "running"), eq(campaigns.total, total), isNull(campaigns.frozenAt)),
        )
        .returning({ id: campaigns.id });
      if (moved.length === 0) tx.rollback();
      return complete;
    })
    .catch((error: unknown) => {
      if (error instanceof TransactionRollbackError) return false;
      throw error;
    });
}
