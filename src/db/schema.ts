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
import type { FileKind } from "../content/content.ts";
import type { Stored } from "../stored-json.ts";
import {
  CAMPAIGN_STATES,
  CARD_VIEWS,
  DELIVERY_STATES,
  FOLLOW_UPS,
  LATE_POLICIES,
  NEWS,
  PAUSE_REASONS,
  POLL_COUNTS,
  RECIPIENT_KINDS,
  RECIPIENT_STATUSES,
  TAP_KINDS,
  TROUBLES,
} from "./states.ts";

/*
 * Each table belongs to a home, the bot in whose chat the admins work, or to a sender, a bot that posts. Its first column
 * says which one, `home_id` or `bot_id`, and leads every key: one database serves several homes and senders, and a
 * distributed PostgreSQL can spread the tables by it. docs/architecture.md lists which table belongs to whom.
 * Telegram's ids stay below 2^53, so numbers hold them.
 */
const homeId = () => bigint("home_id", { mode: "number" }).notNull();
const botId = () => bigint("bot_id", { mode: "number" }).notNull();
const telegramId = (name: string) => bigint(name, { mode: "number" });
const instant = (name: string) => timestamp(name, { withTimezone: true });
const counter = (name: string) => integer(name).notNull().default(0);

export const campaignState = pgEnum("campaign_state", CAMPAIGN_STATES);
export const pauseReason = pgEnum("pause_reason", PAUSE_REASONS);
export const deliveryState = pgEnum("delivery_state", DELIVERY_STATES);
export const recipientStatus = pgEnum("recipient_status", RECIPIENT_STATUSES);
export const recipientKind = pgEnum("recipient_kind", RECIPIENT_KINDS);

/** What everything under one home bot shares. */
export const homes = pgTable("homes", {
  homeId: bigint("home_id", { mode: "number" }).primaryKey(),
  /** The number of the newest campaign, whichever sender it belongs to. */
  lastCampaign: integer("last_campaign").notNull().default(0),
  /** What admins set for new campaigns; see campaign/settings.ts. */
  settings: jsonb("settings").$type<Stored<"settings">>(),
});

/** A bot that posts: who may send through it, and how long Telegram wants it silent. */
export const senders = pgTable("senders", {
  botId: bigint("bot_id", { mode: "number" }).primaryKey(),
  /** The home whose admins post through it; its own id for the home bot itself. */
  homeId: homeId(),
  /** End of the pause that Telegram asked for with 429; kept so that a restart honours it. */
  quietUntil: instant("quiet_until"),
  leaseHolder: text("lease_holder"),
  leaseUntil: instant("lease_until"),
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
    /**
     * When the person started the bot. Null when that is not known: they were imported without a date, or came long
     * before this column did.
     */
    joinedAt: instant("joined_at"),
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
    rights: jsonb("rights").$type<Stored<"rights">>().notNull(),
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
    homeId: homeId(),
    userId: telegramId("user_id").notNull(),
    /** IANA zone in which they read and type times. */
    timezone: text("timezone").notNull(),
  },
  (table) => [primaryKey({ columns: [table.homeId, table.userId] })],
);

/** People whom an owner made admins. Owners themselves come from the configuration. */
export const admins = pgTable(
  "admins",
  {
    homeId: homeId(),
    userId: telegramId("user_id").notNull(),
    name: text("name").notNull(),
    addedBy: telegramId("added_by").notNull(),
    addedAt: instant("added_at").notNull().defaultNow(),
  },
  (table) => [primaryKey({ columns: [table.homeId, table.userId] })],
);

/** Who did what. Rows are only ever added. */
export const audit = pgTable(
  "audit",
  {
    homeId: homeId(),
    id: bigint("id", { mode: "number" }).notNull().generatedAlwaysAsIdentity(),
    at: instant("at").notNull().defaultNow(),
    actorId: telegramId("actor_id").notNull(),
    action: text("action").notNull(),
    /** What it was done to: a campaign's number or a user's id. */
    subject: bigint("subject", { mode: "number" }),
  },
  (table) => [
    primaryKey({ columns: [table.homeId, table.id] }),
    // A card names who paused, changed or cancelled its campaign last.
    index("audit_subject").on(table.homeId, table.subject, table.action, table.id),
  ],
);

/** What a bot calls a file: each has a file_id of its own for it. */
export const media = pgTable(
  "media",
  {
    botId: botId(),
    /** Telegram's lasting id of the file, the same for every bot. */
    fileUniqueId: text("file_unique_id").notNull(),
    /** By which this bot can send it. */
    fileId: text("file_id").notNull(),
    kind: text("kind").$type<FileKind>().notNull(),
    /** When the bot last received it. */
    seenAt: instant("seen_at").notNull().defaultNow(),
  },
  (table) => [primaryKey({ columns: [table.botId, table.fileUniqueId] })],
);

/** The state of a dialog, as the conversations plugin keeps it. */
export const dialogs = pgTable(
  "dialogs",
  {
    homeId: homeId(),
    chatId: telegramId("chat_id").notNull(),
    state: jsonb("state").$type<unknown>().notNull(),
    updatedAt: instant("updated_at").notNull().defaultNow(),
  },
  (table) => [primaryKey({ columns: [table.homeId, table.chatId] })],
);

export const campaigns = pgTable(
  "campaigns",
  {
    botId: botId(),
    /** 1, 2, 3 … within the home. */
    id: bigint("id", { mode: "number" }).notNull(),
    state: campaignState("state").notNull().default("draft"),
    pauseReason: pauseReason("pause_reason"),
    /** What Telegram said when it made the campaign pause; of `incomplete` how many parts came, such as `3/4`. */
    pauseDetail: text("pause_detail"),
    /** Language of the version at fault; null is the default one. */
    pauseLanguage: text("pause_language"),
    content: jsonb("content").$type<Stored<"post">>().notNull(),
    audience: jsonb("audience").$type<Stored<"audience">>().notNull(),
    /** Raised with each change of the draft. */
    revision: integer("revision").notNull().default(1),
    /** Raised when the post is replaced; a delivery remembers which one it carried. */
    contentRevision: integer("content_revision").notNull().default(1),
    createdBy: telegramId("created_by").notNull(),
    /** Makes creating idempotent: the update that it came from. */
    originKey: text("origin_key").notNull(),
    /** When it is due; of a draft the time that was chosen, null means at once. */
    startsAt: instant("starts_at"),
    /** Hours in which it may be sent; null means any. schedule/window.ts */
    window: jsonb("window").$type<Stored<"window">>(),
    latePolicy: text("late_policy", { enum: LATE_POLICIES }).notNull().default("ask"),
    /** By so much the start was late, when that was more than a minute. */
    lateSeconds: integer("late_seconds"),
    /** Of a draft: how it is to repeat. schedule/recurrence.ts */
    recurrence: jsonb("recurrence").$type<Stored<"recurrence">>(),
    /** The series that it is a run of, and which one: 1, 2, 3 … */
    seriesId: bigint("series_id", { mode: "number" }),
    run: integer("run"),
    /** This draft is a change of that scheduled campaign, as it was at that revision. */
    changes: bigint("changes", { mode: "number" }),
    changesRevision: integer("changes_revision"),
    /** Of a draft: what Telegram had against its post in the last preview. campaign/preview-faults.ts */
    previewFaults: jsonb("preview_faults").$type<unknown>(),
    /** How many people the admin agreed to. */
    agreedCount: integer("agreed_count"),
    /** Its author was reminded of it, or did not need to be. */
    remindedAt: instant("reminded_at"),
    startedAt: instant("started_at"),
    finishedAt: instant("finished_at"),
    /** Seconds that it lay finished before it was retried; sending took that much less than from start to end. */
    idleSeconds: counter("idle_seconds"),
    /** Key of the last recipient frozen; the freeze goes on behind it. */
    freezeCursor: bigint("freeze_cursor", { mode: "number" }),
    frozenAt: instant("frozen_at"),
    /** Cancelled while its audience was still being frozen: how many of it were not frozen yet. They are not in `total`. */
    ungathered: counter("ungathered"),
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
    content: jsonb("content").$type<Stored<"post">>().notNull(),
    audience: jsonb("audience").$type<Stored<"audience">>().notNull(),
    recurrence: jsonb("recurrence").$type<Stored<"recurrence">>().notNull(),
    window: jsonb("window").$type<Stored<"window">>(),
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
    /**
     * Revision of the post whose first call is done or may have left. Null when that is not known: it was sent before
     * this column came, or the process died before it could say.
     */
    contentRevision: integer("content_revision"),
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
export const followUps = pgTable(
  "follow_ups",
  {
    botId: botId(),
    campaignId: bigint("campaign_id", { mode: "number" }).notNull(),
    seq: integer("seq").notNull(),
    what: text("what", { enum: FOLLOW_UPS }).notNull(),
    chatId: telegramId("chat_id").notNull(),
    messageId: integer("message_id").notNull(),
    dueAt: instant("due_at").notNull(),
    attempts: smallint("attempts").notNull().default(0),
  },
  (table) => [
    primaryKey({ columns: [table.botId, table.campaignId, table.seq, table.what] }),
    index("follow_ups_due").on(table.botId, table.what, table.dueAt),
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

/**
 * The polls that campaigns sent, by Telegram's ids. A table of its own, because `deliveries` cannot afford another index;
 * only posts that are polls have rows here.
 */
export const polls = pgTable(
  "polls",
  {
    botId: botId(),
    pollId: text("poll_id").notNull(),
    campaignId: bigint("campaign_id", { mode: "number" }).notNull(),
    /** Language of the version that was sent; null is the default one. */
    version: text("version"),
    /** How it stood when Telegram last told: content/poll-tally.ts. Null until somebody votes. */
    tally: jsonb("tally").$type<Stored<"tally">>(),
  },
  (table) => [
    primaryKey({ columns: [table.botId, table.pollId] }),
    // Retention drops them by campaign, in this order.
    index("polls_campaign").on(table.botId, table.campaignId, table.pollId),
  ],
);

/** What the polls of a campaign add up to; moved in the transaction that moves `polls.tally`. */
export const pollTotals = pgTable(
  "poll_totals",
  {
    botId: botId(),
    campaignId: bigint("campaign_id", { mode: "number" }).notNull(),
    /** Language of the version; empty for the default one. */
    version: text("version").notNull().default(""),
    what: text("what", { enum: POLL_COUNTS }).notNull(),
    /** The text of the option; empty for what is no option. */
    option: text("option").notNull().default(""),
    count: counter("count"),
  },
  (table) => [
    primaryKey({ columns: [table.botId, table.campaignId, table.version, table.what, table.option] }),
  ],
);

/** Who chose what in polls that are not anonymous. A row goes when the vote is taken back. */
export const pollAnswers = pgTable(
  "poll_answers",
  {
    botId: botId(),
    campaignId: bigint("campaign_id", { mode: "number" }).notNull(),
    pollId: text("poll_id").notNull(),
    /** A person, or a chat in whose name somebody voted. */
    voterId: telegramId("voter_id").notNull(),
    name: text("name").notNull(),
    username: text("username"),
    /** Telegram's lasting ids of the options: those of `polls.tally`. */
    choices: text("choices").array().notNull(),
    answeredAt: instant("answered_at").notNull().defaultNow(),
  },
  (table) => [primaryKey({ columns: [table.botId, table.campaignId, table.pollId, table.voterId] })],
);

/** The one live card of a campaign in each admin's chat: the message that the reporter edits. */
export const cards = pgTable(
  "cards",
  {
    homeId: homeId(),
    campaignId: bigint("campaign_id", { mode: "number" }).notNull(),
    chatId: telegramId("chat_id").notNull(),
    messageId: integer("message_id").notNull(),
    /** The message that was the card until it was sent anew further down. A tap on it may still be on its way. */
    movedFrom: integer("moved_from"),
    /** What it shows: the campaign, or a question about it that waits for an answer. */
    view: text("view", { enum: CARD_VIEWS }).notNull().default("card"),
    /** It shows the end of the campaign; nothing is left to edit. */
    final: boolean("final").notNull().default(false),
  },
  (table) => [primaryKey({ columns: [table.homeId, table.campaignId, table.chatId] })],
);

/** What happened to campaigns and is still to be told. A row goes when everybody who is to hear of it was told. */
export const news = pgTable(
  "news",
  {
    homeId: homeId(),
    id: bigint("id", { mode: "number" }).notNull().generatedAlwaysAsIdentity(),
    campaignId: bigint("campaign_id", { mode: "number" }).notNull(),
    what: text("what", { enum: NEWS }).notNull(),
    /** Who did it; null when it happened by itself. */
    actorId: telegramId("actor_id"),
    at: instant("at").notNull().defaultNow(),
    /** Admins who had set the campaign going a moment before: they are looking at its card. */
    watchers: telegramId("watchers").array().notNull().default([]),
    /** Chats that were told. Noted before the message leaves, so that none is told twice. */
    told: telegramId("told").array().notNull().default([]),
  },
  (table) => [primaryKey({ columns: [table.homeId, table.id] })],
);

/** What is wrong with Herald itself, and lasts long enough to be told. A row goes when it is over. */
export const troubles = pgTable(
  "troubles",
  {
    homeId: homeId(),
    /** The bot that has it. */
    botId: botId(),
    kind: text("kind", { enum: TROUBLES }).notNull(),
    since: instant("since").notNull(),
    /** What its words need besides, such as the host of a webhook. */
    facts: jsonb("facts").$type<Stored<"facts">>().notNull(),
  },
  (table) => [primaryKey({ columns: [table.homeId, table.botId, table.kind] })],
);
