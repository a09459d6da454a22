/* Dates as people say them. `date` is in Unix seconds, as Telegram gives it; days are those of this browser's zone. */

const TIME = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit" });
const WEEKDAY = new Intl.DateTimeFormat("en-GB", { weekday: "short" });
const SHORT = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short" });
const LONG = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "long" });
const WITH_YEAR = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "long", year: "numeric" });

/** A number that is the same for all moments of a day, and one more on the next. */
export function dayOf(date: number): number {
  const moment = new Date(date * 1000);
  return Date.UTC(moment.getFullYear(), moment.getMonth(), moment.getDate()) / 86_400_000;
}

/** "Today", "Yesterday", "3 May", "3 May 2025". */
export function dayName(date: number, now: number): string {
  const ago = dayOf(now) - dayOf(date);
  if (ago === 0) return "Today";
  if (ago === 1) return "Yesterday";
  const moment = new Date(date * 1000);
  const sameYear = moment.getFullYear() === new Date(now * 1000).getFullYear();
  return (sameYear ? LONG : WITH_YEAR).format(moment);
}

/** For a list: the time today, the weekday within a week, else the day. */
export function briefly(date: number, now: number): string {
  const ago = dayOf(now) - dayOf(date);
  const format = ago === 0 ? TIME : ago > 0 && ago < 7 ? WEEKDAY : SHORT;
  return format.format(date * 1000);
}
