import { z } from "@hono/zod-openapi";

/** A time of a request. Without an offset it would mean another instant on each machine, so it is refused. */
export const Instant = z.iso
  .datetime({
    offset: true,
    error:
      "Write a time with its offset, such as 2026-12-01T18:00:00+03:00, or in UTC: 2026-12-01T15:00:00Z.",
  })
  .refine((written) => isOfThisAge(new Date(written)), "Write a time from the year 1970 to 2199.")
  .openapi({ format: "date-time", example: "2026-12-01T18:00:00+03:00" });

const DAY_OR_INSTANT =
  "Write a day, such as 2026-03-25, or a time with its offset, such as 2026-03-25T18:00:00Z.";

/** A day, which is UTC's as in a file, or a time as above. */
export const DayOrInstant = z.union([z.iso.date(DAY_OR_INSTANT), Instant], DAY_OR_INSTANT);

function isOfThisAge(instant: Date): boolean {
  const year = instant.getUTCFullYear();
  return year >= 1970 && year < 2200;
}

/** A time of an answer, in UTC. */
export const Moment = z.string().openapi({ format: "date-time", example: "2026-12-01T15:00:00.000Z" });

/** Telegram's ids, of people, groups and channels. */
export const ChatId = z.int().openapi({ example: 123456789 });

/** The id of a bot that posts, which is its Telegram user id. */
export const BotId = z.int().min(1).openapi({ example: 1234567890 });

/** The number of a campaign in a path: a decimal whole number, not coerced from anything else. */
export const NumberInPath = z.object({
  number: z
    .string()
    .regex(/^[1-9]\d{0,8}$/, "A campaign's number is a whole number from 1.")
    .transform(Number)
    .openapi({ type: "integer", minimum: 1, param: { name: "number", in: "path" }, example: 12 }),
});

/** A parameter of the query. */
export const inQuery = (name: string) => ({ param: { name, in: "query" as const } });

/** A bot as a request names it: core/bot-scope.ts finds it. */
export const BotName = z.string().regex(/^@?\w{1,32}$/, "Name a bot by its id or its @username.");

/** A bot in a body, where ids are numbers. */
export const BotInBody = z.union([BotId, BotName]);

const BotInQuery = BotName.optional().openapi({ ...inQuery("bot"), example: "@shop_bot" });

/** Narrows a list to one bot. */
export const BotFilter = BotInQuery.openapi({
  description: "only what this bot sends, by its id or @username; all bots unless given",
});

/** Whose people or chats are meant. */
export const OfBot = BotInQuery.openapi({
  description: "the id or @username of the bot that has them; the home's own bot unless given",
});

/** The query of an operation on a bot's people or chats that has no other. */
export const OfBotQuery = z.strictObject({ bot: OfBot });

/** A page of a list: at most so many, after the one that a cursor names. */
export const Paging = {
  limit: z
    .string()
    .regex(/^(?:[1-9]\d?|100)$/, "Ask for 1 to 100 at a time.")
    .transform(Number)
    .optional()
    .openapi({
      type: "integer",
      minimum: 1,
      maximum: 100,
      default: 25,
      ...inQuery("limit"),
    }),
  cursor: z
    .string()
    .regex(/^-?[1-9]\d{0,15}$/, "Use next_cursor of the page before.")
    .transform(Number)
    .optional()
    .openapi({ ...inQuery("cursor"), type: "string", description: "next_cursor of the page before" }),
};
export const USUAL_LIMIT = 25;

/** A list in pages; `next_cursor` is null on the last one. */
export function pageOf<T extends z.ZodType>(item: T, name: string) {
  return z.object({ items: z.array(item), next_cursor: z.string().nullable() }).openapi(name);
}

/** A page of at most `limit` items, made from one item more if more follow. `keyOf` gives the cursor after an item. */
export function cutPage<T>(items: readonly T[], limit: number, keyOf: (item: T) => number) {
  const page = items.slice(0, limit);
  const last = page.at(-1);
  return { items: page, next_cursor: items.length > limit && last ? String(keyOf(last)) : null };
}

export function json<T extends z.ZodType>(schema: T, description: string) {
  return { description, content: { "application/json": { schema } } };
}

/** A body that has to be there: without `required` a missing one reaches the handler as an empty object. */
export function body<T extends z.ZodType>(schema: T) {
  return { body: { required: true, content: { "application/json": { schema } } } };
}
