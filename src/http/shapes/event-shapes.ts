import { z } from "@hono/zod-openapi";
import { Campaign } from "./campaign-shapes.ts";

/** The data of an event: how a campaign stands. */
export const CampaignEventShape = Campaign.pick({
  number: true,
  bot: true,
  state: true,
  pause: true,
  cancel_reason: true,
  revision: true,
  content_revision: true,
  starts_at: true,
  started_at: true,
  finished_at: true,
  updated_at: true,
  counters: true,
}).openapi("CampaignEvent");
export type CampaignEventJson = z.infer<typeof CampaignEventShape>;

export const LastEventId = z.object({
  "last-event-id": z
    .string()
    .regex(/^\d{1,15}$/, "Send the id of the last event that you have got.")
    .transform((id) => new Date(Number(id)))
    .optional()
    .openapi({ type: "string", param: { name: "last-event-id", in: "header" }, example: "1796039658123" }),
});
