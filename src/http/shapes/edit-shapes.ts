import { z } from "@hono/zod-openapi";
import { EDIT_PAUSES, EDIT_STATES } from "../../db/states.ts";
import { CreatedBy } from "./campaign-shapes.ts";
import { Instant, Moment } from "./common-shapes.ts";
import { ContentShape } from "./content-shapes.ts";
import { TestTo } from "./welcome-shapes.ts";

export const NewEdit = z
  .strictObject({
    content: ContentShape,
    revision: z.int().min(1).optional().openapi({
      description: "the `revision` of the campaign that was read; refused if it has changed since",
    }),
    test_to: TestTo,
  })
  .openapi("NewEdit");

const Count = z.int().min(0);

/** An edit of what a campaign has sent. */
export const Edit = z
  .object({
    state: z.enum(EDIT_STATES),
    pause: z
      .object({ reason: z.enum(EDIT_PAUSES), detail: z.string().nullable() })
      .nullable()
      .openapi({ description: "why it is paused" }),
    content_revision: z.int().openapi({ description: "what those who are done have" }),
    created_by: CreatedBy,
    created_at: Instant,
    ended_at: Moment.nullable(),
    counters: z.object({
      total: Count.openapi({
        description: "had an older post when it began; a running campaign may add a few",
      }),
      edited: Count,
      unchanged: Count.openapi({ description: "showed the new post already" }),
      gone: Count.openapi({ description: "the message is deleted, or Telegram no longer lets it be edited" }),
      refused: Count.openapi({
        description: "could not be edited, for example because the person blocked the bot",
      }),
      left: Count,
    }),
  })
  .openapi("Edit");
export type EditJson = z.infer<typeof Edit>;
