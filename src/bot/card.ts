import type { InlineKeyboardButton } from "grammy/types";
import type { Audience } from "../audience/segment.ts";
import type { Campaign } from "../campaign/campaign.ts";
import { type Progress, daysKept, progressOf, secondsFor, secondsTaken } from "../campaign/progress.ts";
import type { FailureGroup } from "../campaign/queries.ts";
import type { CardView } from "../db/states.ts";
import { type Locale, type Translate, duration, languageName, moment, roundRate } from "./words.ts";

export type Keyboard = InlineKeyboardButton.CallbackButton[][];

export interface Card {
  text: string;
  keyboard: Keyboard;
}

/** What the buttons of a card do; `c:<campaign>:<verb>` is their callback data. */
export const CARD_VERBS = [
  "pause",
  "resume",
  "cancel",
  "yes-cancel",
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
}

/** The progress card, or the report of a campaign that is over. Not for drafts: theirs is the review card. */
export function campaignCard(t: Translate, campaign: Campaign, view: CardView, facts: CardFacts): Card {
  const progress = progressOf(campaign);
  const id = String(campaign.id);
  const button = (verb: CardVerb, label: string): InlineKeyboardButton.CallbackButton => ({
    text: t(label),
    callback_data: `c:${campaign.id}:${verb}`,
  });
  if (view === "ask-cancel" && canCancel(campaign))
    return {
      text: t("ask-cancel", { id, left: progress.left }),
      keyboard: [[button("yes-cancel", "button-yes-cancel"), button("back", "button-back")]],
    };
  if (view === "ask-uncertain" && canRetry(campaign) && campaign.uncertain > 0)
    return {
      text: t("ask-uncertain", { id, count: campaign.uncertain }),
      keyboard: [[button("yes-retry", "button-yes-retry"), button("back", "button-back")]],
    };
  const lines = [
    t("card-title", { id, state: t(`state-${campaign.state}`) }),
    ...body(t, campaign, progress, facts),
  ];
  return { text: lines.join("\n"), keyboard: buttons(campaign, progress, facts, button) };
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
      return [t("card-starting")];
    case "running":
      // Nobody is frozen yet: zeros would say that there is nobody.
      if (!campaign.frozenAt && progress.total === 0) return [t("card-starting")];
      return [
        bar(t, progress),
        totals(t, progress),
        ...(campaign.frozenAt ? [] : [t("card-freezing")]),
        pace(t, progress, facts),
      ];
    case "paused":
      return [bar(t, progress), totals(t, progress), ...why(t, campaign)];
    case "finished":
      return [totals(t, progress), took(t, campaign, progress), ...details(t, campaign, progress, facts)];
    case "expired":
      return [];
    case "cancelled":
      return [
        totals(t, progress),
        t("card-cancelled", { left: progress.left }),
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

function pace(
  t: Translate,
  { left }: Progress,
  { now, timezone, locale, speed, quietUntil }: CardFacts,
): string {
  const when = (instant: Date) => moment(instant, now, timezone, locale);
  if (quietUntil) return t("card-quiet", { time: when(quietUntil) });
  if (speed === null || speed <= 0) return t("card-starting");
  const seconds = secondsFor(left, speed);
  const done = new Date(now.getTime() + seconds * 1000);
  return t("card-speed", {
    rate: roundRate(speed),
    duration: duration(t, seconds),
    time: when(done),
  });
}

function why(t: Translate, campaign: Campaign): string[] {
  const reason = pauseReason(t, campaign);
  return reason ? ["", reason] : [];
}

/** What an admin is told when the engine paused a campaign by itself. */
export function pauseNotice(t: Translate, campaign: Campaign): string {
  return [t("notice-paused", { id: String(campaign.id) }), pauseReason(t, campaign)].join("\n");
}

function pauseReason(t: Translate, campaign: Campaign): string {
  const { pauseReason, pauseDetail, unreachable, failed, uncertain } = campaign;
  if (pauseReason === null || pauseReason === "admin") return "";
  return t(`paused-${pauseReason}`, {
    description: pauseDetail ?? "",
    failed: unreachable + failed,
    uncertain,
  });
}

/** What an admin is told when Telegram takes no more Stars and a campaign goes on at `rate` messages a second. */
export function noStarsNotice(t: Translate, campaign: Campaign, rate: number): string {
  return t("notice-no-stars", { id: String(campaign.id), rate: roundRate(rate) });
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
    case "expired":
      return [];
    case "scheduled":
      return [[button("cancel", "button-cancel")]];
    case "running":
      return [[button("pause", "button-pause"), button("cancel", "button-cancel")]];
    case "paused":
      return [[button("resume", "button-resume"), button("cancel", "button-cancel")]];
    case "finished":
    case "cancelled": {
      const again = canRetry(campaign);
      const retries = [
        ...(again && retryable > 0 ? [button("retry", "button-retry")] : []),
        ...(again && progress.uncertain > 0 ? [button("retry-uncertain", "button-retry-uncertain")] : []),
      ];
      const unsuccessful = progress.blocked + progress.failed + progress.uncertain;
      const failed = unsuccessful > 0 && campaign.detailsDroppedAt === null;
      return [
        ...(retries.length > 0 ? [retries] : []),
        [...(failed ? [button("failures", "button-failures")] : []), button("duplicate", "button-duplicate")],
      ];
    }
  }
}

/** An audience in words: "English, Русский". */
export function describeAudience(t: Translate, { languages, othersThan }: Audience): string {
  if (languages === "all") return t("audience-all");
  return [...languages.map(languageName), ...(othersThan ? [t("audience-others")] : [])].join(", ");
}
