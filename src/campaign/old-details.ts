import { type SQL, and, eq, inArray, lt, lte, sql } from "drizzle-orm";
import type { Scope } from "../db/scope.ts";
import { campaigns } from "../db/schema.ts";
import { OVER_STATES } from "./campaign.ts";

/* Campaigns whose deliveries have been kept for long enough. The engine deletes these (delivery/upkeep/retention.ts). */

/** Over since before `before`, with deliveries left. Without an end there is no telling how old it is. */
function isOld({ botId }: Scope, before: Date): SQL | undefined {
  return and(
    eq(campaigns.botId, botId),
    inArray(campaigns.state, OVER_STATES),
    lte(campaigns.finishedAt, before),
    lt(campaigns.droppedTo, campaigns.total),
  );
}

/** The longest over first. Those whose dropping was cut short are among them. */
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
 * Marks a campaign: from here on nobody in it can be retried (`retry` looks for the mark in the UPDATE that moves the
 * same row). Null if it was retried first: then it is no longer over.
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
 * SQL: notes that the deliveries from `from` up to `to` are being deleted, in the statement that deletes them. Returns no
 * row when somebody else moved on from `from` meanwhile.
 */
export function droppingUpTo(botId: number, campaignId: number, from: number, to: number): SQL {
  return sql`update campaigns set dropped_to = ${to}::int
          where bot_id = ${botId} and id = ${campaignId} and dropped_to = ${from}::int and details_dropped_at is not null
          returning id`;
}
