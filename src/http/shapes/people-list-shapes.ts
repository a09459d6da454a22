import { z } from "@hono/zod-openapi";
import { GROUPS } from "../../campaign/report/people-of-campaign.ts";
import { Moment, OfBot, Paging } from "./common-shapes.ts";

export const ListInPath = z.object({
  list: z
    .string()
    .regex(/^[1-9]\d{0,15}$/, "A list is named by its id: a whole number from 1.")
    .transform(Number)
    .openapi({ type: "integer", minimum: 1, param: { name: "list", in: "path" }, example: 3 }),
});

export const ListName = z
  .strictObject({
    name: z
      .string()
      .max(1_000)
      .openapi({ description: "1 to 64 characters, without a comma", example: "Spring fair" }),
  })
  .openapi("ListName");

export const PeopleList = z
  .object({
    id: z.int(),
    name: z.string().openapi({ example: "Spring fair" }),
    members: z.int(),
    created_by: z.int().openapi({ description: "a user's id, or the id of a key with a minus before it" }),
    created_at: Moment,
  })
  .openapi("List");

export const PeopleLists = z.object({ items: z.array(PeopleList) }).openapi("Lists");

export const MembersQuery = z.strictObject({ bot: OfBot, ...Paging });

const MOST = 5_000;
const Texts = z.array(z.string().min(1).max(200)).max(MOST).optional();
const Ids = z
  .array(
    z
      .int()
      .min(1)
      .max(2 ** 52),
  )
  .max(MOST)
  .optional();

export const ListFilling = z
  .strictObject({
    ids: Ids,
    usernames: Texts.openapi({ example: ["@ada"] }),
    phones: Texts.openapi({ example: ["+442079460000"] }),
    country: z
      .string()
      .regex(/^[A-Z]{2}$/, "A country has two capital letters, such as DE.")
      .optional()
      .openapi({ description: "of phone numbers without a country code", example: "DE" }),
    campaign: z
      .strictObject({
        number: z.int().min(1).max(999_999_999),
        who: z.enum(GROUPS).openapi({
          description: "who got it; who voted or answered at all; or who voted `choice`",
        }),
        choice: z.string().min(1).max(300).optional().openapi({
          description: "the text of a button that takes votes, or of an option of a public poll",
          example: "👍",
        }),
      })
      .refine(
        ({ who, choice }) => (who === "voted") === (choice !== undefined),
        "Give a choice with voted, and only then.",
      )
      .optional(),
    remove: Ids.openapi({ description: "ids that are taken off the list" }),
  })
  .openapi("ListFilling");

export const Filled = z
  .object({
    added: z.int().openapi({ description: "who were not on it before" }),
    removed: z.int(),
    members: z.int().openapi({ description: "who are on it now" }),
    unknown: z
      .array(z.string())
      .openapi({ description: "what was given for people whom the bot does not know, or cannot be read" }),
  })
  .openapi("FilledList");
