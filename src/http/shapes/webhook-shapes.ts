import { z } from "@hono/zod-openapi";
import { ATTEMPT_FAULTS, WEBHOOK_EVENTS, WHYS_DISABLED } from "../../db/states.ts";
import { CreatedBy } from "./campaign-shapes.ts";
import { Moment } from "./common-shapes.ts";

const Address = z.string().max(2_000).openapi({ example: "https://shop.example/herald" });
const WebhookEvents = z.array(z.enum(WEBHOOK_EVENTS)).min(1).max(50);

export const NewWebhookShape = z.strictObject({ url: Address, events: WebhookEvents }).openapi("NewWebhook", {
  example: { url: "https://shop.example/herald", events: ["campaign.finished"] },
});

export const WebhookChangeShape = z
  .strictObject({
    url: Address.optional(),
    events: WebhookEvents.optional(),
    enabled: z.boolean().optional(),
  })
  .openapi("WebhookChange", { example: { enabled: true } });

/** The last attempt: a status, or why there was no answer. */
const LastAttempt = z
  .object({ at: Moment, status: z.int().nullable(), fault: z.enum(ATTEMPT_FAULTS).nullable() })
  .nullable();

const shown = {
  id: z.int(),
  url: z.string(),
  events: z.array(z.enum(WEBHOOK_EVENTS)),
  enabled: z.boolean(),
  disabled: z.object({ why: z.enum(WHYS_DISABLED), at: Moment.nullable() }).nullable(),
  failing_since: Moment.nullable().openapi({ description: "every attempt since then has failed" }),
  last_attempt: LastAttempt,
  created_by: CreatedBy,
  created_at: Moment,
};

export const Webhook = z.object(shown).openapi("Webhook");
export type WebhookJson = z.infer<typeof Webhook>;

const Secret = z.string().openapi({ example: "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw" });

export const CreatedWebhook = z
  .object({
    ...shown,
    secret: Secret.openapi({ description: "verifies the signatures; it cannot be read again" }),
  })
  .openapi("CreatedWebhook");

export const RotatedSecret = z.object({ secret: Secret, previous_until: Moment }).openapi("RotatedSecret");

export const SentEvent = z.object({ event_id: z.string() }).openapi("SentEvent");

export const WebhookAttempt = z
  .object({
    event_id: z.string().openapi({ description: "the same in the header webhook-id of each attempt" }),
    state: z.enum(["waiting", "delivered", "failed"]),
    attempts: z.int(),
    next_at: Moment.nullable(),
    delivered_at: Moment.nullable(),
    last_attempt: LastAttempt,
    payload: z
      .looseObject({ type: z.string(), timestamp: Moment, data: z.looseObject({}) })
      .openapi({ description: "the body as it was sent" }),
  })
  .openapi("WebhookAttempt");
export type WebhookAttemptJson = z.infer<typeof WebhookAttempt>;

export const WebhookInPath = z.object({
  id: z
    .string()
    .regex(/^[1-9]\d{0,8}$/, "The id of a webhook is a whole number from 1.")
    .transform(Number)
    .openapi({ type: "integer", minimum: 1, param: { name: "id", in: "path" }, example: 1 }),
});

export const EventInPath = WebhookInPath.extend({
  event: z
    .string()
    .regex(/^evt_[0-9a-f]{32}$/, "The id of an event is evt_ and 32 characters.")
    .openapi({ param: { name: "event", in: "path" }, example: "evt_0123456789abcdef0123456789abcdef" }),
});
