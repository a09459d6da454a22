import type { Campaign } from "../../campaign/campaign.ts";
import type { DeedAction } from "../../campaign/news/last-deeds.ts";
import { contentLines } from "../ui/post-summary.ts";
import { type Reader, dayAndTime, span } from "../ui/times.ts";
import { cut, moment } from "../ui/words.ts";

/* The lines under the title of a card: what is sent, when, by whom and to whom, and who stepped in. */

/** Who a card speaks of, by name. */
export interface CardPeople {
  author: string;
  /** Who paused, changed or cancelled it last. */
  deeds: Partial<Record<DeedAction, { by: string; at: Date; isAuthor: boolean }>>;
}

/** Telegram allows names of 128 characters; a card has a line. */
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

/** From the start to the end, as far as there are any. One that expired names its time itself. */
function period({ state, startsAt, startedAt, finishedAt }: Campaign, reader: Reader): string[] {
  if (startedAt) return [finishedAt ? span(startedAt, finishedAt, reader) : dayAndTime(startedAt, reader)];
  return startsAt && state !== "expired" ? [dayAndTime(startsAt, reader)] : [];
}

/** "Paused by Anna, 14:02"; that the author changed their own post is not said. */
export function deedLines({ state, pauseReason }: Campaign, { deeds }: CardPeople, reader: Reader): string[] {
  const { t, now, timezone, locale } = reader;
  const line = (action: DeedAction, key: string) => {
    const deed = deeds[action];
    if (!deed) return [];
    return [t(key, { name: shorten(deed.by), time: moment(deed.at, now, timezone, locale) })];
  };
  return [
    ...(deeds["campaign.changed"]?.isAuthor === false ? line("campaign.changed", "deed-changed") : []),
    ...(state === "paused" && pauseReason === "admin" ? line("campaign.paused", "deed-paused") : []),
    ...(state === "cancelled" ? line("campaign.cancelled", "deed-cancelled") : []),
  ];
}

function shorten(name: string): string {
  return cut(name, LONGEST_NAME, "…");
}
