import { type SQL, and, asc, eq, gt, lte, max, sql } from "drizzle-orm";
import type { Scope } from "../../db/scope.ts";
import { deliveries } from "../../db/schema.ts";
import type { DeliveryState } from "../../db/states.ts";

/** What can be said of one recipient's copy. */
export interface ReportedDelivery {
  seq: number;
  chatId: number;
  threadId: number | null;
  state: DeliveryState;
  reason: string | null;
  description: string | null;
  /** Its messages, in order; empty unless it arrived. */
  messageIds: number[];
  /** Language of the version that was sent; null for the default one. */
  version: string | null;
  contentRevision: number | null;
  attempts: number;
  settledAt: Date | null;
}

export interface DeliveryFilter {
  states?: readonly DeliveryState[];
  /** Only those behind this seq. */
  after?: number;
}

/** Deliveries read at once, in a few ms; most states are in no index. */
const RANGE = 5_000;

export const REPORTED = {
  seq: deliveries.seq,
  chatId: deliveries.chatId,
  threadId: deliveries.threadId,
  state: deliveries.state,
  reason: deliveries.reason,
  description: deliveries.description,
  messageId: deliveries.messageId,
  messageIds: deliveries.messageIds,
  version: deliveries.version,
  contentRevision: deliveries.contentRevision,
  attempts: deliveries.attempts,
  settledAt: deliveries.settledAt,
};

type Row = Omit<ReportedDelivery, "messageIds"> & { messageId: number | null; messageIds: number[] | null };

export function toReported({ messageId, messageIds, ...row }: Row): ReportedDelivery {
  return { ...row, messageIds: messageIds ?? (messageId === null ? [] : [messageId]) };
}

/**
 * The deliveries of a campaign in the order of the freeze, in pages of at most `most`; some may be empty. They are read
 * range by range, each for itself, so that a million neither fills the memory nor delays what is being sent.
 */
export async function* eachDeliveryPage(
  { db, botId }: Scope,
  campaignId: number,
  { states, after = 0 }: DeliveryFilter = {},
  most = RANGE,
): AsyncGenerator<ReportedDelivery[]> {
  const ofCampaign = and(eq(deliveries.botId, botId), eq(deliveries.campaignId, campaignId));
  const [row] = await db
    .select({ last: max(deliveries.seq) })
    .from(deliveries)
    .where(ofCampaign);
  const last = row?.last ?? 0;
  for (let from = after; from < last;) {
    const page = await db
      .select(REPORTED)
      .from(deliveries)
      .where(
        and(ofCampaign, gt(deliveries.seq, from), lte(deliveries.seq, from + RANGE), states && isIn(states)),
      )
      .orderBy(asc(deliveries.seq))
      .limit(most);
    from = page.length === most ? (page.at(-1)?.seq ?? last) : from + RANGE;
    yield page.map(toReported);
  }
}

/**
 * SQL: in one of these states. As a text, because the index of what was not sent has no order by seq: without statistics,
 * PostgreSQL would read all of a campaign's failures for each range.
 */
function isIn(states: readonly DeliveryState[]): SQL {
  return sql`${deliveries.state}::text in ${[...states]}`;
}

/** The first deliveries that fit, at most `limit`. */
export async function listDeliveries(
  scope: Scope,
  campaignId: number,
  filter: DeliveryFilter,
  limit: number,
): Promise<ReportedDelivery[]> {
  const found: ReportedDelivery[] = [];
  for await (const page of eachDeliveryPage(scope, campaignId, filter, limit)) {
    found.push(...page);
    if (found.length >= limit) break;
  }
  return found.slice(0, limit);
}
