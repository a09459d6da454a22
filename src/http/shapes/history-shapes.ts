import { z } from "@hono/zod-openapi";
import { DELIVERY_STATES } from "../../db/states.ts";
import { BotId, ChatId, Moment, OfBot, Paging, inQuery } from "./common-shapes.ts";
import { Recipient } from "./recipient-shapes.ts";

export const DeliveryFilterShape = z.strictObject({
  state: z
    .union([z.enum(DELIVERY_STATES), z.array(z.enum(DELIVERY_STATES))])
    .transform((given) => [given].flat())
    .optional()
    .openapi({ ...inQuery("state"), type: "array", items: { type: "string", enum: [...DELIVERY_STATES] } }),
  ...Paging,
});

export const HistoryPaging = z.strictObject({ bot: OfBot, ...Paging });

export const Delivery = z
  .object({
    seq: z.int().openapi({ description: "its place in the campaign" }),
    chat_id: ChatId,
    topic_id: z.int().nullable(),
    state: z.enum(DELIVERY_STATES),
    reason: z.string().nullable().openapi({
      description: "why it failed, was skipped or is uncertain",
      example: "blocked",
    }),
    description: z.string().nullable().openapi({ description: "what Telegram or the network said" }),
    message_ids: z.array(z.int()).openapi({ description: "in the chat of the recipient" }),
    language: z.string().nullable().openapi({ description: "of the version; null for the default one" }),
    content_revision: z.int().nullable(),
    attempts: z.int(),
    settled_at: Moment.nullable().openapi({ description: "when it had its outcome" }),
  })
  .openapi("Delivery");
export type DeliveryJson = z.infer<typeof Delivery>;

export const HistoryEntry = z
  .object({
    campaign: z.int().openapi({ description: "its number", example: 12 }),
    deliveries: z.array(Delivery).openapi({
      description: "one, or one for each topic; none if they only voted, under a post in a group",
    }),
    vote: z
      .object({ choice: z.string(), at: Moment })
      .nullable()
      .openapi({ description: "the button under the post that they voted with" }),
    poll_answers: z
      .array(z.object({ choices: z.array(z.string()), at: Moment }))
      .openapi({ description: "in polls that are not anonymous" }),
  })
  .openapi("HistoryEntry");
export type HistoryEntryJson = z.infer<typeof HistoryEntry>;

export const PersonExport = z
  .object({
    bot: BotId,
    /** Null for somebody of whom only deliveries are left. `nullable()` would describe a schema that nothing null fits. */
    recipient: z.union([Recipient, z.null()]),
    lists: z.array(z.object({ id: z.int(), name: z.string() })),
    campaigns: z.array(HistoryEntry).openapi({ description: "the newest first" }),
    inbox: z
      .union([
        z.object({
          blocked: z.boolean().openapi({ description: "what they write does not reach the group" }),
          first_at: Moment,
          last_at: Moment,
          messages: z.object({ in: z.int(), out: z.int() }).openapi({
            description:
              "how many of theirs, and to them, are still known; what they say is only in the group",
          }),
        }),
        z.null(),
      ])
      .openapi({ description: "null if they have never written to the inbox" }),
  })
  .openapi("PersonExport");
