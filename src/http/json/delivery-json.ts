import type { ReportedDelivery } from "../../campaign/report/each-delivery.ts";
import type { HistoryEntry } from "../../campaign/report/recipient-history.ts";
import type { InboxOfPerson } from "../../inbox/inbox-of-person.ts";
import type { DeliveryJson, HistoryEntryJson } from "../shapes/history-shapes.ts";
import { momentOf } from "./moments.ts";

export function deliveryToJson(delivery: ReportedDelivery): DeliveryJson {
  return {
    seq: delivery.seq,
    chat_id: delivery.chatId,
    topic_id: delivery.threadId,
    state: delivery.state,
    reason: delivery.reason,
    description: delivery.description,
    message_ids: delivery.messageIds,
    language: delivery.version,
    content_revision: delivery.contentRevision,
    attempts: delivery.attempts,
    settled_at: momentOf(delivery.settledAt),
  };
}

/** The columns of a table of deliveries. */
export const DELIVERY_COLUMNS = [
  "seq",
  "chat_id",
  "topic_id",
  "state",
  "reason",
  "description",
  "message_ids",
  "language",
  "content_revision",
  "attempts",
  "settled_at",
] as const satisfies readonly (keyof DeliveryJson)[];

/** The same as a row; message ids are separated by spaces. */
export function deliveryToRow(delivery: ReportedDelivery): unknown[] {
  const json = { ...deliveryToJson(delivery), message_ids: delivery.messageIds.join(" ") };
  return DELIVERY_COLUMNS.map((column) => json[column]);
}

export function historyToJson({ campaignId, deliveries, vote, answers }: HistoryEntry): HistoryEntryJson {
  return {
    campaign: campaignId,
    deliveries: deliveries.map(deliveryToJson),
    vote: vote && { choice: vote.choice, at: vote.at.toISOString() },
    poll_answers: answers.map(({ choices, at }) => ({ choices, at: at.toISOString() })),
  };
}

export function inboxToJson({ blocked, firstAt, lastAt, messages }: InboxOfPerson) {
  return { blocked, first_at: firstAt.toISOString(), last_at: lastAt.toISOString(), messages };
}
