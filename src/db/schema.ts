import { sql } from "drizzle-orm";
import {
  bigint,
  boolean,
  doublePrecision,
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
  ATTEMPT_FAULTS,
  CAMPAIGN_STATES,
  CARD_VIEWS,
  DELIVERY_STATES,
  EDIT_PAUSES,
  EDIT_STATES,
  FOLLOW_UPS,
  HANDLINGS,
  INBOX_DIRECTIONS,
  INBOX_MODES,
  INBOX_STATES,
  KEY_ROLES,
  LATE_POLICIES,
  NEWS,
  PAUSE_REASONS,
  POLL_COUNTS,
  RECIPIENT_KINDS,
  RECIPIENT_STATUSES,
  TAP_KINDS,
  TROUBLES,
  WEBHOOK_EVENTS,
  WHYS_DISABLED,
} from "./states.ts";

/*
 * Each table belongs to a home, the bot in whose chat the admins work, or to a sender, a bot that posts. Its first
 * column says which, `home_id` or `bot_id`, and leads every key: one database serves several homes and senders, and a
 * distributed PostgreSQL can distribute the tables by it. Campaigns belong to a sender, but are numbered, and found by
 * their number, within the home; two of their keys say so.
 * Telegram's ids stay below 2^53, so they fit into numbers.
 */
const homeId = () => bigint("home_id", { mode: "number" }).notNull();
const botId = () => bigint("bot_id", { mode: "number" }).notNull();
const telegramId = (name: string) => bigint(name, { mode: "number" });
const instant = (name: string) => timestamp(name, { withTimezone: true });
const counter = (name: string) => integer(name).notNull().default(0);
/** The bots that an admin or a key is limited to, in the order of their ids; null for all, also those that are added later. */
const bots = () => bigint("bots", { mode: "number" }).array();

export const campaignState = pgEnum("campaign_state", CAMPAIGN_STATES);
export const deliveryState = pgEnum("delivery_state", DELIVERY_STATES);
export const recipientStatus = pgEnum("recipient_status", RECIPIENT_STATUSES);
export const recipientKind = pgEnum("recipient_kind", RECIPIENT_KINDS);

/** What all senders of a home share. */
export const homes = pgTable("homes", {
  homeId: bigint("home_id", { mode: "number" }).primaryKey(),
  /** The number of the newest campaign of any sender. */
  lastCampaign: integer("last_campaign").notNull().default(0),
  /** Defaults for new campaigns; see campaign/settings.ts. */
  settings: jsonb("settings").$type<Stored<"settings">>(),
  /** Makes the hashes in `forgotten`. Null until somebody is forgotten. */
  forgetKey: text("forget_key"),
});

/**
 * A bot that posts. Besides what its home knows of it: which process holds its lease, and until when Telegram wants it to
 * pause.
 */
export const senders = pgTable("senders", {
  botId: bigint("bot_id", { mode: "number" }).primaryKey(),
  /** The home whose admins post through it; its own id for the home bot itself. */
  homeId: homeId(),
  /** What admins call it; null until Telegram or an owner has named it. */
  name: text("name"),
  /** Without @. */
  username: text("username"),
  /**
   * Its token, sealed: senders/sealed-token.ts. Null for the home and for bots of EXTRA_BOT_TOKENS, whose tokens are only in
   * the configuration.
   */
  sealedToken: text("sealed_token"),
  /** The home made it and manages it: senders/managed-token.ts. */
  managed: boolean("managed").notNull().default(false),
  handling: text("handling", { enum: HANDLINGS }).notNull().default("answers"),
  /** Messages a second; null for the configured rate. */
  rate: doublePrecision("rate"),
  /** Null for the home and for bots of EXTRA_BOT_TOKENS. */
  addedBy: telegramId("added_by"),
  addedAt: instant("added_at").notNull().defaultNow(),
  /** Since when Telegram refuses its token; null once another one is there. */
  tokenRefusedAt: instant("token_refused_at"),
  /** Since when it is removed. Its rows are being deleted: senders/purge.ts. This one is deleted last. */
  removedAt: instant("removed_at"),
  /** End of the pause that Telegram asked for with 429; stored so that a restart honours it. */
  quietUntil: instant("quiet_until"),
  leaseHolder: text("lease_holder"),
  leaseUntil: instant("lease_until"),
});

/** The processes of a home that are alive, so that they can share its senders. */
export const processes = pgTable(
  "processes",
  {
    homeId: homeId(),
    /** As in `lease_holder`. */
    holder: text("holder").notNull(),
    seenAt: instant("seen_at").notNull(),
    /** Its senders that do not simply send; null until there was one. */
    report: jsonb("report").$type<Stored<"report">>(),
  },
  (table) => [primaryKey({ columns: [table.homeId, table.holder] })],
);

/** People, groups and channels that the bot knows. */
export const recipients = pgTable(
  "recipients",
  {
    botId: botId(),
    chatId: telegramId("chat_id").notNull(),
    kind: recipientKind("kind").notNull().default("person"),
    /** Lower-case primary subtag such as `en`; null if unknown. */
    language: text("language"),
    /** The person chose it with /language, so Telegram's no longer overwrites it. */
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
     * When the person started the bot. Null if unknown: they were imported without a date, or joined before this column
     * existed.
     */
    joinedAt: instant("joined_at"),
    /** As `tagName` spells them, in no order. audience/tags.ts */
    tags: text("tags").array().notNull().default([]),
    /** What else is known: texts, numbers, and dates as `2026-11-30`, by name. audience/attributes.ts */
    attributes: jsonb("attributes").$type<Record<string, string | number>>().notNull().default({}),
    /** What came after `/start` when they first did: `promo_vk0`. Null if nothing did, or it is unknown. */
    source: text("source"),
    /** When the person last wrote or tapped; written at most once a day. Null if never, or before this column existed. */
    lastSeenAt: instant("last_seen_at"),
    /** As in the tz database: `Europe/Moscow`; null if unknown. */
    timeZone: text("time_zone"),
    /** Categories of campaigns that the person no longer wants, by their numbers in the settings; in no order. */
    leftCategories: integer("left_categories").array().notNull().default([]),
    /** The post that a campaign last pinned in a person's chat; for groups and channels it is in `chats`. */
    pinnedMessageId: integer("pinned_message_id"),
    createdAt: instant("created_at").notNull().defaultNow(),
    updatedAt: instant("updated_at").notNull().defaultNow(),
  },
  (table) => [
    primaryKey({ columns: [table.botId, table.chatId] }),
    // For live counts by language, and for freezing a language segment in key order.
    index("recipients_reachable")
      .on(table.botId, table.language, table.chatId)
      .where(sql`status = 'active' and opted_out_at is null`),
    // For the series for newcomers, whose steps take people in the order in which they joined.
    index("recipients_joined")
      .on(table.botId, table.joinedAt, table.chatId)
      .where(sql`joined_at is not null and kind = 'person'`),
  ],
);

/** People who were erased: only they themselves can return. audience/forgotten.ts */
export const forgotten = pgTable(
  "forgotten",
  {
    botId: botId(),
    /** Of the bot's and the person's ids, in hex. */
    hash: text("hash").notNull(),
    at: instant("at").notNull().defaultNow(),
  },
  (table) => [primaryKey({ columns: [table.botId, table.hash] })],
);

/** People of a bot whom an admin, a file or a program picked one by one. audience/lists.ts */
export const lists = pgTable(
  "lists",
  {
    botId: botId(),
    id: bigint("id", { mode: "number" }).notNull().generatedAlwaysAsIdentity(),
    /** As it was typed. */
    name: text("name").notNull(),
    /** The name as it is compared: no two lists of a bot have the same. */
    key: text("key").notNull(),
    /** As in the audit: a user's id, or the negated id of an API key. */
    createdBy: telegramId("created_by").notNull(),
    createdAt: instant("created_at").notNull().defaultNow(),
  },
  (table) => [
    primaryKey({ columns: [table.botId, table.id] }),
    uniqueIndex("lists_key").on(table.botId, table.key),
  ],
);

/** Who is on which list. Only people whom the bot knows; whether they can be written to is in their row in `recipients`. */
export const listMembers = pgTable(
  "list_members",
  {
    botId: botId(),
    listId: bigint("list_id", { mode: "number" }).notNull(),
    chatId: telegramId("chat_id").notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.botId, table.listId, table.chatId] }),
    // For erasing a person, and for what is known of one.
    index("list_members_person").on(table.botId, table.chatId),
  ],
);

/** Conditions that admins and programs keep under a name. A campaign takes a copy. audience/segment/saved-segments.ts */
export const segments = pgTable(
  "segments",
  {
    botId: botId(),
    id: bigint("id", { mode: "number" }).notNull().generatedAlwaysAsIdentity(),
    /** As it was typed. */
    name: text("name").notNull(),
    /** The name as it is compared: no two segments of a bot have the same. */
    key: text("key").notNull(),
    segment: jsonb("segment").$type<Stored<"segment">>().notNull(),
    /** Who made or changed it last; as in the audit. */
    savedBy: telegramId("saved_by").notNull(),
    savedAt: instant("saved_at").notNull().defaultNow(),
  },
  (table) => [
    primaryKey({ columns: [table.botId, table.id] }),
    uniqueIndex("segments_key").on(table.botId, table.key),
  ],
);

/** Groups and channels that the bot is or was in. Whether they can be written to is in their row in `recipients`. */
export const chats = pgTable(
  "chats",
  {
    botId: botId(),
    chatId: telegramId("chat_id").notNull(),
    title: text("title").notNull(),
    /** Without @; null unless it is public. */
    username: text("username"),
    isForum: boolean("is_forum").notNull().default(false),
    /** What the bot may do there; see audience/chats.ts. */
    rights: jsonb("rights").$type<Stored<"rights">>().notNull(),
    /** The post that a campaign last pinned there. */
    pinnedMessageId: integer("pinned_message_id"),
    updatedAt: instant("updated_at").notNull().defaultNow(),
  },
  (table) => [primaryKey({ columns: [table.botId, table.chatId] })],
);

/** The forum topics that the bot knows of. */
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

/** Each admin's own settings. */
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
    bots: bots(),
  },
  (table) => [primaryKey({ columns: [table.homeId, table.userId] })],
);

/** Keys of programs that call the HTTP API. Only a hash of each is kept. */
export const apiKeys = pgTable(
  "api_keys",
  {
    homeId: homeId(),
    id: bigint("id", { mode: "number" }).notNull().generatedAlwaysAsIdentity(),
    name: text("name").notNull(),
    role: text("role", { enum: KEY_ROLES }).notNull(),
    /** How it begins, by which it is looked up and recognised: `hk_` and 8 characters. */
    prefix: text("prefix").notNull(),
    /** SHA-256 of the whole key, in hex. */
    hash: text("hash").notNull(),
    createdBy: telegramId("created_by").notNull(),
    createdAt: instant("created_at").notNull().defaultNow(),
    bots: bots(),
    expiresAt: instant("expires_at"),
    revokedAt: instant("revoked_at"),
    /** Written at most once a minute. */
    lastUsedAt: instant("last_used_at"),
    /** The address of the caller then. */
    lastUsedFrom: text("last_used_from"),
  },
  (table) => [
    primaryKey({ columns: [table.homeId, table.id] }),
    uniqueIndex("api_keys_prefix").on(table.homeId, table.prefix),
  ],
);

/** Who did what. Rows are never changed or deleted. */
export const audit = pgTable(
  "audit",
  {
    homeId: homeId(),
    id: bigint("id", { mode: "number" }).notNull().generatedAlwaysAsIdentity(),
    at: instant("at").notNull().defaultNow(),
    actorId: telegramId("actor_id").notNull(),
    action: text("action").notNull(),
    /** The campaign's number or the user's id that it was done to. */
    subject: bigint("subject", { mode: "number" }),
  },
  (table) => [
    primaryKey({ columns: [table.homeId, table.id] }),
    // For cards, which name who last paused, changed or cancelled the campaign.
    index("audit_subject").on(table.homeId, table.subject, table.action, table.id),
  ],
);

/** The file_id of each file, which differs from bot to bot. */
export const media = pgTable(
  "media",
  {
    botId: botId(),
    /** Telegram's persistent id of the file, the same for every bot. */
    fileUniqueId: text("file_unique_id").notNull(),
    /** The id by which this bot can send it. */
    fileId: text("file_id").notNull(),
    kind: text("kind").$type<FileKind>().notNull(),
    /** What Telegram said of it, in the form of content/file-details.ts; null for files that older versions stored. */
    details: jsonb("details").$type<unknown>(),
    /** When the bot last received it. */
    seenAt: instant("seen_at").notNull().defaultNow(),
  },
  (table) => [primaryKey({ columns: [table.botId, table.fileUniqueId] })],
);

/** The state of a dialog, in the conversations plugin's format. */
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
    /** The home of its bot, which numbers its campaigns, finds them by number and lists those of all its bots. */
    homeId: homeId(),
    /** 1, 2, 3 … within the home. */
    id: bigint("id", { mode: "number" }).notNull(),
    state: campaignState("state").notNull().default("draft"),
    /** Text, because a value that was just added to an enum type cannot be used in the same transaction before PostgreSQL 17. */
    pauseReason: text("pause_reason", { enum: PAUSE_REASONS }),
    /** What Telegram said that made the campaign pause; for `incomplete`, how many parts arrived, such as `3/4`. */
    pauseDetail: text("pause_detail"),
    /** Language of the version at fault; null for the default one. */
    pauseLanguage: text("pause_language"),
    content: jsonb("content").$type<Stored<"post">>().notNull(),
    audience: jsonb("audience").$type<Stored<"audience">>().notNull(),
    /** Grows with each change of the draft. */
    revision: integer("revision").notNull().default(1),
    /** Grows when the post is replaced; a delivery remembers which revision it carried. */
    contentRevision: integer("content_revision").notNull().default(1),
    createdBy: telegramId("created_by").notNull(),
    /** The update or the request that created it; makes creating idempotent. */
    originKey: text("origin_key").notNull(),
    /** Digest of the request that created it, so that the same key with another request is noticed; null for updates. */
    originDigest: text("origin_digest"),
    /** When it is due; for a draft, the chosen time, where null means at once. */
    startsAt: instant("starts_at"),
    /** What kind of campaign it is, by its number in the settings: campaign/category.ts. Null for none. */
    category: integer("category"),
    /** Hours in which it may be sent; null for any. schedule/window.ts */
    window: jsonb("window").$type<Stored<"window">>(),
    latePolicy: text("late_policy", { enum: LATE_POLICIES }).notNull().default("ask"),
    /** Why it was cancelled, in the words of whoever did it; null if they gave none. */
    cancelReason: text("cancel_reason"),
    /** How late it started, if that was more than a minute. */
    lateSeconds: integer("late_seconds"),
    /** For a draft: how it will repeat. schedule/recurrence.ts */
    recurrence: jsonb("recurrence").$type<Stored<"recurrence">>(),
    /** The series it is a run of, and which run: 1, 2, 3 … */
    seriesId: bigint("series_id", { mode: "number" }),
    run: integer("run"),
    /** The scheduled campaign, at that revision, that this draft edits. */
    changes: bigint("changes", { mode: "number" }),
    changesRevision: integer("changes_revision"),
    /** For a draft: why Telegram refused its post in the last preview. campaign/preview-faults.ts */
    previewFaults: jsonb("preview_faults").$type<unknown>(),
    /**
     * For a draft that is to be a welcome (`welcomes`) and no campaign: the source that it is for, empty for everyone. Null for
     * all others.
     */
    welcomeFor: text("welcome_for"),
    /**
     * It is a step of the series for newcomers, or a draft of one: when people get it after they joined, and who. Null for all
     * others. Its audience is frozen from the start, and grows as people become due: campaign/step-plan.ts
     */
    step: jsonb("step").$type<Stored<"step">>(),
    /**
     * Of a step: it has seen everyone who joined before, and at that instant those up to the chat in `freeze_cursor`. It stays when
     * the step is removed: its deliveries are in the order in which people joined, those of other campaigns in the order of their ids.
     */
    joinedCursor: instant("joined_cursor"),
    /** For a draft: the bots that are to send it, in the order chosen, `bot_id` first; null if that is the only one. */
    bots: bigint("bots", { mode: "number" }).array(),
    /** Numbers that are kept: for a draft, for the campaigns of its other bots; for a run of a bundle, those of all its runs. */
    numbers: bigint("numbers", { mode: "number" }).array(),
    /**
     * The bundle it was confirmed in, one campaign per bot: the number of the first. Null if it was confirmed alone.
     * campaign/bundle.ts
     */
    bundleId: bigint("bundle_id", { mode: "number" }),
    /** A person who has several bots of the bundle gets the post once: bundle_people. */
    eachOnce: boolean("each_once").notNull().default(false),
    /** Where its personal codes come from: code_pools. Null if it has none. */
    codePool: bigint("code_pool", { mode: "number" }),
    /** A person has one code of the pool in each round: a duplicate shares the round, each run of a series has its own. */
    codeRound: integer("code_round").notNull().default(0),
    /** When the codes that it did not need went back to the pool; only if it was cancelled. */
    codesReturnedAt: instant("codes_returned_at"),
    /** The number of people that the admin confirmed. */
    agreedCount: integer("agreed_count"),
    /** When its author was reminded, or found not to need it. */
    remindedAt: instant("reminded_at"),
    startedAt: instant("started_at"),
    finishedAt: instant("finished_at"),
    /** Seconds it was finished before a retry; not part of the time that sending took. */
    idleSeconds: counter("idle_seconds"),
    /** Key of the last recipient frozen; the freeze continues after it. */
    freezeCursor: bigint("freeze_cursor", { mode: "number" }),
    frozenAt: instant("frozen_at"),
    /** If cancelled during the freeze: how many of the audience were not frozen yet. They are not in `total`. */
    ungathered: counter("ungathered"),
    /** An admin resumed it after the first failures, so those no longer pause it. */
    errorsWaived: boolean("errors_waived").notNull().default(false),
    /** An admin resumed it although Telegram leaves out parts, so that no longer pauses it. */
    incompleteWaived: boolean("incomplete_waived").notNull().default(false),
    /** Counters, updated in the transaction that updates the deliveries; the rest is `total` minus the others. */
    total: counter("total"),
    sent: counter("sent"),
    blocked: counter("blocked"),
    deactivated: counter("deactivated"),
    unreachable: counter("unreachable"),
    failed: counter("failed"),
    skipped: counter("skipped"),
    uncertain: counter("uncertain"),
    /** How many left its category, or everything, by the button under its post. */
    departed: counter("departed"),
    /** Since when its deliveries are being deleted: nothing can be retried, and only the counters stay. */
    detailsDroppedAt: instant("details_dropped_at"),
    /** Its deliveries up to this seq are deleted; once it reaches `total`, all are. */
    droppedTo: integer("dropped_to").notNull().default(0),
    createdAt: instant("created_at").notNull().defaultNow(),
    updatedAt: instant("updated_at").notNull().defaultNow(),
  },
  (table) => [
    primaryKey({ columns: [table.botId, table.id] }),
    uniqueIndex("campaigns_number").on(table.homeId, table.id),
    uniqueIndex("campaigns_origin").on(table.homeId, table.originKey),
    index("campaigns_series").on(table.botId, table.seriesId, table.run),
    index("campaigns_state").on(table.botId, table.state, table.startsAt),
    // For screens, which list the campaigns of all bots.
    index("campaigns_home_state").on(table.homeId, table.state, table.startsAt),
    index("campaigns_bundle")
      .on(table.homeId, table.bundleId, table.id)
      .where(sql`bundle_id is not null`),
  ],
);

/** The posts that answer /start: of each bot one for everyone, and one for each source that has its own. */
export const welcomes = pgTable(
  "welcomes",
  {
    botId: botId(),
    id: bigint("id", { mode: "number" }).notNull().generatedAlwaysAsIdentity(),
    /** What came after `/start`; empty for everyone. */
    source: text("source").notNull().default(""),
    content: jsonb("content").$type<Stored<"post">>().notNull(),
    /** Grows when the post is replaced. */
    revision: integer("revision").notNull().default(1),
    /** What Telegram said when it refused the post, of which the owners have been told; null while it takes it. */
    refusal: text("refusal"),
  },
  (table) => [
    primaryKey({ columns: [table.botId, table.id] }),
    uniqueIndex("welcomes_source").on(table.botId, table.source),
  ],
);

/** A repeating campaign: the template of its next run. Each run is a campaign of its own. */
export const series = pgTable(
  "series",
  {
    botId: botId(),
    /** The number of its first run. */
    id: bigint("id", { mode: "number" }).notNull(),
    content: jsonb("content").$type<Stored<"post">>().notNull(),
    audience: jsonb("audience").$type<Stored<"audience">>().notNull(),
    recurrence: jsonb("recurrence").$type<Stored<"recurrence">>().notNull(),
    category: integer("category"),
    window: jsonb("window").$type<Stored<"window">>(),
    latePolicy: text("late_policy", { enum: LATE_POLICIES }).notNull().default("ask"),
    createdBy: telegramId("created_by").notNull(),
    /** The series that were confirmed with it, one per bot: the number of the first. Their runs are bundles. */
    bundleId: bigint("bundle_id", { mode: "number" }),
    eachOnce: boolean("each_once").notNull().default(false),
    /** Its runs take their codes from here, each in a round of its own. */
    codePool: bigint("code_pool", { mode: "number" }),
    agreedCount: integer("agreed_count"),
    /** Runs created so far, and the scheduled wall-clock time of the newest, even if it was moved. */
    made: integer("made").notNull(),
    lastAt: instant("last_at").notNull(),
    endedAt: instant("ended_at"),
    createdAt: instant("created_at").notNull().defaultNow(),
  },
  (table) => [primaryKey({ columns: [table.botId, table.id] })],
);

/** Personal codes that campaigns give out. Those of several bots, and duplicates, share a pool. */
export const codePools = pgTable(
  "code_pools",
  {
    homeId: homeId(),
    /** The number of the campaign for which it was made. */
    id: bigint("id", { mode: "number" }).notNull(),
    /** How many codes were ever put in; also the place of the last one. */
    made: counter("made"),
    /**
     * Free codes up to this place are withheld: the pool came from a backup, and they may have been given after that was made. 0 if
     * none are.
     */
    withheldTo: counter("withheld_to"),
    createdAt: instant("created_at").notNull().defaultNow(),
  },
  (table) => [primaryKey({ columns: [table.homeId, table.id] })],
);

export const codes = pgTable(
  "codes",
  {
    homeId: homeId(),
    poolId: bigint("pool_id", { mode: "number" }).notNull(),
    code: text("code").notNull(),
    /** They are given out in this order. */
    place: integer("place").notNull(),
    /** Null while it is free. It stays when the person is forgotten, so that nobody else ever gets the code. */
    givenAt: instant("given_at"),
    /** Who has it; null while it is free, and once they are forgotten. */
    userId: telegramId("user_id"),
    round: integer("round").notNull().default(0),
    /** The campaign that gave it, and may take it back; null if others use it as well. */
    campaignId: bigint("campaign_id", { mode: "number" }),
  },
  (table) => [
    // No code goes to two people.
    primaryKey({ columns: [table.homeId, table.poolId, table.code] }),
    // A person has one code of a pool in each round. It also finds the code of a person, for the claim and for forgetting them.
    uniqueIndex("codes_person")
      .on(table.homeId, table.userId, table.poolId, table.round)
      .where(sql`user_id is not null`),
    index("codes_free")
      .on(table.homeId, table.poolId, table.place)
      .where(sql`given_at is null`),
  ],
);

/**
 * Whom the campaigns of a bundle have frozen, where everyone is to get the post once: a campaign takes only people who have
 * no row yet.
 */
export const bundlePeople = pgTable(
  "bundle_people",
  {
    homeId: homeId(),
    bundleId: bigint("bundle_id", { mode: "number" }).notNull(),
    userId: telegramId("user_id").notNull(),
  },
  (table) => [primaryKey({ columns: [table.homeId, table.bundleId, table.userId] })],
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
    /** How often it was claimed. Outcomes of older claims no longer count. */
    claims: integer("claims").notNull().default(0),
    notBefore: instant("not_before"),
    /** The first of its messages. */
    messageId: integer("message_id"),
    /** All of them, in order, when there are several. */
    messageIds: integer("message_ids").array(),
    /** How many of the post's calls are done; a delivery interrupted between two calls continues after them. */
    callsDone: smallint("calls_done").notNull().default(0),
    /** Language of the version whose first call is done; null for the default one. */
    version: text("version"),
    /**
     * Revision of the post whose first call is done or may have left. Null if unknown: it was sent before this column
     * existed, or the process died before it was written.
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
    // The claim reads from its front; settled rows are not in it.
    index("deliveries_pending")
      .on(table.botId, table.campaignId, table.seq)
      .where(sql`state = 'pending'`),
    // For the rescue after a crash; never has more rows than calls in flight.
    index("deliveries_sending")
      .on(table.botId, table.campaignId)
      .where(sql`state = 'sending'`),
    // For reports, which group and list only these.
    index("deliveries_unsuccessful")
      .on(table.botId, table.campaignId, table.reason)
      .where(sql`state in ('failed', 'uncertain')`),
  ],
);

/** What remains to be done with messages that were sent. A row is deleted when it is done or cannot be done. */
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

/** Edits of the posts that a campaign has sent, one after another: each brings a revision to all who have an older one. */
export const sentEdits = pgTable(
  "sent_edits",
  {
    botId: botId(),
    campaignId: bigint("campaign_id", { mode: "number" }).notNull(),
    /** 1, 2, 3 … within the campaign. Only the last one may be running or paused. */
    number: integer("number").notNull(),
    state: text("state", { enum: EDIT_STATES }).notNull().default("running"),
    pauseReason: text("pause_reason", { enum: EDIT_PAUSES }),
    /** What Telegram said that made it pause. */
    pauseDetail: text("pause_detail"),
    /** As in the campaign: those who have an older revision get this one. */
    contentRevision: integer("content_revision").notNull(),
    /** As in the audit. */
    createdBy: telegramId("created_by").notNull(),
    /** How many had an older revision when it began. A campaign that is running may add a few. */
    total: integer("total").notNull(),
    edited: counter("edited"),
    unchanged: counter("unchanged"),
    /** The message is deleted, or Telegram no longer lets it be edited. */
    gone: counter("gone"),
    refused: counter("refused"),
    /** It goes down through the deliveries and is done with those above this seq. Null before it begins. */
    cursor: integer("cursor"),
    /** Deliveries above it that are not done: their call is under way, or has to be made again. */
    waiting: integer("waiting").array().notNull().default([]),
    /** Since when it runs, and how many were done by then; for the time that it takes. */
    runsSince: instant("runs_since").notNull().defaultNow(),
    doneBefore: counter("done_before"),
    createdAt: instant("created_at").notNull().defaultNow(),
    endedAt: instant("ended_at"),
  },
  (table) => [
    primaryKey({ columns: [table.botId, table.campaignId, table.number] }),
    // For the engine, which looks for work all the time; it has no more rows than edits under way.
    index("sent_edits_running")
      .on(table.botId, table.campaignId)
      .where(sql`state = 'running'`),
  ],
);

/** Votes by buttons under a post: one per person and campaign. */
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

/** Who left a category, or everything, by the button under a post: one row per person and campaign, kept if they come back. */
export const departures = pgTable(
  "departures",
  {
    botId: botId(),
    campaignId: bigint("campaign_id", { mode: "number" }).notNull(),
    userId: telegramId("user_id").notNull(),
    leftAt: instant("left_at").notNull().defaultNow(),
  },
  (table) => [primaryKey({ columns: [table.botId, table.campaignId, table.userId] })],
);

/** How often the buttons of a post were tapped, by text. */
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
 * The polls that campaigns sent, by Telegram's ids. Not columns of `deliveries`, which cannot afford another index;
 * only posts that are polls have rows here.
 */
export const polls = pgTable(
  "polls",
  {
    botId: botId(),
    pollId: text("poll_id").notNull(),
    campaignId: bigint("campaign_id", { mode: "number" }).notNull(),
    /** Language of the version that was sent; null for the default one. */
    version: text("version"),
    /** The latest results from Telegram: content/poll-tally.ts. Null until someone votes. */
    tally: jsonb("tally").$type<Stored<"tally">>(),
  },
  (table) => [
    primaryKey({ columns: [table.botId, table.pollId] }),
    // For retention, which deletes by campaign in this order.
    index("polls_campaign").on(table.botId, table.campaignId, table.pollId),
  ],
);

/** The totals over the polls of a campaign; updated in the transaction that updates `polls.tally`. */
export const pollTotals = pgTable(
  "poll_totals",
  {
    botId: botId(),
    campaignId: bigint("campaign_id", { mode: "number" }).notNull(),
    /** Language of the version; empty for the default one. */
    version: text("version").notNull().default(""),
    what: text("what", { enum: POLL_COUNTS }).notNull(),
    /** The text of the option; empty for counts that are not of an option. */
    option: text("option").notNull().default(""),
    count: counter("count"),
  },
  (table) => [
    primaryKey({ columns: [table.botId, table.campaignId, table.version, table.what, table.option] }),
  ],
);

/** Answers in polls that are not anonymous. A row is deleted when the vote is retracted. */
export const pollAnswers = pgTable(
  "poll_answers",
  {
    botId: botId(),
    campaignId: bigint("campaign_id", { mode: "number" }).notNull(),
    pollId: text("poll_id").notNull(),
    /** A person, or a chat on whose behalf someone voted. */
    voterId: telegramId("voter_id").notNull(),
    name: text("name").notNull(),
    username: text("username"),
    /** Telegram's persistent ids of the options, as in `polls.tally`. */
    choices: text("choices").array().notNull(),
    answeredAt: instant("answered_at").notNull().defaultNow(),
  },
  (table) => [
    primaryKey({ columns: [table.botId, table.campaignId, table.pollId, table.voterId] }),
    // For a person's history, and for erasing them.
    index("poll_answers_voter").on(table.botId, table.voterId),
  ],
);

/**
 * What another program has relayed of a bot lately: per subject the newest update, so that an update that comes again, or
 * after a newer one, changes nothing. Rows are kept for a day; see db/heard-updates.ts.
 */
export const heardUpdates = pgTable(
  "heard_updates",
  {
    botId: botId(),
    /** Whom or what it was about, such as `person 123`. */
    subject: text("subject").notNull(),
    updateId: bigint("update_id", { mode: "number" }).notNull(),
    at: instant("at").notNull().defaultNow(),
  },
  (table) => [primaryKey({ columns: [table.botId, table.subject] })],
);

/**
 * What Telegram has posted of a bot's updates (WEBHOOK=on) and Herald has not handled to the end. A row is deleted once it
 * is; `heard_updates` remembers for a day that it was there.
 */
export const queuedUpdates = pgTable(
  "queued_updates",
  {
    botId: botId(),
    updateId: bigint("update_id", { mode: "number" }).notNull(),
    /** The update as Telegram posted it, sealed: telegram/bot-webhook.ts. */
    body: text("body").notNull(),
    at: instant("at").notNull().defaultNow(),
    /** Who handles it: a random id of each time that a process begins to. Null until somebody does. */
    takenBy: text("taken_by"),
    /** How often somebody has begun to handle it. */
    taken: smallint("taken").notNull().default(0),
  },
  (table) => [primaryKey({ columns: [table.botId, table.updateId] })],
);

/** The live card of a campaign in each admin's chat: the message that the card keeper edits. */
export const cards = pgTable(
  "cards",
  {
    homeId: homeId(),
    /** Negative: the bundle with that id. */
    campaignId: bigint("campaign_id", { mode: "number" }).notNull(),
    chatId: telegramId("chat_id").notNull(),
    messageId: integer("message_id").notNull(),
    /** The message that was the card before it was sent again below. A tap on it may still be on its way. */
    movedFrom: integer("moved_from"),
    /** What it shows: the campaign, or an unanswered question about it. */
    view: text("view", { enum: CARD_VIEWS }).notNull().default("card"),
    /** It shows the final state and is no longer edited. */
    final: boolean("final").notNull().default(false),
  },
  (table) => [primaryKey({ columns: [table.homeId, table.campaignId, table.chatId] })],
);

/** News of campaigns still to be told. A row is deleted when everyone who should hear it was told. */
export const news = pgTable(
  "news",
  {
    homeId: homeId(),
    id: bigint("id", { mode: "number" }).notNull().generatedAlwaysAsIdentity(),
    /** Negative: the bundle with that id. */
    campaignId: bigint("campaign_id", { mode: "number" }).notNull(),
    what: text("what", { enum: NEWS }).notNull(),
    /** Who did it; null if it happened by itself. */
    actorId: telegramId("actor_id"),
    at: instant("at").notNull().defaultNow(),
    /** Admins who started the campaign a moment before, and thus are looking at its card. */
    watchers: telegramId("watchers").array().notNull().default([]),
    /** Chats that were told. Recorded before the message leaves, so that none is told twice. */
    told: telegramId("told").array().notNull().default([]),
  },
  (table) => [primaryKey({ columns: [table.homeId, table.id] })],
);

/** Lasting troubles of Herald itself that were reported. A row is deleted when the trouble is over. */
export const troubles = pgTable(
  "troubles",
  {
    homeId: homeId(),
    /** The bot that has it. */
    botId: botId(),
    kind: text("kind", { enum: TROUBLES }).notNull(),
    since: instant("since").notNull(),
    /** Further facts for its message, such as the host of a webhook. */
    facts: jsonb("facts").$type<Stored<"facts">>().notNull(),
  },
  (table) => [primaryKey({ columns: [table.homeId, table.botId, table.kind] })],
);

/** Addresses that are told of events. */
export const webhooks = pgTable(
  "webhooks",
  {
    homeId: homeId(),
    id: bigint("id", { mode: "number" }).notNull().generatedAlwaysAsIdentity(),
    url: text("url").notNull(),
    events: text("events", { enum: WEBHOOK_EVENTS }).array().notNull(),
    /** What signs: `whsec_` and base64. */
    secret: text("secret").notNull(),
    /** The one before, which signs as well until `previous_until`. */
    previousSecret: text("previous_secret"),
    previousUntil: instant("previous_until"),
    createdBy: telegramId("created_by").notNull(),
    createdAt: instant("created_at").notNull().defaultNow(),
    /** Null while it is told. */
    disabledWhy: text("disabled_why", { enum: WHYS_DISABLED }),
    disabledAt: instant("disabled_at"),
    /** Since when every attempt has failed; null after a success. */
    failingSince: instant("failing_since"),
    /** The last attempt: when, and the status of the answer or why there was none. */
    lastAt: instant("last_at"),
    lastStatus: integer("last_status"),
    lastFault: text("last_fault", { enum: ATTEMPT_FAULTS }),
  },
  (table) => [primaryKey({ columns: [table.homeId, table.id] })],
);

/**
 * Events on their way to a webhook, written in the transaction in which they happened, and the newest hundred that are
 * done.
 */
export const webhookMessages = pgTable(
  "webhook_messages",
  {
    homeId: homeId(),
    webhookId: bigint("webhook_id", { mode: "number" }).notNull(),
    id: bigint("id", { mode: "number" }).notNull().generatedAlwaysAsIdentity(),
    /** The same for each attempt, and for every webhook that is told of the event. */
    eventId: text("event_id").notNull(),
    event: text("event", { enum: [...WEBHOOK_EVENTS, "webhook.test"] }).notNull(),
    /** The body, as it is signed and sent. */
    payload: text("payload").notNull(),
    createdAt: instant("created_at").notNull().defaultNow(),
    attempts: smallint("attempts").notNull().default(0),
    /** When it is sent next; null once it is delivered or given up. */
    nextAt: instant("next_at"),
    deliveredAt: instant("delivered_at"),
    lastAt: instant("last_at"),
    lastStatus: integer("last_status"),
    lastFault: text("last_fault", { enum: ATTEMPT_FAULTS }),
  },
  (table) => [
    primaryKey({ columns: [table.homeId, table.webhookId, table.id] }),
    index("webhook_messages_due")
      .on(table.homeId, table.webhookId, table.nextAt, table.id)
      .where(sql`next_at is not null`),
    // The newest hundred, which are looked up behind whatever waits.
    index("webhook_messages_done")
      .on(table.homeId, table.webhookId, table.id)
      .where(sql`next_at is null`),
  ],
);

/** What becomes of what people write to a bot; nothing if it has no row. inbox/inbox-setting.ts */
export const inboxes = pgTable("inboxes", {
  botId: bigint("bot_id", { mode: "number" }).primaryKey(),
  mode: text("mode", { enum: INBOX_MODES }).notNull(),
  /** The text that answers people; null unless `mode` is `answer`. */
  answer: jsonb("answer").$type<Stored<"answer">>(),
  /** The group; null if `mode` is `answer`. */
  groupId: telegramId("group_id"),
  /** In which language Herald speaks there. */
  locale: text("locale").notNull(),
  setBy: telegramId("set_by").notNull(),
  setAt: instant("set_at").notNull().defaultNow(),
});

/** The people who wrote to a bot, and where in the group of the inbox each of them is. */
export const inboxThreads = pgTable(
  "inbox_threads",
  {
    botId: botId(),
    chatId: telegramId("chat_id").notNull(),
    /** The group of the topic and of the card; null if they are nowhere yet. */
    groupId: telegramId("group_id"),
    threadId: integer("thread_id"),
    /** The message that says who it is, with its buttons. */
    cardId: integer("card_id"),
    cardDrawnAt: instant("card_drawn_at"),
    closed: boolean("closed").notNull().default(false),
    /** Nothing of theirs is passed on. */
    blocked: boolean("blocked").notNull().default(false),
    /** Messages that were too many at once; the group has not been told of them yet. */
    passedOver: counter("passed_over"),
    /** When they last got the automatic answer. */
    answeredAt: instant("answered_at"),
    firstAt: instant("first_at").notNull().defaultNow(),
    lastAt: instant("last_at").notNull().defaultNow(),
  },
  (table) => [
    primaryKey({ columns: [table.botId, table.chatId] }),
    // For what is written in a topic, and for replies to a card.
    index("inbox_threads_topic").on(table.botId, table.groupId, table.threadId),
    // For the group, which is to be told.
    index("inbox_threads_passed_over")
      .on(table.botId)
      .where(sql`passed_over > 0`),
  ],
);

/** Which message stands for which in the inbox. Never what they say. */
export const inboxMessages = pgTable(
  "inbox_messages",
  {
    botId: botId(),
    /** They leave in this order. */
    id: bigint("id", { mode: "number" }).notNull().generatedAlwaysAsIdentity(),
    /** The person. */
    chatId: telegramId("chat_id").notNull(),
    direction: text("direction", { enum: INBOX_DIRECTIONS }).notNull(),
    /** Where the message was written: the person's chat or the group. */
    fromChat: telegramId("from_chat").notNull(),
    messageId: integer("message_id").notNull(),
    /** When the person edited it, in Telegram's seconds; 0 for the message as it was sent. An edit is passed on as well. */
    editedAt: integer("edited_at").notNull().default(0),
    /** Of an album, whose parts leave together. */
    albumId: text("album_id"),
    /** The message, in the same chat, that it replies to. */
    replyTo: integer("reply_to"),
    state: text("state", { enum: INBOX_STATES }).notNull().default("waiting"),
    /** Its copy, in the group or in the person's chat. */
    copyChat: telegramId("copy_chat"),
    copyId: integer("copy_id"),
    /** The group is still to be told that it was refused, or is uncertain. */
    untold: boolean("untold").notNull().default(false),
    /** What Telegram or the network said. */
    description: text("description"),
    at: instant("at").notNull().defaultNow(),
  },
  (table) => [
    primaryKey({ columns: [table.botId, table.id] }),
    // No message is taken twice.
    uniqueIndex("inbox_messages_source").on(table.botId, table.fromChat, table.messageId, table.editedAt),
    // For replies to a copy.
    index("inbox_messages_copy")
      .on(table.botId, table.copyChat, table.copyId)
      .where(sql`copy_id is not null`),
    // For the courier; has no more rows than are on their way.
    index("inbox_messages_open")
      .on(table.botId, table.direction, table.id)
      .where(sql`state in ('waiting', 'leaving') or untold`),
    // For counting what a person wrote lately, and for erasing them.
    index("inbox_messages_person").on(table.botId, table.chatId, table.at),
    // For retention.
    index("inbox_messages_at").on(table.botId, table.at),
  ],
);
