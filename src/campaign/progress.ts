import type { Campaign } from "./campaign.ts";
import { type Counter, countOf } from "./counters.ts";

/**
 * A campaign's counters as a card shows them; `left` includes those not frozen at a cancel.
 * `sent + blocked + failed + skipped + uncertain + left = total`.
 */
export interface Progress {
  total: number;
  sent: number;
  blocked: number;
  /** Refused for any reason except a block. */
  failed: number;
  /** Left out on purpose: they blocked the bot or opted out after the start. */
  skipped: number;
  /** The call may have left, and no answer came. */
  uncertain: number;
  /** Not tried yet, or to be retried. */
  left: number;
  /** Share of the total that has an outcome, 0 to 1. */
  share: number;
}

export function progressOf(campaign: Pick<Campaign, Counter | "total" | "ungathered">): Progress {
  const total = campaign.total + campaign.ungathered;
  const left = total - countOf(campaign, () => true);
  const shown = (name: "sent" | "blocked" | "failed" | "skipped" | "uncertain") =>
    countOf(campaign, ({ shownAs }) => shownAs === name);
  return {
    total,
    sent: shown("sent"),
    blocked: shown("blocked"),
    failed: shown("failed"),
    skipped: shown("skipped"),
    uncertain: shown("uncertain"),
    left,
    share: total > 0 ? (total - left) / total : 1,
  };
}

/** How many were tried or skipped, and did not certainly get it. */
export function missedOf({ blocked, failed, skipped, uncertain }: Progress): number {
  return blocked + failed + skipped + uncertain;
}

/** How long a campaign took to send, without the time before a retry. */
export function secondsTaken({ startedAt, finishedAt, idleSeconds }: Campaign): number {
  if (!startedAt || !finishedAt) return 0;
  return Math.max(0, (finishedAt.getTime() - startedAt.getTime()) / 1000 - idleSeconds);
}

const DAY_MS = 86_400_000;

/** For how many days the deliveries of a campaign were kept after its end. */
export function daysKept({ finishedAt, detailsDroppedAt }: Campaign): number {
  if (!finishedAt || !detailsDroppedAt) return 0;
  return Math.floor((detailsDroppedAt.getTime() - finishedAt.getTime()) / DAY_MS);
}

/**
 * Messages a second that Telegram sends for free. It says "about 30"; anything beyond is paid for or answered with 429.
 */
export const FREE_RATE = 30;

/** Seconds that `count` messages take at `rate` a second. */
export function secondsFor(count: number, rate: number): number {
  return Math.ceil(count / rate);
}
