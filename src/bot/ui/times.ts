import type { MessageEntity } from "grammy/types";
import type { Clock } from "../../clock.ts";
import { type Weekday, shownAt, wallOf } from "../../schedule/wall.ts";
import type { Window } from "../../schedule/window.ts";
import { COMMON_ZONES } from "../../schedule/zones.ts";
import { type Locale, type Translate, dateFormat, timeOfDay } from "./words.ts";

/* Times and hours in words; for repeats see repeat-words.ts. */

/** Someone who reads a time: in which language, in which zone, and when. */
export interface Reader {
  t: Translate;
  locale: Locale;
  timezone: string;
  now: Date;
}

/** The person who sent an update. */
export function readerOf({ clock }: { clock: Clock }, { t, locale, timezone }: Omit<Reader, "now">): Reader {
  return { t, locale, timezone, now: clock.now() };
}

/** "Mon 23 Nov 2026, 10:00", "Пн 23 ноября 2026, 10:00". */
export function fullTime(instant: Date, reader: Pick<Reader, "locale" | "timezone">): string {
  return `${fullDay(instant, reader)}, ${timeOfDay(instant, reader.timezone)}`;
}

/** "Mon 23 Nov 2026", "Пн 23 ноября 2026", for a day that was typed without an hour. */
export function fullDay(instant: Date, { locale, timezone }: Pick<Reader, "locale" | "timezone">): string {
  const { weekday, day, month, year } = dateParts(instant, timezone, locale, monthOf(locale));
  return `${weekday} ${day} ${month} ${year}`;
}

/** "Mon 23 Nov 10:00", for buttons; with the year if it is not this year. */
export function briefTime(instant: Date, { locale, timezone, now }: Reader): string {
  const { weekday } = dateParts(instant, timezone, locale, "short");
  return `${weekday} ${shortDay(instant, { locale, timezone, now })} ${timeOfDay(instant, timezone)}`;
}

/** "23 Nov", "23 нояб."; with the year if it is not this year. */
export function shortDay(instant: Date, { locale, timezone, now }: Omit<Reader, "t">): string {
  const { day, month, year } = dateParts(instant, timezone, locale, "short");
  const otherYear = wallOf(now, timezone).year !== wallOf(instant, timezone).year;
  return `${day} ${month}${otherYear ? ` ${year}` : ""}`;
}

/** "Mon 23 Nov, 10:00", "Пн 23 ноября, 10:00"; with the year if it is not this year. */
export function dayAndTime(instant: Date, reader: Omit<Reader, "t">): string {
  const { locale, timezone, now } = reader;
  const { weekday, day, month, year } = dateParts(instant, timezone, locale, monthOf(locale));
  const otherYear = wallOf(now, timezone).year !== wallOf(instant, timezone).year;
  return `${weekday} ${day} ${month}${otherYear ? ` ${year}` : ""}, ${timeOfDay(instant, timezone)}`;
}

/** "Mon 23 Nov, 10:00 to 10:03"; with both days if they differ, and without an end in the same minute. */
export function span(from: Date, to: Date, reader: Reader): string {
  const { t, timezone } = reader;
  const [begin, end] = [dayAndTime(from, reader), dayAndTime(to, reader)];
  if (begin === end) return begin;
  const isSameDay = fullDay(from, reader) === fullDay(to, reader);
  return t(isSameDay ? "card-span" : "card-span-days", {
    from: begin,
    to: isSameDay ? timeOfDay(to, timezone) : end,
  });
}

/** A week or more ahead, a weekday alone would be ambiguous. */
const NEAR_MS = 6 * 86_400_000;

/** "Mon 10:00" within a week, otherwise "Mon 23 Nov 10:00". */
export function nearTime(instant: Date, reader: Reader): string {
  const ahead = instant.getTime() - reader.now.getTime();
  if (ahead < 0 || ahead > NEAR_MS) return briefTime(instant, reader);
  const { weekday } = dateParts(instant, reader.timezone, reader.locale, "short");
  return `${weekday} ${timeOfDay(instant, reader.timezone)}`;
}

/** "Mon 23 Nov 2026, 10:00 · Europe/Moscow · in 14 h". A time that has just passed is not "now". */
export function echoTime(instant: Date, reader: Reader): string {
  const { timezone, now } = reader;
  const hasJustPassed = instant < now && now.getTime() - instant.getTime() < NOW_MS;
  return [fullTime(instant, reader), timezone, ...(hasJustPassed ? [] : [distance(instant, reader)])].join(
    " · ",
  );
}

/**
 * Marks the first `time` in a text as that instant. The text stays as it is, but when tapped, a client that knows Telegram's
 * date_time entity shows it in its own zone.
 */
export function timeEntity(text: string, time: string, instant: Date): MessageEntity[] {
  const offset = text.indexOf(time);
  if (offset < 0) return [];
  const unix_time = epoch(instant);
  return [{ type: "date_time", offset, length: time.length, unix_time, date_time_format: "" }];
}

/** Anything nearer than this is "now". */
const NOW_MS = 30_000;

/** "in 14 h", "3 days ago"; the nearer, the more precise. */
export function distance(instant: Date, { t, now }: Pick<Reader, "t" | "now">): string {
  const ms = instant.getTime() - now.getTime();
  if (Math.abs(ms) < NOW_MS) return t("time-now");
  const seconds = ms / 1000;
  const span = roughly(t, Math.abs(seconds));
  return seconds > 0 ? t("time-in", { duration: span }) : t("time-ago", { duration: span });
}

/** Minutes are named below ten hours and hours below a week; beyond that, only days. */
function roughly(t: Translate, seconds: number): string {
  const minutes = Math.max(1, Math.round(seconds / 60));
  if (minutes < 60) return t("duration-minutes", { count: minutes });
  if (minutes % 60 !== 0 && minutes < 600)
    return t("duration-hours", { hours: Math.floor(minutes / 60), minutes: minutes % 60 });
  const hours = Math.round(minutes / 60);
  if (hours < 48) return t("duration-whole-hours", { count: hours });
  if (hours < 168 && hours % 24 !== 0)
    return t("duration-days", { days: Math.floor(hours / 24), hours: hours % 24 });
  return t("duration-whole-days", { count: Math.round(hours / 24) });
}

const EVERY_WORKDAY = "12345";

/** "09:00–21:00", "09:00–18:00, Mon, Tue"; the zone is named if it is not the reader's. */
export function describeWindow(
  { zone, from, to, days }: Window,
  { t, locale, timezone }: Omit<Reader, "now">,
): string {
  const hours = `${clockTime(from)}–${clockTime(to)}`;
  const on =
    days.length === 7
      ? []
      : [
          days.join("") === EVERY_WORKDAY
            ? t("hours-workdays")
            : days.map((day) => weekdayName(day, locale)).join(", "),
        ];
  return [hours, ...on].join(", ") + (zone === timezone ? "" : ` (${zone})`);
}

/** Minutes since midnight as 09:00. */
export function clockTime(minutes: number): string {
  return `${pad(Math.floor(minutes / 60))}:${pad(minutes % 60)}`;
}

/** 1 is Monday: "Mon", "Пн". */
export function weekdayName(day: Weekday, locale: Locale): string {
  // 1 January 2024 was a Monday.
  const date = new Date(Date.UTC(2024, 0, day));
  return capital(dateFormat(locale, { weekday: "short" }).format(date, "UTC"), locale);
}

/** A zone as people call it, "Moscow"; uncommon ones by their IANA name. */
export function zoneName(zone: string, locale: Locale): string {
  return COMMON_ZONES.find((common) => common.zone === zone)?.[locale] ?? zone;
}

/** "UTC+3", "UTC-4:30": tells apart two instants at which the clock shows the same time. */
export function offsetOf(instant: Date, timezone: string): string {
  const minutes = Math.round((shownAt(instant, timezone).getTime() - instant.getTime()) / 60_000);
  if (minutes === 0) return "UTC";
  const [hours, rest] = [Math.floor(Math.abs(minutes) / 60), Math.abs(minutes) % 60];
  return `UTC${minutes < 0 ? "-" : "+"}${hours}${rest === 0 ? "" : `:${pad(rest)}`}`;
}

/** Seconds since 1970, as Telegram counts and as buttons carry them. */
export function epoch(instant: Date): number {
  return Math.floor(instant.getTime() / 1000);
}

/** The data of a button comes from outside: null for anything that is not an instant. */
export function instantFrom(seconds: string): Date | null {
  return /^\d{9,11}$/.test(seconds) ? new Date(Number(seconds) * 1000) : null;
}

/** "23 Nov 2026", "23 ноября 2026", which can also be typed. */
export function dateOnly(instant: Date, { locale, timezone }: Pick<Reader, "locale" | "timezone">): string {
  const { day, month, year } = dateParts(instant, timezone, locale, monthOf(locale));
  return `${day} ${month} ${year}`;
}

/** Russian abbreviates months with a full stop, which looks wrong inside a sentence. */
function monthOf(locale: Locale): "short" | "long" {
  return locale === "ru" ? "long" : "short";
}

function dateParts(instant: Date, timezone: string, locale: Locale, month: "short" | "long") {
  const format = dateFormat(locale, { weekday: "short", day: "numeric", month, year: "numeric" });
  const parts = format.formatToParts(instant, timezone);
  const part = (type: Intl.DateTimeFormatPartTypes) => parts.find((one) => one.type === type)?.value ?? "";
  return {
    weekday: capital(part("weekday"), locale),
    day: part("day"),
    month: part("month"),
    year: part("year"),
  };
}

function capital(word: string, locale: Locale): string {
  return word.charAt(0).toLocaleUpperCase(locale) + word.slice(1);
}

function pad(number: number): string {
  return String(number).padStart(2, "0");
}
