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
  /** The call left and no answer came. */
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

/** How long a campaign that is over was sending. */
export function secondsTaken({ startedAt, finishedAt }: Campaign): number {
  return startedAt && finishedAt ? (finishedAt.getTime() - startedAt.getTime()) / 1000 : 0;
}

/** Seconds that `count` messages take at `rate` a second. */
export function secondsFor(count: number, rate: number): number {
  return Math.ceil(count / rate);
}
