/*
 * The words for states. Each says who moves it on, and what a crash in it means.
 * The moves between campaign states are the table in campaign/campaign.ts.
 */

export const CAMPAIGN_STATES = [
  /** Being composed. An admin schedules or discards it. A crash loses nothing: each answer is saved. */
  "draft",
  /**
   * Confirmed, waiting for `starts_at`. The dispatcher starts it, or finds it due too late; an admin may pause, change
   * or cancel it. A crash delays it at most.
   */
  "scheduled",
  /** The audience is being frozen and sent to. Ends by itself, or by an admin. After a crash the dispatcher goes on. */
  "running",
  /**
   * Nothing leaves. `pause_reason` says why; an admin resumes or cancels it. It stays so over a restart. One that had
   * not started yet (`started_at` is null) goes back to waiting for its time.
   */
  "paused",
  /** Everyone has an outcome. Only `Retry` moves it on, back to running. */
  "finished",
  /** Ended by an admin before everyone had an outcome. Final. */
  "cancelled",
  /** Found due too late to be sent, as its late policy says. Final. */
  "expired",
] as const;
export type CampaignState = (typeof CAMPAIGN_STATES)[number];

export const PAUSE_REASONS = [
  /** An admin tapped Pause. */
  "admin",
  /** Many failed and hardly anybody was reached, or too many of late: the fault is probably not theirs. */
  "errors",
  /** Telegram refuses the post itself. */
  "content",
  /** Telegram left out parts of a forwarded album: some of it arrived, and each further person would get as little. */
  "incomplete",
  /** Telegram refuses the token. Every campaign of the bot pauses. */
  "unauthorized",
  /** It was found due later than the limit, and its author is asked what to do. It has not started. */
  "late",
  /** An admin had paused it before its time, and that has come. Its author is asked, as with `late`. */
  "overdue",
] as const;
export type PauseReason = (typeof PAUSE_REASONS)[number];

export const DELIVERY_STATES = [
  /** Not sent yet, or to be tried again after `not_before`. The dispatcher claims it. */
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
  /** Telegram does not let the bot write there: never started it, or the chat is unknown to it. */
  "unreachable",
] as const;
export type RecipientStatus = (typeof RECIPIENT_STATUSES)[number];

export const RECIPIENT_KINDS = ["person", "group", "channel"] as const;
export type RecipientKind = (typeof RECIPIENT_KINDS)[number];

/** What becomes of a campaign that is found due later than the limit, after Herald was down. */
export const LATE_POLICIES = ["ask", "send", "expire"] as const;
export type LatePolicy = (typeof LATE_POLICIES)[number];

/** What is done with a message after it was sent; kept in the database, so that a restart does it, too. */
export const FOLLOW_UPS = ["pin", "delete"] as const;
export type FollowUpKind = (typeof FOLLOW_UPS)[number];

export const CARD_VIEWS = [
  /** The campaign's progress or report. */
  "card",
  /** The same, come as a message when the campaign ended: its first line says how many were reached. */
  "report",
  /** "Cancel it?"; of a repeating one "only this run, or all?" */
  "ask-cancel",
  /** "Send again to those who may have it?" */
  "ask-uncertain",
] as const;
export type CardView = (typeof CARD_VIEWS)[number];

/** What happens to a campaign and somebody may have to be told of. */
export const NEWS = [
  /** Its time came and it started by itself. */
  "began",
  /** Everyone has an outcome. */
  "ended",
  /** The others are what an admin did. */
  "confirmed",
  "paused",
  "resumed",
  "changed",
  "cancelled",
  "retried",
] as const;
export type NewsKind = (typeof NEWS)[number];

/** What a tap on a button under a post is: a vote that stands, or one more look at an answer. */
export const TAP_KINDS = ["vote", "answer"] as const;
export type TapKind = (typeof TAP_KINDS)[number];

/** What is counted of a campaign's polls: who voted, in quizzes how many of them can be judged and were right, and each option. */
export const POLL_COUNTS = ["voters", "judged", "right", "option"] as const;
export type PollCount = (typeof POLL_COUNTS)[number];

/** What can be wrong with Herald itself, rather than with a campaign. Its owners are told when it begins and when it is over. */
export const TROUBLES = [
  /** Another program asks for the bot's updates with the same token: Herald hears only a part of them. */
  "conflict",
  /** Telegram hands the bot's updates to a webhook: Herald hears nothing. */
  "webhook",
  /** Telegram refuses the token. Herald ends, and tells when it is up again with one that is taken. */
  "unauthorized",
  /** The database does not answer. */
  "database",
  /** Telegram cannot be reached. Told when it is over. */
  "telegram",
  /** The proxy on the way to Telegram fails. Told when it is over. */
  "proxy",
  /** There are too few Stars for paid broadcasts, which go on at the free rate. */
  "stars",
] as const;
export type TroubleKind = (typeof TROUBLES)[number];
