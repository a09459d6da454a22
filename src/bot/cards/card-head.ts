import type { Campaign } from "../../campaign/campaign.ts";
import type { ShownAction } from "../../campaign/news/last-actions.ts";
import { contentLines } from "../ui/post-summary.ts";
import { type Reader, dayAndTime, span } from "../ui/times.ts";
import { cut, moment } from "../ui/words.ts";

/* The lines below a card's title: what is sent, when, by whom and to whom, and which admin interfered. */

/** The people that a card names. */
export interface CardPeople {
  author: string;
  /** Who paused, changed and cancelled it last. */
  actions: Partial<Record<ShownAction, { by: string; at: Date; isAuthor: boolean }>>;
}

/** Telegram allows names of 128 characters, but a card has only one line for them. */
const LONGEST_NAME = 32;

/** "“Our autumn menu is here, …” · photo, 2 buttons" and "Mon 23 Nov, 10:00 to 10:03 · by Olivia · English, Russian". */
export function headLines(
  campaign: Campaign,
  { author }: CardPeople,
  audience: string,
  reader: Reader,
): string[] {
  const { t } = reader;
  return [
    ...contentLines(t, campaign.content),
    [...period(campaign, reader), t("card-by", { name: shorten(author) }), audience].join(" · "),
  ];
}

/** From the start to the end, as far as known. The card of an expired campaign names its time elsewhere. */
function period({ state, startsAt, startedAt, finishedAt }: Campaign, reader: Reader): string[] {
  if (startedAt) return [finishedAt ? span(startedAt, finishedAt, reader) : dayAndTime(startedAt, reader)];
  return startsAt && state !== "expired" ? [dayAndTime(startsAt, reader)] : [];
}

/** "Paused by Anna, 14:02"; authors who changed their own post are not named. */
export function actionLines(
  { state, pauseReason, cancelReason }: Campaign,
  { actions }: CardPeople,
  reader: Reader,
): string[] {
  const { t, now, timezone, locale } = reader;
  const line = (action: ShownAction, key: string) => {
    const done = actions[action];
    if (!done) return [];
    return [t(key, { name: shorten(done.by), time: moment(done.at, now, timezone, locale) })];
  };
  return [
    ...(actions["campaign.changed"]?.isAuthor === false ? line("campaign.changed", "deed-changed") : []),
    ...(state === "paused" && pauseReason === "admin" ? line("campaign.paused", "deed-paused") : []),
    ...(state === "cancelled" ? line("campaign.cancelled", "deed-cancelled") : []),
    ...(cancelReason === null ? [] : [t("deed-cancelled-why", { reason: cancelReason })]),
  ];
}

function shorten(name: string): string {
  return cut(name, LONGEST_NAME, "…");
}
