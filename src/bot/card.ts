import type { InlineKeyboardButton, MessageEntity } from "grammy/types";
import { type People, isForChats } from "../audience/segment.ts";
import { type Campaign, canBeMended, hasNotStarted } from "../campaign/campaign.ts";
import { LATE_MS } from "../campaign/lifecycle.ts";
import {
  type Progress,
  daysKept,
  missedOf,
  progressOf,
  secondsFor,
  secondsTaken,
} from "../campaign/progress.ts";
import type { SentPost } from "../campaign/posts.ts";
import type { FailureGroup } from "../campaign/queries.ts";
import type { SeriesFacts } from "../campaign/series.ts";
import type { Taps } from "../campaign/taps.ts";
import { messagesOf } from "../content/content.ts";
import type { CardView } from "../db/states.ts";
import { endsAt, waitsUntil } from "../schedule/window.ts";
import { postLines } from "./chat-report.ts";
import { planLines, seriesLine } from "./plan.ts";
import { contentLines, optionLines, tapLines } from "./summary.ts";
import { type Reader, briefTime, fullTime } from "./times.ts";
import { type Locale, type Translate, duration, languageName, moment, roundRate } from "./words.ts";

export type Keyboard = InlineKeyboardButton.CallbackButton[][];

export interface Card {
  text: string;
  keyboard: Keyboard;
  /** Only where a dialog sends the card; the reporter sends none. */
  entities?: MessageEntity[];
}

/** What the buttons of a card do; `c:<campaign>:<verb>` is their callback data. */
export const CARD_VERBS = [
  "pause",
  "resume",
  "cancel",
  "yes-cancel",
  "cancel-series",
  "edit",
  "reschedule",
  "retry",
  "retry-uncertain",
  "yes-retry",
  "back",
  "failures",
  "duplicate",
] as const;
export type CardVerb = (typeof CARD_VERBS)[number];

/** Reads the callback data of a card's button. */
export function parseCardTap(data: string): { id: number; verb: CardVerb } | null {
  const match = /^c:(\d+):([a-z-]+)$/.exec(data);
  const verb = CARD_VERBS.find((known) => known === match?.[2]);
  return match && verb ? { id: Number(match[1]), verb } : null;
}

/** What a card shows besides the campaign itself. */
export interface CardFacts {
  now: Date;
  timezone: string;
  /** For dates; the words come with `t`. */
  locale: Locale;
  /** Messages a second, measured; null when there is nothing to measure yet. */
  speed: number | null;
  /** End of a pause that Telegram asked for. */
  quietUntil: Date | null;
  failures: FailureGroup[];
  /** How many `Retry failed` would send to. */
  retryable: number;
  /** Whom it is for, in words. */
  audience: string;
  /** Of one to groups and channels that is over: where it was posted. */
  posts: SentPost[];
  /** Of one that has not started: how many its audience reaches now. */
  reachable: number | null;
  taps: Taps;
  /** Of one that repeats. */
  series: SeriesFacts | null;
  /** A campaign found due later than so many hours is not sent without a word. */
  lateLimitHours: number;
}

/** The progress card, or the report of a campaign that is over. Not for drafts: theirs is the review card. */
export function campaignCard(t: Translate, campaign: Campaign, view: CardView, facts: CardFacts): Card {
  const progress = progressOf(campaign);
  const id = String(campaign.id);
  const button = (verb: CardVerb, label: string): InlineKeyboardButton.CallbackButton => ({
    text: t(label),
    callback_data: `c:${campaign.id}:${verb}`,
  });
  if (view === "ask-cancel" && canCancel(campaign)) return askCancel(t, campaign, progress, facts, button);
  if (view === "ask-uncertain" && canRetry(campaign) && campaign.uncertain > 0)
    return {
      text: t(wording(campaign, "ask-uncertain", "ask-uncertain-chats"), { id, count: campaign.uncertain }),
      keyboard: [[button("yes-retry", "button-yes-retry"), button("back", "button-back")]],
    };
  const shown = asSeen(campaign, facts.now);
  const lines = [
    cardTitle(t, campaign, facts.now),
    ...(hasNotStarted(shown) ? waiting(t, shown, facts) : body(t, shown, progress, facts)),
    ...run(t, campaign, facts),
  ];
  return { text: lines.join("\n"), keyboard: buttons(shown, progress, facts, button) };
}

/** "Campaign #12 · sending". */
export function cardTitle(t: Translate, campaign: Campaign, now: Date): string {
  return t("card-title", { id: String(campaign.id), state: t(`state-${asSeen(campaign, now).state}`) });
}

/**
 * Between the tap and the start, a moment later, a campaign is still scheduled; whoever looks at it sees it go. One that
 * is found late may not go at all.
 */
function asSeen(campaign: Campaign, now: Date): Campaign {
  const { state, startsAt, latePolicy } = campaign;
  const late = startsAt ? now.getTime() - startsAt.getTime() : 0;
  const starts = state === "scheduled" && late >= 0 && (late <= LATE_MS || latePolicy === "send");
  return starts ? { ...campaign, state: "running" } : campaign;
}

function canCancel({ state }: Campaign): boolean {
  return state === "scheduled" || state === "running" || state === "paused";
}

function canRetry({ state, detailsDroppedAt }: Campaign): boolean {
  return state === "finished" && detailsDroppedAt === null;
}

function body(t: Translate, campaign: Campaign, progress: Progress, facts: CardFacts): string[] {
  switch (campaign.state) {
    case "draft":
    case "scheduled":
      return [];
    case "running":
      // Nobody is frozen yet: zeros would say that there is nobody.
      if (!campaign.frozenAt && progress.total === 0)
        return [pace(t, campaign, progress, { ...facts, speed: null }), ...late(t, campaign)];
      return [
        bar(t, progress),
        totals(t, progress),
        ...(campaign.frozenAt ? [] : [t("card-freezing")]),
        pace(t, campaign, progress, facts),
        ...late(t, campaign),
        ...optionLines(t, campaign.content),
        ...tapLines(t, campaign.content, facts.taps),
      ];
    case "paused":
      return [
        bar(t, progress),
        totals(t, progress),
        ...tapLines(t, campaign.content, facts.taps),
        ...why(t, campaign),
      ];
    case "finished":
      return [
        totals(t, progress),
        took(t, campaign, progress),
        ...late(t, campaign),
        ...optionLines(t, campaign.content),
        ...tapLines(t, campaign.content, facts.taps),
        ...posted(t, campaign, facts),
        ...details(t, campaign, progress, facts),
      ];
    case "expired":
      return [expired(t, campaign, facts)];
    case "cancelled":
      if (campaign.startedAt === null) return [t("card-cancelled-before")];
      return [
        totals(t, progress),
        t(wording(campaign, "card-cancelled", "card-cancelled-chats"), { left: progress.left }),
        ...tapLines(t, campaign.content, facts.taps),
        ...posted(t, campaign, facts),
        ...details(t, campaign, progress, facts),
      ];
  }
}

const BAR_CELLS = 10;

function bar(t: Translate, { share }: Progress): string {
  // Rounded down: a bar that is full means that nobody is left.
  const percent = Math.floor(share * 100);
  const full = Math.floor((percent * BAR_CELLS) / 100);
  return `${"▓".repeat(full)}${"░".repeat(BAR_CELLS - full)} ${t("card-share", { share: percent })}`;
}

/** The numbers always add up to the total; the rare ones are shown when there are any. */
function totals(t: Translate, progress: Progress): string {
  const { sent, blocked, failed, skipped, uncertain, left } = progress;
  return [
    t("card-sent", { count: sent }),
    t("card-blocked", { count: blocked }),
    t("card-failed", { count: failed }),
    ...(skipped > 0 ? [t("card-skipped", { count: skipped })] : []),
    ...(uncertain > 0 ? [t("card-uncertain", { count: uncertain })] : []),
    t("card-left", { count: left }),
  ].join(" · ");
}

function pace(t: Translate, { window, content }: Campaign, progress: Progress, facts: CardFacts): string {
  const { now, timezone, locale, speed, quietUntil } = facts;
  const { left, total } = progress;
  const when = (instant: Date) => moment(instant, now, timezone, locale);
  const opens = waitsUntil(window, now);
  if (opens)
    return t(left < total ? "card-waits" : "card-waits-to-begin", {
      opens: briefTime(opens, readerOf(t, facts)),
    });
  if (quietUntil) return t("card-quiet", { time: when(quietUntil) });
  if (speed === null || speed <= 0) return t("card-starting");
  const seconds = secondsFor(left, speed);
  return t("card-speed", {
    // The speed is that of recipients; what Telegram limits, and the review spoke of, is messages.
    rate: roundRate(speed * messagesOf(content, content)),
    duration: duration(t, seconds),
    time: when(endsAt(window, now, seconds)),
  });
}

/** Where a campaign to groups and channels can be looked at. */
function posted(t: Translate, { audience, sent }: Campaign, { posts }: CardFacts): string[] {
  return isForChats(audience) && sent > 0 ? ["", ...postLines(t, posts, sent)] : [];
}

/** The key of a sentence that speaks of people, or of chats. */
function wording({ audience }: Campaign, ofPeople: string, ofChats: string): string {
  return isForChats(audience) ? ofChats : ofPeople;
}

/** By how much the start was late, when it was. */
function late(t: Translate, { lateSeconds }: Campaign): string[] {
  return lateSeconds === null ? [] : [t("card-late", { duration: duration(t, lateSeconds) })];
}

/** What waits for its time: what it is, when, to whom, and in which bounds. */
function waiting(t: Translate, campaign: Campaign, facts: CardFacts): string[] {
  const { audience, startsAt } = campaign;
  const reader = readerOf(t, facts);
  const plan = { ...campaign, recurrence: null }; // a run names its series below
  const reach = facts.reachable;
  return [
    ...contentLines(t, campaign.content),
    ...planLines(plan, startsAt, reader, facts.lateLimitHours),
    ...(reach === null
      ? []
      : [
          t("card-to", {
            audience: facts.audience,
            people: isForChats(audience)
              ? t("audience-chats", { count: reach })
              : t("people", { count: reach }),
          }),
        ]),
    ...optionLines(t, campaign.content),
    ...why(t, campaign),
  ];
}

/** Which run of which series it is, and what follows. */
function run(t: Translate, campaign: Campaign, facts: CardFacts): string[] {
  const { series } = facts;
  return campaign.run === null || series === null
    ? []
    : ["", seriesLine(campaign.run, series, readerOf(t, facts))];
}

function expired(t: Translate, { startsAt }: Campaign, facts: CardFacts): string {
  const due = startsAt ? fullTime(startsAt, facts) : "";
  return t("card-expired", { due, hours: facts.lateLimitHours });
}

function readerOf(t: Translate, { locale, timezone, now }: CardFacts): Reader {
  return { t, locale, timezone, now };
}

/**
 * "Cancel it?"; of a run of a series also "or all that follow?". One that was found too late has `Drop` where others
 * have `Cancel`, and is asked about in those words.
 */
function askCancel(
  t: Translate,
  campaign: Campaign,
  { left }: Progress,
  facts: CardFacts,
  button: MakeButton,
): Card {
  const id = String(campaign.id);
  const back = button("back", "button-back");
  const next = facts.series?.next;
  const waits = hasNotStarted(campaign);
  const drops = waits && campaign.pauseReason === "late";
  if (next)
    return {
      text: t(drops ? "ask-drop-run" : waits ? "ask-cancel-run" : "ask-cancel-running-run", {
        id,
        next: briefTime(next.startsAt, readerOf(t, facts)),
      }),
      keyboard: [
        [button("yes-cancel", "button-only-run"), button("cancel-series", "button-whole-series")],
        [back],
      ],
    };
  return {
    text: waits
      ? t(drops ? "ask-drop" : "ask-cancel-scheduled", { id })
      : t(wording(campaign, "ask-cancel", "ask-cancel-chats"), { id, left }),
    keyboard: [[button("yes-cancel", drops ? "button-yes-drop" : "button-yes-cancel"), back]],
  };
}

function why(t: Translate, campaign: Campaign): string[] {
  const reason = pauseReason(t, campaign);
  return reason ? ["", reason] : [];
}

/** Why the engine paused a campaign by itself; empty when an admin did. */
export function pauseReason(t: Translate, campaign: Campaign): string {
  const { pauseReason, pauseDetail, unreachable, failed, uncertain } = campaign;
  if (pauseReason === null || pauseReason === "admin") return "";
  const [arrived = "", asked = ""] = (pauseDetail ?? "").split("/"); // of `incomplete`
  return t(`paused-${pauseReason}`, {
    arrived,
    asked,
    description: pauseReason === "content" ? refusal(t, campaign) : (pauseDetail ?? ""),
    failed: unreachable + failed,
    uncertain,
  });
}

/** What Telegram said of the post; when there are several versions, of which. */
function refusal(t: Translate, { content, pauseDetail, pauseLanguage }: Campaign): string {
  const description = pauseDetail ?? "";
  if (pauseLanguage === null && !content.versions) return t("paused-said", { description });
  const language = pauseLanguage === null ? "none" : languageName(pauseLanguage);
  return t("paused-version", { language, description });
}

function took(t: Translate, campaign: Campaign, { sent, total }: Progress): string {
  const share = total > 0 ? Math.floor((sent / total) * 1000) / 10 : 0;
  return t("card-took", { sent, total, share, duration: duration(t, secondsTaken(campaign)) });
}

/** Why people were not reached; of a campaign that was over for long, that nobody knows any more. */
function details(t: Translate, campaign: Campaign, progress: Progress, { failures }: CardFacts): string[] {
  if (campaign.detailsDroppedAt) return ["", t("card-details-gone", { days: daysKept(campaign) })];
  return reasons(t, progress, failures);
}

function reasons(t: Translate, { uncertain, skipped }: Progress, failures: FailureGroup[]): string[] {
  if (failures.length === 0 && skipped === 0) return [];
  const groups = [...failures, ...(skipped > 0 ? [{ reason: "skipped", count: skipped }] : [])];
  return [
    "",
    t("card-why"),
    ...groups.map(({ reason, count }) => t("card-reason", { reason: t(`reason-${reason}`), count })),
    ...(uncertain > 0 ? ["", t("card-uncertain-note")] : []),
  ];
}

type MakeButton = (verb: CardVerb, label: string) => InlineKeyboardButton.CallbackButton;

function buttons(
  campaign: Campaign,
  progress: Progress,
  { retryable }: CardFacts,
  button: MakeButton,
): Keyboard {
  switch (campaign.state) {
    case "draft":
      return [];
    case "expired":
      return [[button("duplicate", "button-duplicate")]];
    case "scheduled":
      return [
        [button("reschedule", "button-reschedule"), button("edit", "button-edit")],
        [button("pause", "button-pause"), button("cancel", "button-cancel")],
      ];
    case "running":
      return [[button("pause", "button-pause"), button("cancel", "button-cancel")]];
    case "paused":
      if (!hasNotStarted(campaign))
        return [
          [
            button("resume", "button-resume"),
            ...(canBeMended(campaign) ? [button("edit", "button-edit")] : []),
            button("cancel", "button-cancel"),
          ],
        ];
      if (campaign.pauseReason === "late")
        return [
          [button("resume", "button-send-now")],
          [button("reschedule", "button-reschedule"), button("cancel", "button-drop")],
        ];
      return [
        [button("resume", "button-resume"), button("reschedule", "button-reschedule")],
        [button("edit", "button-edit"), button("cancel", "button-cancel")],
      ];
    case "finished":
    case "cancelled": {
      const again = canRetry(campaign);
      const retries = [
        ...(again && retryable > 0 ? [button("retry", "button-retry")] : []),
        ...(again && progress.uncertain > 0 ? [button("retry-uncertain", "button-retry-uncertain")] : []),
      ];
      const listed = missedOf(progress) > 0 && campaign.detailsDroppedAt === null;
      return [
        ...(retries.length > 0 ? [retries] : []),
        [...(listed ? [button("failures", "button-failures")] : []), button("duplicate", "button-duplicate")],
      ];
    }
  }
}

/** A choice of people in words: "English, Русский". Chats are named: nameAudience() of the composer. */
export function describeAudience(t: Translate, { languages, othersThan }: People): string {
  if (languages === "all") return t("audience-all");
  return [...languages.map(languageName), ...(othersThan ? [t("audience-others")] : [])].join(", ");
}
