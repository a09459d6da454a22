import { type SQL, and, eq, sql } from "drizzle-orm";
import { query } from "../db/connect.ts";
import type { Scope } from "../db/scope.ts";
import { campaigns } from "../db/schema.ts";
import { DomainError } from "../errors.ts";
import { RECIPIENTS_OWN, countedInDeliveries } from "./counters.ts";
import { canBeReached } from "./queries.ts";

/** Sets to pending what failed before the campaign paused for `errors`. Blocks and deleted accounts stay settled. */
export async function reviveAlike(scope: Scope, campaignId: number): Promise<number> {
  return revive(scope, campaignId, sql`d.state = 'failed' and d.reason not in ${RECIPIENTS_OWN}`);
}

/** Sets to pending the failed (or uncertain) deliveries whose recipients can be written to now. Returns how many. */
export async function reviveRetryable(
  scope: Scope,
  campaignId: number,
  state: "failed" | "uncertain",
): Promise<number> {
  return revive(scope, campaignId, sql`d.state = ${state} and ${canBeReached}`);
}

/** A post of two calls that was interrupted between them continues after the first, so that nothing arrives twice. */
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
 * Recounts the deliveries into the campaign's counters. Only after a revival, which is rare, because it reads every
 * delivery. A transition in this transaction must have locked the campaign's row, so that a concurrent settle adds its
 * counts after ours.
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
