import { z } from "@hono/zod-openapi";
import { BotFilter, BotId, ChatId, Instant, Moment, OfBot, Paging, inQuery } from "./common-shapes.ts";

const count = z.int().min(0);

export const ChatPaging = z.strictObject({ bot: OfBot, ...Paging });

export const Chat = z
  .object({
    id: ChatId.openapi({ example: -1001234567890 }),
    kind: z.enum(["group", "channel"]),
    title: z.string(),
    username: z.string().nullable().openapi({ description: "without @; null unless it is public" }),
    forum: z.boolean(),
    can_post: z.boolean().openapi({ description: "and its last post did not fail for lack of rights" }),
    rights: z
      .object({ post: z.boolean(), pin: z.boolean(), delete: z.boolean(), topics: z.boolean() })
      .openapi({ description: "what the bot may do there" }),
  })
  .openapi("Chat");

export const Topics = z
  .object({
    items: z.array(
      z.object({
        id: z.int(),
        name: z.string(),
        closed: z.boolean().openapi({ description: "only admins who manage topics write to it" }),
      }),
    ),
  })
  .openapi("Topics");

export const StatisticsQuery = z.strictObject({
  bot: BotFilter.openapi({
    description:
      "only this bot, by its id or @username; unless given the campaigns of all, and the people of the home's own",
  }),
  zone: z
    .string()
    .max(100)
    .optional()
    .openapi({
      ...inQuery("zone"),
      description: "IANA name of the time zone in which days begin; TIMEZONE unless given",
      example: "Europe/Berlin",
    }),
});

export const Statistics = z
  .object({
    campaigns: z.object({
      running: count.openapi({ description: "including paused ones" }),
      running_paused: count,
      scheduled: count.openapi({ description: "including paused ones" }),
      scheduled_paused: count,
      finished: count,
      finished_with_errors: count,
      expired: count,
      cancelled: count,
    }),
    people: z.object({
      active: count.openapi({ description: "can be written to" }),
      opted_out: count,
      blocked: count,
      unreachable: count,
      languages: z
        .array(z.object({ language: z.string().nullable(), count }))
        .openapi({ description: "active people, most spoken first; null is an unknown language" }),
    }),
    days: z
      .array(
        z.object({
          starts_at: Moment,
          joined: count.openapi({ description: "started the bot that day" }),
          people: count.openapi({ description: "on the list at its end, whatever their status" }),
          reached: count.openapi({ description: "by campaigns that started that day" }),
          missed: count.openapi({ description: "tried and not reached" }),
        }),
      )
      .openapi({ description: "the last 30 days, today being the last" }),
    last_campaigns: z
      .array(
        z.object({
          campaign: z.int(),
          total: count,
          share: z.number().min(0).max(1).openapi({ description: "of the total that it reached" }),
          cancelled: z.boolean(),
        }),
      )
      .openapi({ description: "the five that ended last" }),
    last_polls: z
      .array(
        z.object({
          campaign: z.int(),
          question: z.string(),
          voters: count,
          judged: count.openapi({ description: "voters of a quiz who can be judged" }),
          right: count,
          options: z.array(z.object({ text: z.string(), votes: count, right: z.boolean() })),
        }),
      )
      .openapi({ description: "the three newest campaigns with votes in their polls" }),
    rate: z
      .object({
        set: z.number().openapi({ description: "as configured" }),
        now: z.number().nullable().openapi({
          description:
            "lower while Telegram asks for less; null if another process sends by the bot, or none",
        }),
      })
      .openapi({ description: "messages a second, of `bot` or else the home's own" }),
  })
  .openapi("Statistics");

export const CalendarQuery = z.strictObject({
  bot: BotFilter,
  from: Instant.optional().openapi({ ...inQuery("from"), description: "now unless given" }),
  to: Instant.optional().openapi({ ...inQuery("to"), description: "a week after `from` unless given" }),
});

export const Calendar = z
  .object({
    items: z.array(
      z
        .object({
          at: Moment,
          type: z.enum(["once", "repeats", "later", "paused", "goes_on"]).openapi({
            description:
              "once, repeats: the campaign is scheduled; later: a run that its series will create; paused: it waits until it is " +
              "resumed; goes_on: some have it, and the others get it in its next sending hours",
          }),
          campaign: z
            .int()
            .openapi({ description: "its number; of a later run, the number of the run before" }),
          bot: BotId.openapi({ description: "the id of the bot that sends it" }),
          kind: z.string().openapi({ description: "of its content", example: "text" }),
          opening: z.string().openapi({ description: "how its text begins" }),
        })
        .openapi("CalendarEntry"),
    ),
  })
  .openapi("Calendar");
