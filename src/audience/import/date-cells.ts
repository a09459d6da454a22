/** The order of day and month in dates such as 03/04/2024. */
export const ORDERS = ["dmy", "mdy"] as const;
export type DateOrder = (typeof ORDERS)[number];
export type DateFault = "date" | "date-order" | "date-future";

const TIME =
  "(?:(?:[T ]|, ?)(?<hour>\\d{1,2}):(?<minute>\\d{2})(?::(?<second>\\d{2})(?:[.,]\\d+)?)? ?(?<half>[ap]m)?)?";
const ZONE = "(?: ?(?<zone>Z|UTC|GMT|[+-]\\d{2}(?::?\\d{2})?))?";
const YEAR_FIRST = new RegExp(
  `^(?<year>\\d{4})[-/.](?<month>\\d{1,2})[-/.](?<day>\\d{1,2})${TIME}${ZONE}$`,
  "i",
);
/** With dots, the day comes first everywhere. */
const DOTTED = new RegExp(`^(?<day>\\d{1,2})\\.(?<month>\\d{1,2})\\.(?<year>\\d{4})${TIME}${ZONE}$`, "i");
const SLASHED = new RegExp(
  `^(?<one>\\d{1,2})(?<mark>[-/])(?<two>\\d{1,2})\\k<mark>(?<year>\\d{4})${TIME}${ZONE}$`,
  "i",
);
const UNIX = /^(?<seconds>\d{10})(?<milliseconds>\d{3})?(?:\.\d+)?$/;

/** Nobody started a bot before Telegram existed: zeros and epochs mean that there is no date. */
const EARLIEST = Date.UTC(2013, 7, 14);
/** How far another system's clock and time zone may be ahead, in ms. */
const MOST_AHEAD = 86_400_000;

/**
 * The instant in a cell, or what is wrong with it. A time without a zone is read as UTC: only the day matters.
 */
export function readDate(text: string, order: DateOrder | undefined, now: number): Date | DateFault {
  const instant = instantOf(text, order);
  if (typeof instant === "string") return instant;
  if (instant < EARLIEST) return "date";
  return instant > now + MOST_AHEAD ? "date-future" : new Date(instant);
}

/** True if a cell holds a date of any kind, which means that something has happened. */
export function isMoment(text: string): boolean {
  const instant = instantOf(text, "dmy");
  return typeof instant === "number" && instant >= EARLIEST;
}

/**
 * The day that a cell names as `2024-03-25`, whatever its time; null if it is not a date. Unix time is not one: it is a number
 * like others.
 */
export function dayIn(text: string, order: DateOrder | undefined): { day: string } | "date-order" | null {
  // In the zone that is written, the day is the one that is written.
  const instant = UNIX.test(text) ? "date" : instantOf(text.replace(WRITTEN_ZONE, ""), order);
  if (instant === "date-order") return instant;
  return instant === "date" ? null : { day: new Date(instant).toISOString().slice(0, 10) };
}

const WRITTEN_ZONE = / ?(?:Z|UTC|GMT|(?<=:\d{2}(?:[.,]\d+)?)[+-]\d{2}(?::?\d{2})?)$/i;

function instantOf(text: string, order: DateOrder | undefined): number | "date" | "date-order" {
  const unix = UNIX.exec(text)?.groups;
  if (unix) return Number(unix["seconds"]) * 1000 + Number(unix["milliseconds"] ?? 0);
  const clear = (YEAR_FIRST.exec(text) ?? DOTTED.exec(text))?.groups;
  if (clear) return fromParts(clear, clear["day"], clear["month"]);
  const parts = SLASHED.exec(text)?.groups;
  if (!parts) return "date";
  const [one, two] = [parts["one"], parts["two"]];
  // A number above 12 cannot be the month, whatever the operator said.
  if (Number(one) > 12) return fromParts(parts, one, two);
  if (Number(two) > 12) return fromParts(parts, two, one);
  if (one === two) return fromParts(parts, one, two);
  if (!order) return "date-order";
  return order === "dmy" ? fromParts(parts, one, two) : fromParts(parts, two, one);
}

function fromParts(
  parts: Record<string, string>,
  writtenDay: string | undefined,
  writtenMonth: string | undefined,
): number | "date" {
  const [year, month, day] = [Number(parts["year"]), Number(writtenMonth), Number(writtenDay)];
  const [hour, minute, second] = ["hour", "minute", "second"].map((part) => Number(parts[part] ?? 0));
  const half = parts["half"]?.toLowerCase();
  if (half && (hour! < 1 || hour! > 12)) return "date";
  const hours = half ? (hour! % 12) + (half === "pm" ? 12 : 0) : hour!;
  const at = new Date(Date.UTC(year, month - 1, day, hours, minute, second));
  const isReal = at.getUTCMonth() === month - 1 && at.getUTCDate() === day && at.getUTCHours() === hours;
  return isReal && minute! < 60 && second! < 60 ? at.getTime() - offsetOf(parts["zone"]) : "date";
}

/** How far a zone is ahead of UTC, in ms. */
function offsetOf(zone: string | undefined): number {
  const found = /^(?<sign>[+-])(?<hours>\d{2}):?(?<minutes>\d{2})?$/.exec(zone ?? "")?.groups;
  if (!found) return 0;
  const minutes = Number(found["hours"]) * 60 + Number(found["minutes"] ?? 0);
  return (found["sign"] === "-" ? -1 : 1) * minutes * 60_000;
}
