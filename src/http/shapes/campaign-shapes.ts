import { z } from "@hono/zod-openapi";
import { MOST_BOTS } from "../../audience/segment/joint-count.ts";
import { CAMPAIGN_STATES, LATE_POLICIES, PAUSE_REASONS } from "../../db/states.ts";
import { BotId, BotInBody, ChatId, Instant, Moment } from "./common-shapes.ts";
import { ContentShape } from "./content-shapes.ts";

const Language = z
  .string()
  .regex(/^[a-z]{2,3}$/, 'A language is a lower-case code such as "de".')
  .openapi({ example: "de" });

/** People by language, or chosen groups and channels. */
export const AudienceShape = z
  .union([
    z.strictObject({
      languages: z.union([z.literal("all"), z.array(Language)]),
      others_than: z
        .array(Language)
        .optional()
        .openapi({ description: "also everybody whose language is unknown or not one of these" }),
      segment: z
        .string()
        .max(4_000)
        .optional()
        .openapi({
          description:
            "Only those who meet this line of conditions: docs/segments.md. Times count back from the start of the campaign; days " +
            'begin in TIMEZONE. A line that is not understood is refused with what was and what was not. `saved:"Regulars"` in it takes ' +
            "a copy of a saved segment of the bot, of the first one if several send it.",
          example: "tag:vip -tag:refunded seen:<30d",
        }),
      first: z
        .int()
        .min(1)
        .optional()
        .openapi({ description: "only so many of them, in the order of their ids" }),
    }),
    z.strictObject({
      chats: z.array(z.strictObject({ chat_id: ChatId, topic_id: z.int().min(1).optional() })).min(1),
    }),
  ])
  .openapi("Audience", { example: { languages: "all" } });

export const Clock = z
  .string()
  .regex(/^(?:[01]\d|2[0-3]):[0-5]\d$/, "Write a time of day as 09:30.")
  .openapi({ example: "09:30" });
export const Zone = z.string().openapi({ description: "IANA name of a time zone", example: "Europe/Berlin" });
const Weekday = z.int().min(1).max(7).openapi({ description: "1 is Monday, 7 is Sunday" });

/** Hours in which a campaign may be sent. */
export const WindowShape = z
  .strictObject({
    zone: Zone,
    from: Clock,
    to: Clock.openapi({ description: "before `from`, it is a time of the next day" }),
    days: z.array(Weekday).min(1).default([1, 2, 3, 4, 5, 6, 7]),
  })
  .openapi("SendingHours");

const step = z.int().min(1).max(99).optional().openapi({ description: "2 for every other one" });
const bounds = {
  zone: Zone,
  until: Instant.optional().openapi({ description: "the last time at which a run is allowed" }),
  runs: z.int().min(1).max(1000).optional().openapi({ description: "the total number of runs" }),
};
/** How a campaign repeats. Each run is a campaign of its own. */
export const RepeatShape = z
  .discriminatedUnion("every", [
    z.strictObject({ every: z.literal("day"), step, at: Clock, ...bounds }),
    z.strictObject({ every: z.literal("week"), step, days: z.array(Weekday).min(1), at: Clock, ...bounds }),
    z.strictObject({ every: z.literal("month"), step, day: z.int().min(1).max(31), at: Clock, ...bounds }),
    z.strictObject({
      every: z.literal("cron"),
      expression: z.string().openapi({ example: "0 9 * * 1-5", description: "five fields" }),
      ...bounds,
    }),
  ])
  .openapi("Repeat");

const LatePolicy = z
  .enum(LATE_POLICIES)
  .openapi({ description: "what happens if Herald was down at the time" });

const CategoryId = z
  .int()
  .min(1)
  .openapi({ description: "a category, by its id: people who left it do not get the campaign", example: 1 });

/** What a draft consists of; used to create one. */
export const NewCampaignShape = z
  .strictObject({
    bot: BotInBody.optional().openapi({
      description: "the id or @username of the bot that sends it; the home's own bot unless given",
    }),
    bots: z.array(BotInBody).min(1).max(MOST_BOTS).optional().openapi({
      description:
        "instead of `bot`: several bots, in this order. Sent, the draft becomes one campaign per bot. For people only",
    }),
    each_person_once: z.boolean().optional().openapi({
      description:
        "with several bots: a person who has several of them gets it from the first that reaches them; true unless given",
    }),
    content: ContentShape,
    audience: AudienceShape.optional().openapi({ description: "everybody unless given" }),
    category: CategoryId.nullable().optional(),
    window: WindowShape.nullable().optional(),
    late_policy: LatePolicy.optional(),
  })
  .refine(({ bot, bots }) => bot === undefined || bots === undefined, {
    error: "Give either bot or bots.",
    path: ["bots"],
  })
  .openapi("NewCampaign");

/** What a change may replace. What is absent stays. */
export const CampaignChangeShape = z
  .strictObject({
    revision: z
      .int()
      .optional()
      .openapi({ description: "the revision that was read; refused with 409 if there is a newer one" }),
    content: ContentShape.optional(),
    audience: AudienceShape.optional(),
    category: CategoryId.nullable().optional(),
    window: WindowShape.nullable().optional(),
    late_policy: LatePolicy.optional(),
    starts_at: Instant.optional().openapi({ description: "of a scheduled campaign" }),
    agreed_count: z
      .int()
      .min(0)
      .optional()
      .openapi({ description: "needed once the campaign is scheduled: reach.reachable as it was read" }),
    reach: z
      .enum(["run", "series"])
      .optional()
      .openapi({ description: "for a campaign that repeats: this run alone, or all that follow" }),
  })
  .openapi("CampaignChange");

const agreed = {
  agreed_count: z
    .int()
    .min(0)
    .openapi({ description: "reach.reachable as it was read; refused with 409 if it no longer holds" }),
  revision: CampaignChangeShape.shape.revision,
};
export const SendShape = z.strictObject(agreed).openapi("SendRequest");
export const ScheduleShape = z
  .strictObject({
    ...agreed,
    starts_at: Instant.optional().openapi({ description: "left out, a repeat starts with its first run" }),
    repeat: RepeatShape.optional(),
  })
  .refine(({ starts_at, repeat }) => starts_at !== undefined || repeat !== undefined, {
    error: "Say when: starts_at or repeat.",
  })
  .openapi("ScheduleRequest");

export const CancelShape = z
  .strictObject({
    reason: z
      .string()
      .trim()
      .min(1)
      .max(200)
      .optional()
      .openapi({ description: "kept, and shown on its card" }),
    series: z
      .boolean()
      .optional()
      .openapi({ description: "ends the whole series of a campaign that repeats" }),
  })
  .openapi("CancelRequest");

export const RetryShape = z
  .strictObject({
    which: z.enum(["failed", "uncertain"]).openapi({
      description:
        "those it failed to reach, or those who may or may not have got it (and might get it twice)",
    }),
  })
  .openapi("RetryRequest");

export const TestShape = z
  .strictObject({
    user_id: ChatId.optional().openapi({ description: "an admin; the owner who made the key unless given" }),
  })
  .openapi("TestRequest");

export const CreatedBy = z
  .discriminatedUnion("type", [
    z.object({ type: z.literal("admin"), id: z.int(), name: z.string() }),
    z.object({ type: z.literal("key"), id: z.int(), name: z.string() }),
    z.object({ type: z.literal("herald") }),
  ])
  .openapi("Actor");

export const Counters = z
  .object({
    total: z.int(),
    sent: z.int(),
    blocked: z.int(),
    deactivated: z.int(),
    unreachable: z.int(),
    failed: z.int(),
    skipped: z.int(),
    uncertain: z.int(),
    left: z.int().openapi({ description: "have no outcome yet" }),
  })
  .openapi("Counters");

export const Pause = z
  .object({ reason: z.enum(PAUSE_REASONS), detail: z.string().nullable() })
  .nullable()
  .openapi({ description: "why it is paused" });

const shown = {
  number: z.int(),
  bot: BotId.openapi({ description: "the id of the bot that sends it" }),
  bots: z
    .array(BotId)
    .nullable()
    .openapi({ description: "of a draft that several bots are to send: all of them, in order" }),
  each_person_once: z.boolean().openapi({ description: "a person who has several of its bots gets it once" }),
  together: z.array(z.int()).nullable().openapi({
    description: "the numbers of the campaigns that were confirmed together, its own among them",
  }),
  state: z.enum(CAMPAIGN_STATES),
  pause: Pause,
  cancel_reason: z.string().nullable(),
  revision: z.int(),
  content_revision: z.int(),
  content: ContentShape,
  audience: AudienceShape,
  category: CategoryId.nullable(),
  window: WindowShape.nullable(),
  late_policy: z.enum(LATE_POLICIES),
  starts_at: Moment.nullable(),
  repeat: RepeatShape.nullable(),
  series: z.object({ number: z.int(), run: z.int() }).nullable(),
  changes: z
    .int()
    .nullable()
    .openapi({ description: "the scheduled campaign that this draft is a change of" }),
  created_by: CreatedBy,
  created_at: Moment,
  updated_at: Moment,
  started_at: Moment.nullable(),
  finished_at: Moment.nullable(),
  counters: Counters,
  departed: z
    .int()
    .openapi({ description: "how many left its category, or everything, by the button under its post" }),
};
export const CampaignSummary = z.object(shown).openapi("CampaignSummary");

export const Finding = z
  .looseObject({
    level: z.enum(["error", "note"]),
    type: z.string(),
    language: z.string().nullable().openapi({ description: "of the version; null for the post itself" }),
  })
  .openapi("Finding");

export const Campaign = z
  .object({
    ...shown,
    reach: z
      .object({
        reachable: z.int(),
        opted_out: z.int(),
        unreachable: z.int(),
        left_category: z.int().openapi({ description: "left out because they left its category" }),
        over_cap: z.int().openapi({
          description: "left out because they have got as many campaigns as the frequency cap allows",
        }),
        by_bot: z
          .array(z.object({ bot: BotId, people: z.int(), sends: z.int() }))
          .optional()
          .openapi({
            description:
              "of several bots: the people whom each reaches, and to how many of them it sends, so that each person gets it once",
          }),
      })
      .nullable()
      .openapi({ description: "whom it would reach now; null once it has started" }),
    findings: z.array(Finding).openapi({ description: "what the review would say of it, errors first" }),
    faults: z
      .array(z.object({ language: z.string().nullable(), bot: BotId.optional(), detail: z.string() }))
      .openapi({ description: "why Telegram refused the post in its last test" }),
    sendable: z.boolean().openapi({ description: "a draft without errors and faults" }),
  })
  .openapi("Campaign");
export type CampaignJson = z.infer<typeof Campaign>;
export type CampaignSummaryJson = z.infer<typeof CampaignSummary>;
