import type { MessageEntity } from "@grammyjs/types";
import { inLanguage, localeTag, t } from "../state/locale.ts";

/*
 * Times and sizes in words. Times are in the browser's format, as in Telegram; words are in the page's language.
 */

const CLOCK = inLanguage((locale) => new Intl.DateTimeFormat(locale, { hour: "2-digit", minute: "2-digit" }));
const WHOLE = inLanguage(
  (locale) => new Intl.DateTimeFormat(locale, { dateStyle: "full", timeStyle: "medium" }),
);
const RELATIVE = inLanguage((locale) => new Intl.RelativeTimeFormat(locale, { numeric: "auto" }));
const STEPS: readonly (readonly [seconds: number, unit: Intl.RelativeTimeFormatUnit])[] = [
  [31_536_000, "year"],
  [2_592_000, "month"],
  [86_400, "day"],
  [3600, "hour"],
  [60, "minute"],
];

/** "14:05", from Unix seconds. */
export function clock(unix: number): string {
  return CLOCK().format(unix * 1000);
}

/** "Saturday, 21 November 2026 at 14:05:09", from Unix seconds. */
export function wholeDate(unix: number): string {
  return WHOLE().format(unix * 1000);
}

type DateTimeFormat = MessageEntity.DateTimeMessageEntity["date_time_format"];

/**
 * Formats Unix seconds as a date_time entity asks (Bot API, "Date-time entity formatting"): r relative, w weekday, d
 * and D short and long date, t and T short and long time. Undefined for an empty format, which keeps the text.
 */
export function formattedDate(
  unix: number,
  format: DateTimeFormat,
  now = Date.now() / 1000,
): string | undefined {
  if (format === "r") return relative(unix - now);
  if (format === "") return undefined;
  const has = (letter: string) => format.includes(letter);
  return new Intl.DateTimeFormat(localeTag(), {
    ...(has("w") && { weekday: "long" }),
    ...(has("d") && { day: "2-digit", month: "2-digit", year: "2-digit" }),
    ...(has("D") && { day: "numeric", month: "long", year: "numeric" }),
    ...((has("t") || has("T")) && { hour: "2-digit", minute: "2-digit" }),
    ...(has("T") && { second: "2-digit" }),
  }).format(unix * 1000);
}

function relative(seconds: number): string {
  const [size, unit] = STEPS.find(([least]) => Math.abs(seconds) >= least) ?? [1, "second"];
  return RELATIVE().format(Math.trunc(seconds / size), unit);
}

/** "0:12", "1:02:03", from seconds. */
export function duration(seconds: number): string {
  const parts = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, Math.floor(seconds) % 60];
  const shown = parts[0] === 0 ? parts.slice(1) : parts;
  return shown.map((part, index) => (index === 0 ? String(part) : String(part).padStart(2, "0"))).join(":");
}

/** "2 KB", "1.4 MB", from bytes; undefined if Telegram does not say. */
export function size(bytes: number | undefined): string | undefined {
  if (bytes === undefined) return undefined;
  const units = ["B", "KB", "MB", "GB"] as const;
  const power = bytes < 1 ? 0 : Math.min(units.length - 1, Math.floor(Math.log(bytes) / Math.log(1024)));
  const number = bytes / 1024 ** power;
  return t(`size-${units[power]}`, { number: number < 10 ? Number(number.toFixed(1)) : Math.round(number) });
}
