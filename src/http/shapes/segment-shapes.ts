import { z } from "@hono/zod-openapi";
import { Finding } from "./campaign-shapes.ts";
import { BotInPath } from "./update-shapes.ts";
import { Moment } from "./common-shapes.ts";

export const SegmentInPath = BotInPath.extend({
  name: z
    .string()
    .max(1_000)
    .openapi({
      param: { name: "name", in: "path" },
      description: "1 to 64 characters, without a comma; found in any case",
      example: "Regulars",
    }),
});

export const SegmentLine = z
  .strictObject({
    segment: z.string().max(4_000).openapi({
      description: "a line of conditions, docs/segments.md; days begin in TIMEZONE",
      example: "tag:vip -tag:refunded seen:<30d",
    }),
  })
  .openapi("SegmentLine");

const saved = {
  name: z.string().openapi({ example: "Regulars" }),
  segment: z.string().openapi({ example: "tag:vip -tag:refunded seen:<30d" }),
  saved_by: z.int().openapi({ description: "a user's id, or the id of a key with a minus before it" }),
  saved_at: Moment,
};

export const SavedSegments = z
  .object({ items: z.array(z.object(saved).openapi("SavedSegmentEntry")) })
  .openapi("SavedSegments");

export const SavedSegment = z
  .object({
    ...saved,
    reachable: z.int().nullable().openapi({
      description:
        "how many people meet it now and can be written to; null if `findings` say that it cannot be answered",
    }),
    findings: z.array(Finding).openapi({
      description:
        "why a campaign with these conditions would be refused: a campaign or list that they name is gone",
    }),
  })
  .openapi("SavedSegment");
export type SavedSegmentJson = z.infer<typeof SavedSegment>;
