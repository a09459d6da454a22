import { z } from "@hono/zod-openapi";
import { STANDINGS } from "../../audience/recipient-list.ts";
import { RECIPIENT_KINDS } from "../../db/states.ts";
import { DayOrInstant, Moment, OfBot, Paging, inQuery } from "./common-shapes.ts";

/** A text as it may stand in a file; null empties the field. */
const Text = z.string().max(1_000).nullable().optional();

const Tags = z.array(z.string().max(1_000));

/** Tags that many people get or lose. */
export const Retagging = z
  .strictObject({
    ids: z
      .array(
        z
          .int()
          .min(1)
          .max(2 ** 52),
      )
      .min(1)
      .max(1_000)
      .openapi({ example: [123456789, 987654321] }),
    tags_add: Tags.optional().openapi({ example: ["vip"] }),
    tags_remove: Tags.optional(),
  })
  .openapi("Retagging");

export const Retagged = z
  .object({ changed: z.int().openapi({ description: "people whose tags are others now" }) })
  .openapi("Retagged");

/** What a program may say of a person. */
export const RecipientShape = z
  .strictObject({
    language: Text.openapi({
      description: "as in de, pt-BR or German; one that the person chose with /language stays",
      example: "de",
    }),
    first_name: Text.openapi({ example: "Ada" }),
    last_name: Text.openapi({ example: "Lovelace" }),
    username: Text.openapi({ example: "ada" }),
    phone: Text.openapi({ description: "with its country code", example: "+442079460000" }),
    joined_at: DayOrInstant.optional().openapi({
      description: "a day, or a time with its offset; the earliest date that was ever given counts",
      example: "2026-03-25",
    }),
    tags: Tags.optional().openapi({ description: "all of them; what is not among them goes" }),
    tags_add: Tags.optional().openapi({ description: "are added", example: ["vip"] }),
    tags_remove: Tags.optional().openapi({ description: "go" }),
    attributes: z
      .record(z.string(), z.union([z.string().max(1_000), z.number(), z.null()]))
      .optional()
      .openapi({
        description:
          "by name; others stay, and null removes one. Texts are read as in a file: dates become days such as 2026-11-30, and " +
          "what is a number becomes one",
        example: { city: "Kazan", age: 34 },
      }),
    opted_out: z
      .literal(true)
      .optional()
      .openapi({ description: "gets nothing from now on; only the person can return, with /start" }),
  })
  .openapi("RecipientChange", { example: { language: "de", first_name: "Ada" } });

const LARGEST_ID = 2 ** 52;
const ONE_OF_TELEGRAM = "An id is one of Telegram's: a whole number.";

/** The id of a person, group or channel in a path. */
export const IdInPath = z.object({
  id: z
    .string()
    .regex(/^-?[1-9]\d{0,15}$/, ONE_OF_TELEGRAM)
    .transform(Number)
    .refine((id) => Math.abs(id) <= LARGEST_ID, ONE_OF_TELEGRAM)
    .openapi({ type: "integer", param: { name: "id", in: "path" }, example: 123456789 }),
});

/** The id of a person in a path. */
export const PersonInPath = z.object({
  id: z
    .string()
    .regex(/^[1-9]\d{0,15}$/, "People have ids above 0. Groups and channels come by adding the bot to them.")
    .transform(Number)
    .refine((id) => id <= LARGEST_ID, ONE_OF_TELEGRAM)
    .openapi({ type: "integer", minimum: 1, param: { name: "id", in: "path" }, example: 123456789 }),
});

export const RecipientFilterShape = z.strictObject({
  bot: OfBot,
  status: z.enum(STANDINGS).optional().openapi(inQuery("status")),
  language: z
    .string()
    .regex(/^(?:[a-z]{2,3}|unknown)$/, 'A language is a lower-case code such as "de", or "unknown".')
    .optional()
    .openapi({ ...inQuery("language"), description: "a code such as de, or unknown", example: "de" }),
  kind: z.enum(RECIPIENT_KINDS).optional().openapi(inQuery("kind")),
  ...Paging,
});

export const Recipient = z
  .object({
    id: z.int().openapi({ example: 123456789 }),
    kind: z.enum(RECIPIENT_KINDS),
    status: z.enum(STANDINGS).openapi({ description: "only those who are active get broadcasts" }),
    status_changed_at: Moment.nullable(),
    opted_out_at: Moment.nullable(),
    language: z.string().nullable().openapi({ description: "null if it is unknown", example: "de" }),
    language_chosen: z.boolean().openapi({ description: "the person chose it with /language" }),
    first_name: z.string().nullable(),
    last_name: z.string().nullable(),
    username: z.string().nullable(),
    phone: z.string().nullable(),
    premium: z.boolean(),
    left_categories: z.array(z.int()).openapi({
      description: "the ids of the categories that the person left with /settings or below a post",
    }),
    tags: z.array(z.string()).openapi({ example: ["vip"] }),
    attributes: z
      .record(z.string(), z.union([z.string(), z.number()]))
      .openapi({ description: "texts, numbers and days, by name", example: { city: "Kazan", age: 34 } }),
    source: z.string().nullable().openapi({
      description:
        "what followed /start when they started the bot for the first time, as in t.me/shop_bot?start=promo_vk0",
      example: "promo_vk0",
    }),
    time_zone: z.string().nullable(),
    last_seen_at: Moment.nullable().openapi({
      description: "when they last wrote or tapped, up to a day late; null if never, or if that is not known",
    }),
    joined_at: Moment.nullable().openapi({ description: "when they started the bot, if that is known" }),
    created_at: Moment,
    updated_at: Moment.openapi({ description: "when Herald last heard of them" }),
  })
  .openapi("Recipient");
export type RecipientJson = z.infer<typeof Recipient>;
