import { type SQL, and, eq, sql } from "drizzle-orm";
import { query } from "../db/connect.ts";
import type { Scope } from "../db/scope.ts";
import { campaigns } from "../db/schema.ts";
import { DomainError } from "../errors.ts";
import { RECIPIENTS_OWN, countedInDeliveries } from "./counters.ts";
import { canBeReached } from "./queries.ts";

/** Back to pending: what failed alike before the campaign paused for `errors`. Blocks and lost accounts stay settled. */
export async function reviveAlike(scope: Scope, campaignId: number): Promise<number> {
  return revive(scope, campaignId, sql`d.state = 'failed' and d.reason not in ${RECIPIENTS_OWN}`);
}

/** Back to pending: failed (or uncertain) deliveries whose recipient can be written to now. Returns how many. */
export async function reviveRetryable(
  scope: Scope,
  campaignId: number,
  state: "failed" | "uncertain",
): Promise<number> {
  return revive(scope, campaignId, sql`d.state = ${state} and ${canBeReached}`);
}

/** A post of two calls that got stuck between them goes on behind the first: what has arrived does not come again. */
async function revive({ db, botId }: Scope, campaignId: number, which: SQL): Promise<number> {
  const rows = await query<{ seq: number }>(
    db,
    sql`update deliveries d
        set state = 'pending', attempts = 0, not_before = null, reason = null, description = null, settled_at = null
        where d.bot_id = ${botId} and d.campaign_id = ${campaignId} and ${which}
        returning d.seq`,
  );
  return rows.length;
}

/**
 * Counts the deliveries anew into the campaign's counters. Only after a revival, which is rare: it reads
 * every delivery. The campaign's row must be locked already by a move in this transaction: a settle that
 * runs beside it then adds its own counts after ours.
 */
export async function recount(
  { db, botId }: Scope,
  campaignId: number,
): Promise<typeof campaigns.$inferSelect> {
  const [counts] = await query<Partial<typeof campaigns.$inferInsert>>(
    db,
    sql`select ${countedInDeliveries()}
        from deliveries where bot_id = ${botId} and campaign_id = ${campaignId}`,
  );
  const [row] = await db
    .update(campaigns)
    .set({ ...counts })
    .where(and(eq(campaigns.botId, botId), eq(campaigns.id, campaignId)))
    .returning();
  if (!row) throw new DomainError("not-found", { id: campaignId });
  return row;
}
