import { fileURLToPath } from "node:url";
import { I18n } from "@grammyjs/i18n";
import { primaryLanguage } from "../../audience/recipients.ts";
import { shownAt, wallOf } from "../../schedule/wall.ts";

export const LOCALES = ["en", "ru"] as const;
export type Locale = (typeof LOCALES)[number];

export type Values = Record<string, string | number>;
/** Words for a key of locales/*.ftl in one language. */
export type Translate = (key: string, values?: Values) => string;

/** locales/ lies two folders up from src/bot and from dist/bot alike. */
const directory = fileURLToPath(new URL("../../../locales", import.meta.url));

/** Loads what the bot says. `translator(locale)` then gives the words in one language. */
export function loadWords(): (locale: Locale) => Translate {
  // Isolation marks around numbers would keep texts from being searched and copied.
  const i18n = new I18n({ directory, defaultLocale: "en", fluentBundleOptions: { useIsolating: false } });
  return (locale) => (key, values) => i18n.t(locale, key, values);
}

/** The language that the bot speaks to somebody whose language is `language`. */
export function localeFor(language: string | null | undefined): Locale {
  const primary = primaryLanguage(language);
  return LOCALES.find((locale) => locale === primary) ?? "en";
}

/** A language by its own name: `ru` is "Русский". */
export function languageName(language: string): string {
  const name =
    new Intl.DisplayNames([language], { type: "language", fallback: "code" }).of(language) ?? language;
  // Georgian has capitals, but begins no word with one.
  return language === "ka" ? name : name.charAt(0).toLocaleUpperCase(language) + name.slice(1);
}

/** A time of day in a zone, such as 14:05. */
export function timeOfDay(instant: Date, timezone: string): string {
  return shownAt(instant, timezone).toISOString().slice(11, 16);
}

/**
 * Formats the dates of a zone. Intl never hears of the zone: Node's zone data may be older than the one that decides when
 * a campaign is sent.
 */
export function dateFormat(locale: Locale, options: Omit<Intl.DateTimeFormatOptions, "timeZone">) {
  const format = new Intl.DateTimeFormat(formatOf(locale), { ...options, timeZone: "UTC" });
  return {
    format: (instant: Date, timezone: string) => format.format(shownAt(instant, timezone)),
    formatRange: (from: Date, to: Date, timezone: string) =>
      format.formatRange(shownAt(from, timezone), shownAt(to, timezone)),
    formatToParts: (instant: Date, timezone: string) => format.formatToParts(shownAt(instant, timezone)),
  };
}

/** In English the British order, as everywhere here: the day before the month. */
export function formatOf(locale: Locale): string {
  return locale === "en" ? "en-GB" : locale;
}

/** An instant for somebody who looks at it at `now`: 14:05 on the same day, else "2 Mar, 14:05". */
export function moment(instant: Date, now: Date, timezone: string, locale: Locale): string {
  const [day, today] = [wallOf(instant, timezone), wallOf(now, timezone)];
  const time = timeOfDay(instant, timezone);
  const isThisYear = day.year === today.year;
  if (isThisYear && day.month === today.month && day.day === today.day) return time;
  const format = dateFormat(locale, {
    day: "numeric",
    month: "short",
    ...(isThisYear ? {} : { year: "numeric" }),
  });
  return `${format.format(instant, timezone)}, ${time}`;
}

/** Messages a second as one reads them: whole ones, below 10 with a decimal, and never 0. */
export function roundRate(rate: number): number {
  return rate >= 10 ? Math.round(rate) : Math.max(0.1, Math.round(rate * 10) / 10);
}

const SIZES = ["kilobyte", "megabyte", "gigabyte", "terabyte"] as const;

/** A size such as "184 MB"; 1 kB is 1,024 bytes, as PostgreSQL counts. */
export function fileSize(bytes: number, locale: Locale): string {
  const power = Math.floor(Math.log2(Math.max(bytes, 1024)) / 10);
  const unit = SIZES[Math.min(power, SIZES.length) - 1] ?? "kilobyte";
  const size = bytes / 1024 ** (SIZES.indexOf(unit) + 1);
  return new Intl.NumberFormat(locale, {
    style: "unit",
    unit,
    maximumFractionDigits: size < 10 ? 1 : 0,
  }).format(size);
}

/** "26 h 10 min" says more of a broadcast than "1 d 2 h"; from two days on nobody counts hours. */
const DAYS_FROM_HOURS = 48;

/** A length of time, rounded the way one would say it. */
export function duration(t: Translate, seconds: number): string {
  const whole = Math.max(1, Math.round(seconds));
  if (whole < 60) return t("duration-seconds", { count: whole });
  const minutes = Math.round(seconds / 60);
  if (minutes < 60) return t("duration-minutes", { count: minutes });
  const hours = Math.floor(minutes / 60);
  if (hours < DAYS_FROM_HOURS) return t("duration-hours", { hours, minutes: minutes % 60 });
  return t("duration-days", { days: Math.floor(hours / 24), hours: hours % 24 });
}

/**
 * The first characters of a text, counted as `countCharacters` does: half an emoji is refused by Telegram. `end` stands
 * in place of the last one where something was cut off.
 */
export function cut(text: string, characters: number, end: "" | "…" = ""): string {
  const all = [...text];
  return all.length > characters ? all.slice(0, characters - end.length).join("") + end : text;
}

/** So many lines or names are said; the others are counted, since a message holds 4,096 characters. */
const FEW = 10;

/** The first of them, and by the words of the key `more` how many there are beyond. */
export function few(t: Translate, all: string[], more = "posts-more"): string[] {
  return all.length > FEW ? [...all.slice(0, FEW), t(more, { count: all.length - FEW })] : all;
}
