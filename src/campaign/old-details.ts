import { type SQL, and, eq, inArray, isNull, lt, lte, sql } from "drizzle-orm";
import type { Scope } from "../db/scope.ts";
import { campaigns } from "../db/schema.ts";
import { OVER_STATES } from "./campaign.ts";

/*
 * Campaigns whose deliveries have been kept for long enough. The engine deletes these (delivery/upkeep/retention.ts).
 */

/** SQL: it ended before `before` and has deliveries left. Without an end, its age is unknown. */
function isOld({ botId }: Scope, before: Date): SQL | undefined {
  return and(
    eq(campaigns.botId, botId),
    inArray(campaigns.state, OVER_STATES),
    lte(campaigns.finishedAt, before),
    lt(campaigns.droppedTo, campaigns.total),
    // Its audience grows, and its deliveries are those of newcomers.
    isNull(campaigns.step),
  );
}

/** Those that ended first come first, including those whose deletion was interrupted. */
export async function listOld(scope: Scope, before: Date): Promise<{ id: number }[]> {
  return scope.db
    .select({ id: campaigns.id })
    .from(campaigns)
    .where(isOld(scope, before))
    .orderBy(campaigns.finishedAt, campaigns.id);
}

export interface Begun {
  droppedTo: number;
  total: number;
}

/**
 * Marks a campaign: from then on its deliveries cannot be retried (`retry` checks the mark in the UPDATE of the same
 * row). Null if it was retried first, and so is no longer over.
 */
export async function beginDrop(
  scope: Scope,
  campaignId: number,
  before: Date,
  now: Date,
): Promise<Begun | null> {
  const [row] = await scope.db
    .update(campaigns)
    .set({
      detailsDroppedAt: sql`coalesce(${campaigns.detailsDroppedAt}, ${now.toISOString()}::timestamptz)`,
    })
    .where(and(isOld(scope, before), eq(campaigns.id, campaignId)))
    .returning({ droppedTo: campaigns.droppedTo, total: campaigns.total });
  return row ?? null;
}

/**
 * SQL: records, in the statement that deletes them, that the deliveries after `from` up to `to` are deleted. Returns no
 * row if another process has moved on from `from` meanwhile.
 */
export function droppingUpTo(botId: number, campaignId: number, from: number, to: number): SQL {
  return sql`update campaigns set dropped_to = ${to}::int
          where bot_id = ${botId} and id = ${campaignId} and dropped_to = ${from}::int and details_dropped_at is not null
          returning id`;
}
