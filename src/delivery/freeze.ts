import { and, asc, eq, gt, sql } from "drizzle-orm";
import { reachable } from "../audience/recipient.ts";
import { belongsTo } from "../audience/segment.ts";
import { toCampaign } from "../campaign/queries.ts";
import { type Scope, query } from "../db/connect.ts";
import { campaigns, recipients } from "../db/schema.ts";

/**
 * Freezes the next `size` recipients of a running campaign into deliveries, in key order behind its cursor.
 * Rows, cursor and total move in one transaction: after a crash the freeze goes on where it stood.
 * Resolves true when the campaign is not running any more or its audience is complete.
 */
export async function freezeChunk({ db, botId }: Scope, campaignId: number, size: number): Promise<boolean> {
  return db.transaction(async (tx) => {
    const self = and(eq(campaigns.botId, botId), eq(campaigns.id, campaignId));
    // Locked, so that only one freeze at a time moves the cursor.
    const [row] = await tx.select().from(campaigns).where(self).for("update");
    if (!row || row.state !== "running" || row.frozenAt) return true;
    const { audience, freezeCursor, total } = toCampaign(row);

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
            from next returning chat_id)
          select count(*)::int as count, max(chat_id)::float8 as last from frozen`,
    );
    const { count, last } = frozen ?? { count: 0, last: null };
    const complete = count < size;
    await tx
      .update(campaigns)
      .set({
        total: total + count,
        freezeCursor: last ?? freezeCursor,
        ...(complete && { frozenAt: sql`now()` }),
      })
      .where(self);
    return complete;
  });
}
