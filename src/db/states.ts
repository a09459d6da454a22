/*
 * The states. Each comment says who moves it on, and what a crash in it means.
 * The transitions between campaign states are the table in campaign/campaign.ts.
 */

export const CAMPAIGN_STATES = [
  /** Being composed. An admin schedules or discards it. A crash loses nothing, because each answer is saved. */
  "draft",
  /**
   * Confirmed, waiting for `starts_at`. The launcher starts it, or finds it due too late; an admin may pause, change or
   * cancel it. A crash can only delay it.
   */
  "scheduled",
  /**
   * The audience is being frozen and sent to. Ends by itself or by an admin. After a crash the dispatcher continues.
   */
  "running",
  /**
   * Nothing leaves; `pause_reason` says why. An admin resumes or cancels it. It survives restarts. Once resumed, a
   * campaign that had not started (`started_at` is null) waits for its time again.
   */
  "paused",
  /** Everyone has an outcome. Only `Retry` moves it on, back to running. */
  "finished",
  /** Ended by an admin before everyone had an outcome. Final. */
  "cancelled",
  /** Found due too late, with a late policy that says not to send it then. Final. */
  "expired",
] as const;
export type CampaignState = (typeof CAMPAIGN_STATES)[number];

export const PAUSE_REASONS = [
  /** An admin tapped Pause. */
  "admin",
  /**
   * Many deliveries failed and hardly any arrived, or too many failed lately: the recipients are probably not the
   * cause.
   */
  "errors",
  /** Telegram refuses the post itself. */
  "content",
  /** Telegram left out parts of a forwarded album, and would for everyone else, too. */
  "incomplete",
  /** There are too few personal codes for everyone in its audience. Nobody got it without one. */
  "codes",
  /** Telegram refuses the token. Every campaign of the bot pauses. */
  "unauthorized",
  /** It was found due later than the limit, and its author is asked what to do. It has not started. */
  "late",
  /** An admin paused it before its time, which has come. Its author is asked, as with `late`. */
  "overdue",
  /** Nobody has an attribute any longer that its post needs, because there is no default for it. */
  "attribute",
  /** Its segment refers to campaigns or lists whose data was deleted; see campaign/segment-findings.ts. */
  "segment",
  /**
   * The database was restored from a backup, and what was done after that is not known: it may have been sent, changed
   * or cancelled. Campaigns that had not started have this reason, too.
   */
  "restored",
] as const;
export type PauseReason = (typeof PAUSE_REASONS)[number];

export const DELIVERY_STATES = [
  /** Not sent yet, or to be retried after `not_before`. The dispatcher claims it. */
  "pending",
  /** Claimed; the call may have left. Settling moves it on. After a crash the rescuer makes it uncertain. */
  "sending",
  /** Telegram answered with a message id. Final. */
  "sent",
  /** Telegram refused; `reason` says why. Final, unless an admin retries it. */
  "failed",
  /** Not sent on purpose: the recipient left between freeze and claim. Final. */
  "skipped",
  /** The call may have left, and no answer came: it may or may not have arrived. Only an admin may send it again. */
  "uncertain",
] as const;
export type DeliveryState = (typeof DELIVERY_STATES)[number];

export const RECIPIENT_STATUSES = [
  /** Can be written to. */
  "active",
  /** Has blocked the bot. `my_chat_member` or any message from them makes them active again. */
  "blocked",
  /** The account is gone. */
  "deactivated",
  /** Telegram does not let the bot write there: the person never started it, or the chat is unknown to it. */
  "unreachable",
] as const;
export type RecipientStatus = (typeof RECIPIENT_STATUSES)[number];

export const RECIPIENT_KINDS = ["person", "group", "channel"] as const;
export type RecipientKind = (typeof RECIPIENT_KINDS)[number];

/** What happens to a campaign that is found due later than the limit, after Herald was down. */
export const LATE_POLICIES = ["ask", "send", "expire"] as const;
export type LatePolicy = (typeof LATE_POLICIES)[number];

/** What is done with a message after it was sent; stored in the database, so that it survives a restart. */
export const FOLLOW_UPS = ["pin", "delete"] as const;
export type FollowUpKind = (typeof FOLLOW_UPS)[number];

export const CARD_VIEWS = [
  /** The campaign's progress or report. */
  "card",
  /** The same, sent as a message when the campaign ended: its first line says how many were reached. */
  "report",
  /** "Cancel it?", or for a series "only this run, or all?" */
  "ask-cancel",
  /** "Send again to those who may have it?" */
  "ask-uncertain",
] as const;
export type CardView = (typeof CARD_VIEWS)[number];

/** The states of an edit of the posts that a campaign has sent. */
export const EDIT_STATES = [
  /** The engine edits one message after another, the newest first. After a crash it continues. */
  "running",
  /** By an admin, or because Telegram refuses the new post or the token. */
  "paused",
  /** By an admin, or because a newer edit of the same campaign took over. Final. */
  "stopped",
  /** Nobody is left who has an older post. Final. */
  "finished",
] as const;
export type EditState = (typeof EDIT_STATES)[number];

/** Why such an edit is paused. */
export const EDIT_PAUSES = [
  "admin",
  /** Telegram refuses the new post itself. */
  "content",
  /** Telegram refuses the token. */
  "unauthorized",
  /** The database was restored from a backup. */
  "restored",
] as const;
export type EditPause = (typeof EDIT_PAUSES)[number];

/** What happens to campaigns that someone may have to be told about. */
export const NEWS = [
  /** Its time came and it started by itself. */
  "began",
  /** Everyone has an outcome. */
  "ended",
  /** It is on hold, since the database was restored from a backup. */
  "restored",
  /** The rest is done by admins. */
  "confirmed",
  "paused",
  "resumed",
  "changed",
  "cancelled",
  "retried",
] as const;
export type NewsKind = (typeof NEWS)[number];

/** What a tap on a button under a post is: a vote, or a request for an answer. */
export const TAP_KINDS = ["vote", "answer"] as const;
export type TapKind = (typeof TAP_KINDS)[number];

/**
 * What is counted in a campaign's polls: voters, in quizzes those that can be judged and those who were right, and each
 * option.
 */
export const POLL_COUNTS = ["voters", "judged", "right", "option"] as const;
export type PollCount = (typeof POLL_COUNTS)[number];

/**
 * What can be wrong with Herald itself rather than with a campaign. Owners are told when it begins and when it is over.
 */
export const TROUBLES = [
  /** Another program polls with the same token, so Herald gets only some of the bot's updates. */
  "conflict",
  /** Telegram sends the bot's updates to the webhook of another program, so Herald gets none. */
  "webhook",
  /** Telegram cannot post the bot's updates to Herald's own webhook, or may not set it. */
  "webhook-failing",
  /** Updates that Telegram has posted wait for long to be handled. */
  "backlog",
  /** Telegram refuses the token. Herald exits; the owners are told when it is up again with a valid one. */
  "unauthorized",
  /** The database does not answer. */
  "database",
  /** Telegram cannot be reached. Reported when it is over. */
  "telegram",
  /** The proxy to Telegram fails. Reported when it is over. */
  "proxy",
  /** The daily backup cannot be made. */
  "backup",
  /** Telegram refuses the post that answers /start. Reported once for each post. */
  "welcome",
  /** There are too few Stars for paid broadcasts, which continue at the free rate. */
  "stars",
  /** A newer Herald wrote campaigns that this one cannot read. They are not sent; others are. */
  "unreadable",
  /** What people write cannot be passed on to the group of the inbox. It waits. */
  "inbox",
] as const;
export type TroubleKind = (typeof TROUBLES)[number];

/** What a sender is doing in the process that runs it. */
export const SENDER_STATES = [
  /** Telegram is being asked who it is. */
  "starting",
  /** It sends, and answers if Herald is to. */
  "up",
  /** Telegram refuses its token. */
  "refused",
  /** It could not start, or ended with an error, and is tried again. */
  "failing",
] as const;
export type SenderState = (typeof SENDER_STATES)[number];

/** Who receives the updates of a sender. */
export const HANDLINGS = [
  /** Herald: it answers the people of the bot. */
  "answers",
  /** Another program. Herald only sends by the bot, and hears of people through that program, the API or a file. */
  "beside",
] as const;
export type Handling = (typeof HANDLINGS)[number];

/**
 * What an API key may do: read, also prepare drafts and keep the list of people, or also send. `relay` can do nothing but
 * hand on the updates of bots that stand beside another program.
 */
export const KEY_ROLES = ["read", "write", "send", "relay"] as const;
export type KeyRole = (typeof KEY_ROLES)[number];

/** What webhooks can be told of. */
export const WEBHOOK_EVENTS = [
  /** A campaign was confirmed for a time, or confirmed again: changed, resumed before its time, the next run of a series. */
  "campaign.scheduled",
  /** Its sending begins; also after a pause, and for a retry. */
  "campaign.started",
  "campaign.paused",
  "campaign.finished",
  "campaign.cancelled",
  "campaign.expired",
  /** A person blocked the bot. */
  "recipient.blocked",
  /** A person started the bot, or came back: after /stop, or after they had blocked it. */
  "recipient.joined",
  /** A person opted out. */
  "recipient.left",
] as const;
export type WebhookEvent = (typeof WEBHOOK_EVENTS)[number];

/** Why a webhook is disabled. */
export const WHYS_DISABLED = [
  /** An owner or a program did it. */
  "turned-off",
  /** The key that it was made with is revoked. */
  "key-revoked",
  /** That key has expired. */
  "key-expired",
  /** It answered 410. */
  "gone",
  /** All attempts of a day have failed. */
  "failing",
] as const;
export type WhyDisabled = (typeof WHYS_DISABLED)[number];

/** Why an attempt to tell a webhook got no answer. */
export const ATTEMPT_FAULTS = ["timeout", "unknown-host", "private-address", "tls", "no-connection"] as const;

/** What becomes of what people write to a bot. Nothing, where no row in `inboxes` says otherwise. */
export const INBOX_MODES = [
  /** Each person is answered once a day, with a text of the admins' choice. */
  "answer",
  /** It goes to a group, in which each person has a topic. What is written there goes back. */
  "topics",
  /** It goes to a group without topics. Replies go back. */
  "replies",
] as const;
export type InboxMode = (typeof INBOX_MODES)[number];

export const INBOX_DIRECTIONS = [
  /** From a person to the group. */
  "in",
  /** From the group to the person. */
  "out",
] as const;
export type InboxDirection = (typeof INBOX_DIRECTIONS)[number];

export const INBOX_STATES = [
  /** To be copied. The courier takes it, of one person in order. */
  "waiting",
  /** The call may have left. Its answer moves it on. After a crash the next courier makes it uncertain. */
  "leaving",
  /** Telegram answered with the id of the copy. Final. */
  "arrived",
  /** Telegram refused. The group is told why. Final. */
  "refused",
  /** The call may have left, and no answer came. The group is told, and may have it sent again. */
  "uncertain",
] as const;
export type InboxState = (typeof INBOX_STATES)[number];
