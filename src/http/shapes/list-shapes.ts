import { z } from "@hono/zod-openapi";
import { CAMPAIGN_STATES } from "../../db/states.ts";
import { BotFilter, Instant, Paging, inQuery } from "./common-shapes.ts";

/** Which campaigns a list is to have. All conditions hold together. */
export const FilterShape = z.strictObject({
  state: z
    .union([z.enum(CAMPAIGN_STATES), z.array(z.enum(CAMPAIGN_STATES))])
    .transform((given) => [given].flat())
    .optional()
    .openapi({ ...inQuery("state"), type: "array", items: { type: "string", enum: [...CAMPAIGN_STATES] } }),
  bot: BotFilter,
  text: z
    .string()
    .min(1)
    .max(200)
    .optional()
    .openapi({ ...inQuery("text"), description: "words that its text, caption or buttons have" }),
  author: z
    .string()
    .regex(/^-?\d{1,16}$/, "An author is a user's id, or the id of a key with a minus before it.")
    .transform(Number)
    .optional()
    .openapi({
      ...inQuery("author"),
      type: "integer",
      description: "a user's id, or the id of a key with a minus before it",
    }),
  from: Instant.optional().openapi({
    ...inQuery("from"),
    description: "its time, or when it was created, from then on",
  }),
  to: Instant.optional().openapi({ ...inQuery("to"), description: "and before then" }),
  with_errors: z
    .enum(["true", "false"])
    .transform((given) => given === "true")
    .optional()
    .openapi({
      ...inQuery("with_errors"),
      type: "boolean",
      description: "only those with failures or uncertain ones",
    }),
  ...Paging,
});

export const IdempotencyKey = z.object({
  "idempotency-key": z
    .string()
    .regex(/^[\x21-\x7E]{1,100}$/, "An Idempotency-Key has 1 to 100 visible ASCII characters.")
    .optional()
    .openapi({ param: { name: "idempotency-key", in: "header" }, example: "order-2026-12-01" }),
});
