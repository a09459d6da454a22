import { and, asc, eq, gt, inArray, lte, max } from "drizzle-orm";
import type { Scope } from "../../db/scope.ts";
import { deliveries } from "../../db/schema.ts";

export interface Failure {
  seq: number;
  chatId: number;
  state: string;
  reason: string | null;
  description: string | null;
  attempts: number;
  settledAt: Date | null;
}

/** Deliveries read at once, in a few ms; skipped ones are in no index. */
const RANGE = 5_000;

/**
 * Failed, uncertain and skipped deliveries one by one, in the order of the freeze. They are read range by range, so
 * that a million neither fills the memory nor delays what is being sent.
 */
export async function* eachFailure({ db, botId }: Scope, campaignId: number): AsyncGenerator<Failure> {
  const ofCampaign = and(eq(deliveries.botId, botId), eq(deliveries.campaignId, campaignId));
  const [row] = await db
    .select({ last: max(deliveries.seq) })
    .from(deliveries)
    .where(ofCampaign);
  const last = row?.last ?? 0;
  for (let after = 0; after < last; after += RANGE)
    yield* await db
      .select({
        seq: deliveries.seq,
        chatId: deliveries.chatId,
        state: deliveries.state,
        reason: deliveries.reason,
        description: deliveries.description,
        attempts: deliveries.attempts,
        settledAt: deliveries.settledAt,
      })
      .from(deliveries)
      .where(
        and(
          ofCampaign,
          gt(deliveries.seq, after),
          lte(deliveries.seq, after + RANGE),
          inArray(deliveries.state, ["failed", "uncertain", "skipped"]),
        ),
      )
      .orderBy(asc(deliveries.seq));
}

/** The columns of missedRows(). */
export const MISSED_COLUMNS = ["chat_id", "state", "reason", "description", "attempts", "settled_at"];

/** A row for each recipient who was not reached, with the values in the order of MISSED_COLUMNS. */
export async function* missedRows(scope: Scope, campaignId: number): AsyncGenerator<unknown[]> {
  for await (const one of eachFailure(scope, campaignId))
    yield [one.chatId, one.state, one.reason, one.description, one.attempts, one.settledAt?.toISOString()];
}
