import type { Scope } from "../../db/scope.ts";
import { type ReportedDelivery, eachDeliveryPage } from "./each-delivery.ts";

/** Failed, uncertain and skipped deliveries one by one, in the order of the freeze. */
export async function* eachFailure(scope: Scope, campaignId: number): AsyncGenerator<ReportedDelivery> {
  const states = ["failed", "uncertain", "skipped"] as const;
  for await (const page of eachDeliveryPage(scope, campaignId, { states })) yield* page;
}

/** The columns of missedRows(). */
export const MISSED_COLUMNS = ["chat_id", "state", "reason", "description", "attempts", "settled_at"];

/** A row for each recipient who was not reached, with the values in the order of MISSED_COLUMNS. */
export async function* missedRows(scope: Scope, campaignId: number): AsyncGenerator<unknown[]> {
  for await (const one of eachFailure(scope, campaignId))
    yield [one.chatId, one.state, one.reason, one.description, one.attempts, one.settledAt?.toISOString()];
}
