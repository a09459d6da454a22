import { createRequire } from "node:module";
import type * as Chrono from "chrono-node/en";
import { type Wall, asUtc, weekdayOf } from "../wall.ts";
import { ENGLISH } from "./english.ts";

const load = createRequire(import.meta.url);
/** Loaded when it is needed, which is seldom: it is 51 files. */
const english = () => load("chrono-node/en") as typeof Chrono;

/** A numeric date or the name of a month, which every whole date has. */
const WITH_DATE = /\d{4}-\d\d-\d\d|\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)/;

/**
 * Words that a date may contain besides months and weekdays. chrono also reads "before 10:00" as 10:00, and skips
 * "quarter".
 */
const OTHER_WORDS = new Set([
  ..."at on of the am pm t z utc gmt st nd rd th".split(" "),
  ..."first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth".split(
    " ",
  ),
  ..."fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth twentieth thirtieth".split(" "),
  ..."twenty thirty".split(" "),
]);
const DATE_WORDS = new Set([...ENGLISH.months, ...ENGLISH.weekdays].flatMap((forms) => forms.split(" ")));

/** A date with its UTC offset in digits; abbreviations such as CST or IST mean several zones. */
const WITH_OFFSET = /(?:\d|\s)(?:z|utc|gmt)$|\d\d?:\d\d(?::\d\d(?:\.\d+)?)?\s?[+-]\d\d:?\d\d$/i;

/**
 * Reads what the grammar leaves to chrono-node: dates as programs print them (ISO 8601 and RFC 2822, with
 * seconds and an offset from UTC) and English dates in words ("the twenty-fifth of November at 6pm").
 *
 * chrono looks for dates in prose and skips what it does not understand ("tomorrow 9 banana" is tomorrow to it, "in an
 * hour and a half" is an hour), so its result counts only if the text contains nothing but the words of a date, and if
 * chrono has read all of it and found one day and one hour.
 */
export function readPrinted(text: string, now: Date, today: Wall): Wall | Date | null {
  const words = text.match(/\p{L}+/gu) ?? [];
  if (!WITH_DATE.test(text) || !words.every((word) => OTHER_WORDS.has(word) || DATE_WORDS.has(word)))
    return null;
  const reference = { instant: now, timezone: offsetOf(now, today) };
  const [found, another] = english().casual.parse(text, reference, { forwardDate: true });
  if (!found || another || found.end || found.text.length !== text.length) return null;
  const { start } = found;
  const [year, month, day] = [start.get("year"), start.get("month"), start.get("day")];
  const [hour, minute, weekday] = [start.get("hour"), start.get("minute"), start.get("weekday")];
  if (!start.isCertain("month") || !start.isCertain("day") || !start.isCertain("hour")) return null;
  if (year === null || month === null || day === null || hour === null) return null;
  const wall = { year, month, day, hour, minute: minute ?? 0 };
  // chrono's Sunday is 0.
  if (start.isCertain("weekday") && weekday !== weekdayOf(wall) % 7) return null;
  if (!start.isCertain("timezoneOffset")) return wall;
  return WITH_OFFSET.test(text) ? start.date() : null;
}

/** How far `wall`, the wall-clock time at `now`, is ahead of UTC, in minutes. */
function offsetOf(now: Date, wall: Wall): number {
  return Math.round((asUtc(wall).getTime() - now.getTime()) / 60_000);
}
