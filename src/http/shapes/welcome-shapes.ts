import { z } from "@hono/zod-openapi";
import { isSource } from "../../audience/source.ts";
import { ChatId, inQuery } from "./common-shapes.ts";
import { ContentShape } from "./content-shapes.ts";

/** Where people come from, as in `?start=promo`. */
export const Source = z
  .string()
  .regex(
    /^[A-Za-z0-9_-]{1,64}$/,
    "A source is what follows ?start= in a link: up to 64 letters, digits, - and _.",
  )
  .refine(isSource, "Herald uses this one itself.")
  .openapi({ example: "promo_vk0" });

export const SourceQuery = z.strictObject({
  source: Source.optional().openapi({
    ...inQuery("source"),
    description: "for people who came by this source; the one for everyone unless given",
  }),
});

/** Who sees a post before it is put to use. */
export const TestTo = ChatId.nullable()
  .optional()
  .openapi({
    description:
      "an admin who is sent the post first, by the calls that people will get it by: what Telegram refuses is answered with 409. " +
      "The owner who made the key unless given; null for no test",
  });

export const Welcome = z
  .object({
    source: z
      .string()
      .nullable()
      .openapi({ description: "null for the welcome of everyone", example: "promo_vk0" }),
    revision: z.int().openapi({ description: "grows when the post is replaced" }),
    content: ContentShape,
    refused: z.string().nullable().openapi({
      description: "what Telegram said when it refused the post; people get Herald's own words since then",
    }),
  })
  .openapi("Welcome");
export type WelcomeJson = z.infer<typeof Welcome>;

export const Welcomes = z.object({ items: z.array(Welcome) }).openapi("Welcomes");

export const NewWelcome = z.strictObject({ content: ContentShape, test_to: TestTo }).openapi("NewWelcome");
