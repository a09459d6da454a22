import { readFileSync } from "node:fs";
import { FluentBundle, FluentResource } from "@fluent/bundle";
import { primaryLanguage } from "../../audience/recipients.ts";
import { shownAt, wallOf } from "../../schedule/wall.ts";

export { cut } from "../../content/content.ts";

export const LOCALES = ["en", "ru"] as const;
export type Locale = (typeof LOCALES)[number];

export type Values = Record<string, string | number>;
/** The words for a key of locales/*.ftl, in one language. */
export type Translate = (key: string, values?: Values) => string;

/** The way to locales/ is the same from src/bot/ui and from dist/bot/ui. */
const textOf = (locale: Locale) =>
  readFileSync(new URL(`../../../locales/${locale}.ftl`, import.meta.url), "utf8");

/**
 * Loads the bot's words. The result gives those of one language.
 * Without grammY's i18n plugin, which loads 140 more files at each start.
 */
export function loadWords(): (locale: Locale) => Translate {
  const bundles = { en: bundleOf("en"), ru: bundleOf("ru") };
  return (locale) => (key, values) => {
    const pattern = bundles[locale].getMessage(key)?.value;
    return pattern ? bundles[locale].formatPattern(pattern, values ?? null) : `{${key}}`;
  };
}

/** @throws the first error of its file */
function bundleOf(locale: Locale): FluentBundle {
  // Isolation marks around values would spoil searching and copying.
  const bundle = new FluentBundle(locale, { useIsolating: false });
  const [error] = bundle.addResource(new FluentResource(textOf(locale)));
  if (error) throw error;
  return bundle;
}

/** The language in which the bot speaks to someone whose language is `language`. */
export function localeFor(language: string | null | undefined): Locale {
  const primary = primaryLanguage(language);
  return LOCALES.find((locale) => locale === primary) ?? "en";
}

/** A language in its own words: `ru` is "Русский". */
export function languageName(language: string): string {
  const name =
    new Intl.DisplayNames([language], { type: "language", fallback: "code" }).of(language) ?? language;
  // Georgian has capital letters, but no word begins with one.
  return language === "ka" ? name : name.charAt(0).toLocaleUpperCase(language) + name.slice(1);
}

/** The time of day in a zone, such as 14:05. */
export function timeOfDay(instant: Date, timezone: string): string {
  return shownAt(instant, timezone).toISOString().slice(11, 16);
}

/**
 * Formats dates in a zone. Intl is not told the zone, because Node's zone data may be older than the data that decides when
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

/** British English, which puts the day before the month. */
export function formatOf(locale: Locale): string {
  return locale === "en" ? "en-GB" : locale;
}

/** "14:05" if the instant is on the same day as `now`, otherwise "2 Mar, 14:05". */
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

/** Messages per second, for reading: rounded, below 10 to one decimal, and never 0. */
export function roundRate(rate: number): number {
  return rate >= 10 ? Math.round(rate) : Math.max(0.1, Math.round(rate * 10) / 10);
}

const SIZES = ["kilobyte", "megabyte", "gigabyte", "terabyte"] as const;

/** A size such as "184 MB". 1 kB is 1,024 bytes, as in PostgreSQL. */
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

/** For a broadcast, "26 h 10 min" says more than "1 d 2 h"; from two days on, days are enough. */
const DAYS_FROM_HOURS = 48;

/** A length of time, rounded as people would say it. */
export function duration(t: Translate, seconds: number): string {
  const whole = Math.max(1, Math.round(seconds));
  if (whole < 60) return t("duration-seconds", { count: whole });
  const minutes = Math.round(seconds / 60);
  if (minutes < 60) return t("duration-minutes", { count: minutes });
  const hours = Math.floor(minutes / 60);
  if (hours < DAYS_FROM_HOURS) return t("duration-hours", { hours, minutes: minutes % 60 });
  return t("duration-days", { days: Math.floor(hours / 24), hours: hours % 24 });
}

/** This many lines or names are listed; the others are counted, because a message holds 4,096 characters. */
const FEW = 10;

/** The first few, and below them how many more there are, in the words of the key `more`. */
export function firstFew(t: Translate, all: string[], more = "posts-more"): string[] {
  return all.length > FEW ? [...all.slice(0, FEW), t(more, { count: all.length - FEW })] : all;
}
