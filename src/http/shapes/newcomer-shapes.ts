import { z } from "@hono/zod-openapi";
import { tagName } from "../../audience/tags.ts";
import { MOST_DAYS } from "../../campaign/step-plan.ts";
import { Clock, Counters, Pause, Zone } from "./campaign-shapes.ts";
import { NewCodes } from "./code-shapes.ts";
import { BotId, Moment, NumberInPath } from "./common-shapes.ts";
import { ContentShape } from "./content-shapes.ts";
import { BotInPath } from "./update-shapes.ts";
import { Source, TestTo } from "./welcome-shapes.ts";

export const StepInPath = BotInPath.extend(NumberInPath.shape);

/** How long after somebody joined a step is due. */
export const AfterShape = z
  .union([
    z.strictObject({
      hours: z
        .int()
        .min(1)
        .max(MOST_DAYS * 24),
    }),
    z.strictObject({
      days: z.int().min(1).max(MOST_DAYS),
      at: Clock,
      zone: Zone.optional().openapi({ description: "IANA name of a time zone; TIMEZONE unless given" }),
    }),
  ])
  .openapi("StepTime", { example: { days: 3, at: "10:00" } });

const Tag = z
  .string()
  .max(200)
  .refine((text) => tagName(text) !== null, "A tag has 1 to 64 characters, and no comma.")
  .openapi({ example: "vip" });

const given = {
  source: Source.nullable().optional().openapi({ description: "only for people from this source" }),
  tag: Tag.nullable().optional().openapi({ description: "only for people with this tag" }),
  codes: NewCodes.optional().openapi({
    description: "codes for `{code}` in the post: as a list, or made by a pattern. More can be added later",
  }),
  test_to: TestTo,
};

export const NewStep = z
  .strictObject({ after: AfterShape, content: ContentShape, ...given })
  .openapi("NewStep");

/** What is absent stays. */
export const StepChange = z
  .strictObject({ after: AfterShape.optional(), content: ContentShape.optional(), ...given })
  .openapi("StepChange");

export const Step = z
  .object({
    number: z.int().openapi({ description: "it is a campaign with this number" }),
    bot: BotId,
    after: AfterShape,
    source: z.string().nullable(),
    tag: z.string().nullable(),
    state: z.enum(["waiting", "sending", "paused"]).openapi({
      description: "waiting: nobody is due now. POST /v1/campaigns/{number}/pause and …/resume change it",
    }),
    pause: Pause,
    content: ContentShape,
    counters: Counters,
    created_at: Moment,
  })
  .openapi("Step");
export type StepJson = z.infer<typeof Step>;

export const Series = z.object({ items: z.array(Step) }).openapi("NewcomerSeries");
