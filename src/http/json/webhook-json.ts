import { namesOf } from "../../access/admins.ts";
import type { HomeScope } from "../../db/scope.ts";
import type { Webhook } from "../../webhooks/webhook-actions.ts";
import type { WebhookMessage } from "../../webhooks/webhook-messages.ts";
import type { WebhookAttemptJson, WebhookJson } from "../shapes/webhook-shapes.ts";
import { actorToJson } from "./campaign-json.ts";
import { momentOf } from "./moments.ts";

export async function webhooksToJson(scope: HomeScope, webhooks: readonly Webhook[]): Promise<WebhookJson[]> {
  const names = await namesOf(
    scope,
    webhooks.map(({ createdBy }) => createdBy),
  );
  return webhooks.map((webhook) => ({
    id: webhook.id,
    url: webhook.url,
    events: webhook.events,
    enabled: webhook.disabledWhy === null,
    disabled: webhook.disabledWhy && { why: webhook.disabledWhy, at: momentOf(webhook.disabledAt) },
    failing_since: momentOf(webhook.failingSince),
    last_attempt: lastAttempt(webhook),
    created_by: actorToJson(webhook.createdBy, names),
    created_at: webhook.createdAt.toISOString(),
  }));
}

export function attemptToJson(message: WebhookMessage): WebhookAttemptJson {
  const { eventId, attempts, nextAt, deliveredAt, payload } = message;
  return {
    event_id: eventId,
    state: nextAt ? "waiting" : deliveredAt ? "delivered" : "failed",
    attempts,
    next_at: momentOf(nextAt),
    delivered_at: momentOf(deliveredAt),
    last_attempt: lastAttempt(message),
    // Herald wrote it.
    payload: JSON.parse(payload) as WebhookAttemptJson["payload"],
  };
}

function lastAttempt({
  lastAt,
  lastStatus,
  lastFault,
}: Pick<Webhook, "lastAt" | "lastStatus" | "lastFault">) {
  return lastAt && { at: lastAt.toISOString(), status: lastStatus, fault: lastFault };
}
