import { fileURLToPath } from "node:url";
import { I18n } from "@grammyjs/i18n";
import { primaryLanguage } from "../audience/recipient.ts";

export const LOCALES = ["en", "ru"] as const;
export type Locale = (typeof LOCALES)[number];

export type Values = Record<string, string | number>;
/** Words for a key of locales/*.ftl in one language. */
export type Translate = (key: string, values?: Values) => string;

/** locales/ lies two folders up from src/bot and from dist/bot alike. */
const directory = fileURLToPath(new URL("../../locales", import.meta.url));

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
  return name.charAt(0).toLocaleUpperCase(language) + name.slice(1);
}

/** A time of day in a zone, such as 14:05. */
export function timeOfDay(instant: Date, timezone: string): string {
  return instant.toLocaleTimeString("en-GB", { timeZone: timezone, hour: "2-digit", minute: "2-digit" });
}

/** A length of time, rounded the way one would say it. */
export function duration(t: Translate, seconds: number): string {
  const whole = Math.max(1, Math.round(seconds));
  if (whole < 60) return t("duration-seconds", { count: whole });
  const minutes = Math.round(seconds / 60);
  if (minutes < 60) return t("duration-minutes", { count: minutes });
  return t("duration-hours", { hours: Math.floor(minutes / 60), minutes: minutes % 60 });
}
