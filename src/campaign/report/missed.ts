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

/** No index leads to those who were skipped; so many deliveries are read in a few ms. */
const RANGE = 5_000;

/**
 * Failed, uncertain and skipped deliveries one by one, in the order of the freeze. Read range by range: a million neither
 * fill the memory nor hold up what is sent meanwhile.
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

/** Those who were not reached, a row each, in the order of MISSED_COLUMNS. */
export async function* missedRows(scope: Scope, campaignId: number): AsyncGenerator<unknown[]> {
  for await (const one of eachFailure(scope, campaignId))
    yield [one.chatId, one.state, one.reason, one.description, one.attempts, one.settledAt?.toISOString()];
}
