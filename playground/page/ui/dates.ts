import { inLanguage, t } from "../state/locale.ts";

/*
 * Dates as people say them. `date` is in Unix seconds, as at Telegram; days are those of this browser's zone.
 */

const TIME = dates({ hour: "2-digit", minute: "2-digit" });
const WEEKDAY = dates({ weekday: "short" });
const SHORT = dates({ day: "numeric", month: "short" });
const LONG = dates({ day: "numeric", month: "long" });
const WITH_YEAR = dates({ day: "numeric", month: "long", year: "numeric" });

function dates(options: Intl.DateTimeFormatOptions): () => Intl.DateTimeFormat {
  return inLanguage((locale) => new Intl.DateTimeFormat(locale, options));
}

/** A day number: the same throughout a day, one more on the next. */
export function dayOf(date: number): number {
  const moment = new Date(date * 1000);
  return Date.UTC(moment.getFullYear(), moment.getMonth(), moment.getDate()) / 86_400_000;
}

/** "Today", "Yesterday", "3 May", "3 May 2025". */
export function dayName(date: number, now: number): string {
  const ago = dayOf(now) - dayOf(date);
  if (ago === 0) return t("today");
  if (ago === 1) return t("yesterday");
  const moment = new Date(date * 1000);
  const sameYear = moment.getFullYear() === new Date(now * 1000).getFullYear();
  return (sameYear ? LONG : WITH_YEAR)().format(moment);
}

/** For a list: the time today, the weekday within a week, otherwise the date. */
export function briefly(date: number, now: number): string {
  const ago = dayOf(now) - dayOf(date);
  const format = ago === 0 ? TIME : ago > 0 && ago < 7 ? WEEKDAY : SHORT;
  return format().format(date * 1000);
}
