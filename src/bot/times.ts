import { createRequire } from "node:module";
import type { MessageEntity } from "grammy/types";
import type { Clock } from "../clock.ts";
import type { Recurrence } from "../schedule/recurrence.ts";
import { type Weekday, wallOf } from "../schedule/wall.ts";
import type { Window } from "../schedule/window.ts";
import { COMMON_ZONES } from "../schedule/zones.ts";
import { type Locale, type Translate, timeOfDay } from "./words.ts";

/* How times, repeats and hours read. */

interface Cronstrue {
  toString: (expression: string, options: { locale: Locale; use24HourTimeFormat: boolean }) => string;
}

/** Required, not imported: as a module, its default is itself to one loader and its `default` to another. */
const cronstrue = createRequire(import.meta.url)("cronstrue/i18n.js") as Cronstrue;

/** Who reads a time: where their clock stands, and when they look. */
export interface Reader {
  t: Translate;
  locale: Locale;
  timezone: string;
  now: Date;
}

/** Who sent an update. */
export function readerOf({ clock }: { clock: Clock }, { t, locale, timezone }: Omit<Reader, "now">): Reader {
  return { t, locale, timezone, now: clock.now() };
}

/** "Mon 23 Nov 2026, 10:00", "Пн 23 ноября 2026, 10:00". */
export function fullTime(instant: Date, reader: Pick<Reader, "locale" | "timezone">): string {
  return `${fullDay(instant, reader)}, ${timeOfDay(instant, reader.timezone)}`;
}

/** "Mon 23 Nov 2026", "Пн 23 ноября 2026": of what was typed without an hour. */
export function fullDay(instant: Date, { locale, timezone }: Pick<Reader, "locale" | "timezone">): string {
  const { weekday, day, month, year } = dateParts(
    instant,
    timezone,
    locale,
    locale === "ru" ? "long" : "short",
  );
  return `${weekday} ${day} ${month} ${year}`;
}

/** "Mon 23 Nov 10:00", for buttons; the year when it is another one than now. */
export function briefTime(instant: Date, { locale, timezone, now }: Reader): string {
  const { weekday, day, month, year } = dateParts(instant, timezone, locale, "short");
  const otherYear = wallOf(now, timezone).year !== wallOf(instant, timezone).year;
  return `${weekday} ${day} ${month} ${otherYear ? `${year} ` : ""}${timeOfDay(instant, timezone)}`;
}

/** "Mon 23 Nov 2026, 10:00 · Europe/Moscow · in 14 h". What has just passed is not "now". */
export function echoTime(instant: Date, reader: Reader): string {
  const { timezone, now } = reader;
  const hasJustPassed = instant < now && now.getTime() - instant.getTime() < NOW_MS;
  return [fullTime(instant, reader), timezone, ...(hasJustPassed ? [] : [distance(instant, reader)])].join(
    " · ",
  );
}

/**
 * Marks the first `time` in a text as that instant: a client that knows Telegram's date_time entity shows it by its
 * own clock when tapped. The text stays as it is.
 */
export function timeEntity(text: string, time: string, instant: Date): MessageEntity[] {
  const offset = text.indexOf(time);
  if (offset < 0) return [];
  const unix_time = epoch(instant);
  return [{ type: "date_time", offset, length: time.length, unix_time, date_time_format: "" }];
}

/** Nearer than this is "now". */
const NOW_MS = 30_000;

/** "in 14 h", "3 days ago"; more exact the nearer it is. */
export function distance(instant: Date, { t, now }: Pick<Reader, "t" | "now">): string {
  const ms = instant.getTime() - now.getTime();
  if (Math.abs(ms) < NOW_MS) return t("time-now");
  const seconds = ms / 1000;
  const span = roughly(t, Math.abs(seconds));
  return seconds > 0 ? t("time-in", { duration: span }) : t("time-ago", { duration: span });
}

/** From ten hours on nobody counts the minutes, from two days on the hours do, from a week on the days. */
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

/** "every Monday and Friday 10:00", "по будням в 10:00"; of another zone than the reader's it is named. */
export function describeRepeat(recurrence: Recurrence, { t, locale, timezone }: Omit<Reader, "now">): string {
  const { zone, until, runs } = recurrence;
  const ends = [
    ...(until === undefined
      ? []
      : [t("repeats-until", { date: dateOnly(new Date(until), { locale, timezone: zone }) })]),
    ...(runs === undefined ? [] : [t("repeats-runs", { count: runs })]),
  ];
  const elsewhere = zone === timezone ? "" : ` (${zone})`;
  return [`${describeRule(recurrence.rule, t, locale)}${elsewhere}`, ...ends].join(", ");
}

const EVERY_WORKDAY = "12345";

function describeRule(rule: Recurrence["rule"], t: Translate, locale: Locale): string {
  if (rule.every === "cron") return cronInWords(rule.expression, t, locale);
  const time = clockTime(rule.hour * 60 + rule.minute);
  if (rule.every === "day") return t("repeats-daily", { time });
  if (rule.every === "week") {
    if (rule.days.join("") === EVERY_WORKDAY) return t("repeats-workdays", { time });
    const days = listOf(
      rule.days.map((day) => t(`repeats-day-${day}`)),
      locale,
    );
    return t("repeats-weekly", { days, time });
  }
  return rule.day > 28
    ? t("repeats-monthly-end", { day: rule.day, time })
    : t("repeats-monthly", { day: rule.day, time });
}

/** At fixed times of every day: of these the words name the times only. */
const CRON_DAILY = /^\d+ +\d+(?:,\d+)* +\* +\* +\*$/;

function cronInWords(expression: string, t: Translate, locale: Locale): string {
  const text = cronstrue.toString(expression, { locale, use24HourTimeFormat: true });
  const words = `${text.charAt(0).toLocaleLowerCase(locale)}${text.slice(1)} (${expression})`;
  return CRON_DAILY.test(expression) ? t("repeats-cron-daily", { words }) : words;
}

/** "09:00–21:00", "09:00–18:00, Mon, Tue"; of another zone than the reader's it is named. */
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
  return capital(date.toLocaleDateString(formatOf(locale), { weekday: "short", timeZone: "UTC" }), locale);
}

/** A zone as people name it, "Moscow"; one that is not common by its IANA name. */
export function zoneName(zone: string, locale: Locale): string {
  return COMMON_ZONES.find((common) => common.zone === zone)?.[locale] ?? zone;
}

/** "UTC+3", "UTC−4:30": tells two instants of the same wall clock apart. */
export function offsetOf(instant: Date, timezone: string): string {
  const part = new Intl.DateTimeFormat("en", { timeZone: timezone, timeZoneName: "shortOffset" })
    .formatToParts(instant)
    .find(({ type }) => type === "timeZoneName");
  return (part?.value ?? "GMT").replace("GMT", "UTC");
}

/** Seconds since 1970, as Telegram counts and as buttons carry it. */
export function epoch(instant: Date): number {
  return Math.floor(instant.getTime() / 1000);
}

/** What a button carries comes from outside: null for what is no instant. */
export function instantFrom(seconds: string): Date | null {
  return /^\d{9,11}$/.test(seconds) ? new Date(Number(seconds) * 1000) : null;
}

/** "23 Nov 2026", "23 ноября 2026", as it may be typed, too. */
export function dateOnly(instant: Date, { locale, timezone }: Pick<Reader, "locale" | "timezone">): string {
  const { day, month, year } = dateParts(instant, timezone, locale, locale === "ru" ? "long" : "short");
  return `${day} ${month} ${year}`;
}

function dateParts(instant: Date, timeZone: string, locale: Locale, month: "short" | "long") {
  const parts = new Intl.DateTimeFormat(formatOf(locale), {
    timeZone,
    weekday: "short",
    day: "numeric",
    month,
    year: "numeric",
  }).formatToParts(instant);
  const part = (type: Intl.DateTimeFormatPartTypes) => parts.find((one) => one.type === type)?.value ?? "";
  return {
    weekday: capital(part("weekday"), locale),
    day: part("day"),
    month: part("month"),
    year: part("year"),
  };
}

/** In English the British order, as everywhere here: the day before the month. */
function formatOf(locale: Locale): string {
  return locale === "en" ? "en-GB" : locale;
}

function listOf(words: string[], locale: Locale): string {
  return new Intl.ListFormat(formatOf(locale)).format(words);
}

function capital(word: string, locale: Locale): string {
  return word.charAt(0).toLocaleUpperCase(locale) + word.slice(1);
}

function pad(number: number): string {
  return String(number).padStart(2, "0");
}
