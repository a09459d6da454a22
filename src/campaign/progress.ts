import type { Campaign } from "./campaign.ts";

/** A campaign's counters as a card shows them; `sent + blocked + failed + skipped + uncertain + left = total`. */
export interface Progress {
  total: number;
  sent: number;
  blocked: number;
  /** Refused for any reason but a block. */
  failed: number;
  /** Left out on purpose: they blocked the bot or opted out after the start. */
  skipped: number;
  /** The call may have left, and no answer came. */
  uncertain: number;
  /** Not tried yet, or to be tried again. */
  left: number;
  /** Share of the total that has an outcome, 0 to 1. */
  share: number;
}

export function progressOf(campaign: Campaign): Progress {
  const { total, sent, blocked, skipped, uncertain } = campaign;
  const failed = campaign.deactivated + campaign.unreachable + campaign.failed;
  const left = total - sent - blocked - failed - skipped - uncertain;
  return {
    total,
    sent,
    blocked,
    failed,
    skipped,
    uncertain,
    left,
    share: total > 0 ? (total - left) / total : 1,
  };
}

/** How many were tried or passed over, and have not got it for sure. */
export function missedOf({ blocked, failed, skipped, uncertain }: Progress): number {
  return blocked + failed + skipped + uncertain;
}

/** How long a campaign that is over was sending. */
export function secondsTaken({ startedAt, finishedAt }: Campaign): number {
  return startedAt && finishedAt ? (finishedAt.getTime() - startedAt.getTime()) / 1000 : 0;
}

const DAY_MS = 86_400_000;

/** For how many days the deliveries of a campaign were kept after its end. */
export function daysKept({ finishedAt, detailsDroppedAt }: Campaign): number {
  if (!finishedAt || !detailsDroppedAt) return 0;
  return Math.floor((detailsDroppedAt.getTime() - finishedAt.getTime()) / DAY_MS);
}

/** Messages a second that Telegram carries for free. It says "about 30"; what is beyond is paid or answered with 429. */
export const FREE_RATE = 30;

/** https://core.telegram.org/bots/api#paid-broadcasts: 0.1 Star for each message above the free rate. */
const MESSAGES_FOR_A_STAR = 10;

/**
 * Stars that `count` messages cost at most, sent at `rate` a second with paid broadcasting. Telegram takes nothing
 * for what it does not deliver.
 */
export function starsFor(count: number, rate: number): number {
  if (rate <= FREE_RATE) return 0;
  // Multiplied before it is divided: 97,000 × 0.1 is a little more than 9,700 in binary, and would be rounded up.
  return Math.ceil((count * (rate - FREE_RATE)) / (rate * MESSAGES_FOR_A_STAR));
}

/** Seconds that `count` messages take at `rate` a second. */
export function secondsFor(count: number, rate: number): number {
  return Math.ceil(count / rate);
}
