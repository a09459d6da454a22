import { sql } from "drizzle-orm";
import {
  bigint,
  boolean,
  index,
  integer,
  jsonb,
  pgEnum,
  pgTable,
  primaryKey,
  smallint,
  text,
  timestamp,
  uniqueIndex,
} from "drizzle-orm/pg-core";
import {
  CAMPAIGN_STATES,
  CARD_VIEWS,
  DELIVERY_STATES,
  ERRANDS,
  LATE_POLICIES,
  PAUSE_REASONS,
  RECIPIENT_KINDS,
  RECIPIENT_STATUSES,
  TAP_KINDS,
} from "./states.ts";

/*
 * `bot_id` leads every key, so that one database serves several bots and a distributed
 * PostgreSQL can spread the tables by it. Telegram's ids stay below 2^53: numbers hold them.
 */
const botId = () => bigint("bot_id", { mode: "number" }).notNull();
const telegramId = (name: string) => bigint(name, { mode: "number" });
const instant = (name: string) => timestamp(name, { withTimezone: true });
const counter = (name: string) => integer(name).notNull().default(0);

export const campaignState = pgEnum("campaign_state", CAMPAIGN_STATES);
export const pauseReason = pgEnum("pause_reason", PAUSE_REASONS);
export const deliveryState = pgEnum("delivery_state", DELIVERY_STATES);
export const recipientStatus = pgEnum("recipient_status", RECIPIENT_STATUSES);
export const recipientKind = pgEnum("recipient_kind", RECIPIENT_KINDS);

/** What all processes of one bot share: who may send, and how long Telegram wants it silent. */
export const bots = pgTable("bots", {
  botId: bigint("bot_id", { mode: "number" }).primaryKey(),
  /** The number of its newest campaign. */
  lastCampaign: integer("last_campaign").notNull().default(0),
  /** End of the pause that Telegram asked for with 429; kept so that a restart honours it. */
  quietUntil: instant("quiet_until"),
  leaseHolder: text("lease_holder"),
  leaseUntil: instant("lease_until"),
  /** What admins set for new campaigns; see campaign/settings.ts. */
  settings: jsonb("settings").$type<unknown>(),
});

/** Chats that the bot may write to. */
export const recipients = pgTable(
  "recipients",
  {
    botId: botId(),
    chatId: telegramId("chat_id").notNull(),
    kind: recipientKind("kind").notNull().default("person"),
    /** Lower-case primary subtag such as `en`; null when Telegram did not say. */
    language: text("language"),
    /** The person chose it with /language, so Telegram's own no longer overwrites it. */
    languageChosen: boolean("language_chosen").notNull().default(false),
    firstName: text("first_name"),
    lastName: text("last_name"),
    username: text("username"),
    phone: text("phone"),
    isPremium: boolean("is_premium").notNull().default(false),
    status: recipientStatus("status").notNull().default("active"),
    statusChangedAt: instant("status_changed_at"),
    optedOutAt: instant("opted_out_at"),
    /** The post that a campaign pinned last in the chat of a person; of groups and channels it is in `chats`. */
    pinnedMessageId: integer("pinned_message_id"),
    createdAt: instant("created_at").notNull().defaultNow(),
    updatedAt: instant("updated_at").notNull().defaultNow(),
  },
  (table) => [
    primaryKey({ columns: [table.botId, table.chatId] }),
    // Live counts by language, and the freeze of a language segment in key order.
    index("recipients_reachable")
      .on(table.botId, table.language, table.chatId)
      .where(sql`status = 'active' and opted_out_at is null`),
  ],
);

/** Groups and channels that the bot is or was in; each has a row in `recipients`, too, which says whether it can be written to. */
export const chats = pgTable(
  "chats",
  {
    botId: botId(),
    chatId: telegramId("chat_id").notNull(),
    title: text("title").notNull(),
    /** Of public ones, without @. */
    username: text("username"),
    isForum: boolean("is_forum").notNull().default(false),
    /** What the bot may do there; see audience/chats.ts. */
    rights: jsonb("rights").$type<unknown>().notNull(),
    /** The post that a campaign pinned there last. */
    pinnedMessageId: integer("pinned_message_id"),
    updatedAt: instant("updated_at").notNull().defaultNow(),
  },
  (table) => [primaryKey({ columns: [table.botId, table.chatId] })],
);

/** Topics of forums, as far as the bot has heard of them. */
export const topics = pgTable(
  "topics",
  {
    botId: botId(),
    chatId: telegramId("chat_id").notNull(),
    threadId: integer("thread_id").notNull(),
    name: text("name").notNull(),
    closed: boolean("closed").notNull().default(false),
  },
  (table) => [primaryKey({ columns: [table.botId, table.chatId, table.threadId] })],
);

/** What each admin set for themselves. */
export const preferences = pgTable(
  "preferences",
  {
    botId: botId(),
    userId: telegramId("user_id").notNull(),
    /** IANA zone in which they read and type times. */
    timezone: text("timezone").notNull(),
  },
  (table) => [primaryKey({ columns: [table.botId, table.userId] })],
);

/** People whom an owner made admins. Owners themselves come from the configuration. */
export const admins = pgTable(
  "admins",
  {
    botId: botId(),
    userId: telegramId("user_id").notNull(),
    name: text("name").notNull(),
    addedBy: telegramId("added_by").notNull(),
    addedAt: instant("added_at").notNull().defaultNow(),
  },
  (table) => [primaryKey({ columns: [table.botId, table.userId] })],
);

/** Who did what. Rows are only ever added. */
export const audit = pgTable(
  "audit",
  {
    botId: botId(),
    id: bigint("id", { mode: "number" }).notNull().generatedAlwaysAsIdentity(),
    at: instant("at").notNull().defaultNow(),
    actorId: telegramId("actor_id").notNull(),
    action: text("action").notNull(),
    /** What it was done to: a campaign's number or a user's id. */
    subject: bigint("subject", { mode: "number" }),
  },
  (table) => [primaryKey({ columns: [table.botId, table.id] })],
);

/** The state of a dialog, as the conversations plugin keeps it. */
export const dialogs = pgTable(
  "dialogs",
  {
    botId: botId(),
    chatId: telegramId("chat_id").notNull(),
    state: jsonb("state").$type<unknown>().notNull(),
    updatedAt: instant("updated_at").notNull().defaultNow(),
  },
  (table) => [primaryKey({ columns: [table.botId, table.chatId] })],
);

export const campaigns = pgTable(
  "campaigns",
  {
    botId: botId(),
    /** 1, 2, 3 … within the bot. */
    id: bigint("id", { mode: "number" }).notNull(),
    state: campaignState("state").notNull().default("draft"),
    pauseReason: pauseReason("pause_reason"),
    /** What Telegram said when it made the campaign pause; of `incomplete` how many parts came, such as `3/4`. */
    pauseDetail: text("pause_detail"),
    /** Language of the version at fault; null is the default one. */
    pauseLanguage: text("pause_language"),
    content: jsonb("content").$type<unknown>().notNull(),
    audience: jsonb("audience").$type<unknown>().notNull(),
    /** Raised with each change of the draft. */
    revision: integer("revision").notNull().default(1),
    createdBy: telegramId("created_by").notNull(),
    /** Makes creating idempotent: the update that it came from. */
    originKey: text("origin_key").notNull(),
    /** When it is due; of a draft the time that was chosen, null means at once. */
    startsAt: instant("starts_at"),
    /** Hours in which it may be sent; null means any. schedule/window.ts */
    window: jsonb("window").$type<unknown>(),
    latePolicy: text("late_policy", { enum: LATE_POLICIES }).notNull().default("ask"),
    /** By so much the start was late, when that was more than a minute. */
    lateSeconds: integer("late_seconds"),
    /** Of a draft: how it is to repeat. schedule/recurrence.ts */
    recurrence: jsonb("recurrence").$type<unknown>(),
    /** The series that it is a run of, and which one: 1, 2, 3 … */
    seriesId: bigint("series_id", { mode: "number" }),
    run: integer("run"),
    /** This draft is a change of that scheduled campaign, as it was at that revision. */
    changes: bigint("changes", { mode: "number" }),
    changesRevision: integer("changes_revision"),
    /** How many people the admin agreed to. */
    agreedCount: integer("agreed_count"),
    /** Its author was reminded of it, or did not need to be. */
    remindedAt: instant("reminded_at"),
    startedAt: instant("started_at"),
    finishedAt: instant("finished_at"),
    /** Key of the last recipient frozen; the freeze goes on behind it. */
    freezeCursor: bigint("freeze_cursor", { mode: "number" }),
    frozenAt: instant("frozen_at"),
    /** An admin resumed after the first failures, so they no longer pause it. */
    errorsWaived: boolean("errors_waived").notNull().default(false),
    /** So with parts that Telegram leaves out. */
    incompleteWaived: boolean("incomplete_waived").notNull().default(false),
    /** Counters, moved in the transaction that moves the deliveries; what is left is total minus the others. */
    total: counter("total"),
    sent: counter("sent"),
    blocked: counter("blocked"),
    deactivated: counter("deactivated"),
    unreachable: counter("unreachable"),
    failed: counter("failed"),
    skipped: counter("skipped"),
    uncertain: counter("uncertain"),
    /** From then on its deliveries are being deleted: nobody can be retried, only the counters stay. */
    detailsDroppedAt: instant("details_dropped_at"),
    /** Its deliveries up to this seq are deleted; `total` means all of them. */
    droppedTo: integer("dropped_to").notNull().default(0),
    createdAt: instant("created_at").notNull().defaultNow(),
    updatedAt: instant("updated_at").notNull().defaultNow(),
  },
  (table) => [
    primaryKey({ columns: [table.botId, table.id] }),
    uniqueIndex("campaigns_origin").on(table.botId, table.originKey),
    index("campaigns_series").on(table.botId, table.seriesId, table.run),
    index("campaigns_state").on(table.botId, table.state, table.startsAt),
  ],
);

/** A repeating campaign: what its next run is made from. Each run is a campaign of its own. */
export const series = pgTable(
  "series",
  {
    botId: botId(),
    /** The number of its first run. */
    id: bigint("id", { mode: "number" }).notNull(),
    content: jsonb("content").$type<unknown>().notNull(),
    audience: jsonb("audience").$type<unknown>().notNull(),
    recurrence: jsonb("recurrence").$type<unknown>().notNull(),
    window: jsonb("window").$type<unknown>(),
    latePolicy: text("late_policy", { enum: LATE_POLICIES }).notNull().default("ask"),
    createdBy: telegramId("created_by").notNull(),
    agreedCount: integer("agreed_count"),
    /** Runs made so far, and the time by the clock of the newest, whatever it was moved to. */
    made: integer("made").notNull(),
    lastAt: instant("last_at").notNull(),
    endedAt: instant("ended_at"),
    createdAt: instant("created_at").notNull().defaultNow(),
  },
  (table) => [primaryKey({ columns: [table.botId, table.id] })],
);

/** One recipient's copy of one campaign. */
export const deliveries = pgTable(
  "deliveries",
  {
    botId: botId(),
    campaignId: bigint("campaign_id", { mode: "number" }).notNull(),
    /** 1, 2, 3 … in the order of the freeze. */
    seq: integer("seq").notNull(),
    chatId: telegramId("chat_id").notNull(),
    /** The topic of a forum. */
    threadId: integer("thread_id"),
    state: deliveryState("state").notNull().default("pending"),
    attempts: smallint("attempts").notNull().default(0),
    /** How often it was claimed. What came of an older claim no longer counts. */
    claims: integer("claims").notNull().default(0),
    notBefore: instant("not_before"),
    /** The first of its messages. */
    messageId: integer("message_id"),
    /** All of them, in order, when there are several. */
    messageIds: integer("message_ids").array(),
    /** How many of the post's calls are done; one that got stuck between two goes on behind them. */
    callsDone: smallint("calls_done").notNull().default(0),
    /** Language of the version whose first call is done; null is the default one. */
    version: text("version"),
    /** Outcome class of a failed, skipped or uncertain delivery, such as `blocked`. */
    reason: text("reason"),
    /** What Telegram or the network said. */
    description: text("description"),
    settledAt: instant("settled_at"),
  },
  (table) => [
    primaryKey({ columns: [table.botId, table.campaignId, table.seq] }),
    // The claim reads from the front of this one; settled rows are not in it.
    index("deliveries_pending")
      .on(table.botId, table.campaignId, table.seq)
      .where(sql`state = 'pending'`),
    // What a crash left behind: never more rows than calls in flight.
    index("deliveries_sending")
      .on(table.botId, table.campaignId)
      .where(sql`state = 'sending'`),
    // Reports group and list these, and only these.
    index("deliveries_unsuccessful")
      .on(table.botId, table.campaignId, table.reason)
      .where(sql`state in ('failed', 'uncertain')`),
  ],
);

/** What is to be done with messages after they were sent. A row goes when it is done or cannot be done. */
export const errands = pgTable(
  "errands",
  {
    botId: botId(),
    campaignId: bigint("campaign_id", { mode: "number" }).notNull(),
    seq: integer("seq").notNull(),
    what: text("what", { enum: ERRANDS }).notNull(),
    chatId: telegramId("chat_id").notNull(),
    messageId: integer("message_id").notNull(),
    dueAt: instant("due_at").notNull(),
    attempts: smallint("attempts").notNull().default(0),
  },
  (table) => [
    primaryKey({ columns: [table.botId, table.campaignId, table.seq, table.what] }),
    index("errands_due").on(table.botId, table.what, table.dueAt),
  ],
);

/** Who voted for what under a post: one vote a person in each campaign. */
export const votes = pgTable(
  "votes",
  {
    botId: botId(),
    campaignId: bigint("campaign_id", { mode: "number" }).notNull(),
    userId: telegramId("user_id").notNull(),
    /** The text of the button. */
    choice: text("choice").notNull(),
    votedAt: instant("voted_at").notNull().defaultNow(),
  },
  (table) => [primaryKey({ columns: [table.botId, table.campaignId, table.userId] })],
);

/** How often the buttons of a post were tapped, by their text. */
export const taps = pgTable(
  "taps",
  {
    botId: botId(),
    campaignId: bigint("campaign_id", { mode: "number" }).notNull(),
    button: text("button").notNull(),
    what: text("what", { enum: TAP_KINDS }).notNull(),
    count: counter("count"),
  },
  (table) => [primaryKey({ columns: [table.botId, table.campaignId, table.what, table.button] })],
);

/** The one live card of a campaign in each admin's chat: the message that the reporter edits. */
export const cards = pgTable(
  "cards",
  {
    botId: botId(),
    campaignId: bigint("campaign_id", { mode: "number" }).notNull(),
    chatId: telegramId("chat_id").notNull(),
    messageId: integer("message_id").notNull(),
    /** What it shows: the campaign, or a question about it that waits for an answer. */
    view: text("view", { enum: CARD_VIEWS }).notNull().default("card"),
    /** It shows the end of the campaign; nothing is left to edit. */
    final: boolean("final").notNull().default(false),
  },
  (table) => [primaryKey({ columns: [table.botId, table.campaignId, table.chatId] })],
);
