import { type Weekday, daysInMonth } from "../wall.ts";
import { ENGLISH } from "./english.ts";
import { dateEnding, dot, one, ordinalGenitive, two } from "./numbers.ts";
import {
  type Parser,
  either,
  figures,
  followed,
  listed,
  maybe,
  rule,
  saying,
  silent,
  word,
  words,
} from "./parser.ts";
import { RUSSIAN } from "./russian.ts";

/* Days: dates, days relative to today, and weekdays of this or next week. */

export type Day =
  | { type: "shift"; days: number }
  /** A date; without a year, its next occurrence. */
  | { type: "date"; year?: number; month: number; day: number }
  /** "The 25th": its next occurrence. */
  | { type: "day-of-month"; day: number }
  /** Such as the 31st of February. */
  | { type: "none" };

/** "Friday" is the coming one; "this Friday" too, but it may be today; "next Friday" is in the week after this one. */
export type Week = "coming" | "this" | "next";

const fullYear = figures(/^20\d\d$/);
const shortYear = rule([two], ([year]) => 2000 + year);
const the = maybe(word("the"));

const month = followed(listed(1, ENGLISH.months, RUSSIAN.months), maybe(dot));
const dayOfMonth = either(followed(one, maybe(dateEnding)), ordinalGenitive);
const yearWord = maybe(followed(word("года г"), maybe(dot)));
const year = followed(either(fullYear, shortYear), yearWord);
const yearAfter = maybe(rule([maybe(word(",")), followed(fullYear, yearWord)], ([, year]) => year));

/** A date that names its month. */
export const dateInWords: Parser<Day> = either(
  rule([the, dayOfMonth, maybe(word("of")), month, yearAfter], ([, day, , month, year]) =>
    dateOf(day, month, year),
  ),
  rule([month, the, dayOfMonth, yearAfter], ([month, , day, year]) => dateOf(day, month, year)),
);

const date: Parser<Day> = either(
  rule([one, dot, one, maybe(dot)], ([day, , month]) => dateOf(day, month)),
  rule([one, dot, one, dot, year], ([day, , month, , year]) => dateOf(day, month, year)),
  rule([one, word("/"), one], ([day, , month]) => dateOf(day, month)),
  rule([one, word("/"), one], ([month, , day]) => dateOf(day, month)),
  ...["/", "-"].flatMap((sign) => [
    rule([one, word(sign), one, word(sign), year], ([day, , month, , year]) => dateOf(day, month, year)),
    rule([one, word(sign), one, word(sign), year], ([month, , day, , year]) => dateOf(day, month, year)),
  ]),
  ...[".", "/", "-"].map((sign) =>
    rule([fullYear, word(sign), one, word(sign), one], ([year, , month, , day]) => dateOf(day, month, year)),
  ),
  dateInWords,
);

const shift: Parser<Day> = rule(
  [
    either(
      saying(0, word("today сегодня")),
      saying(1, word("tomorrow завтра")),
      saying(2, word("послезавтра"), words("day after tomorrow"), words("the day after tomorrow")),
      saying(-1, word("yesterday вчера")),
      saying(-2, word("позавчера")),
    ),
  ],
  ([days]) => ({ type: "shift", days }),
);

/** "The 25th", "25-го", "25 числа". */
const anyDayOfMonth: Parser<Day> = rule([the, followed(one, either(dateEnding, word("числа")))], ([, day]) =>
  day >= 1 && day <= 31 ? { type: "day-of-month", day } : { type: "none" },
);

export const day = either(date, shift, anyDayOfMonth);

const week: Parser<Week> = either(
  silent<Week>("coming"),
  saying<Week>("this", word("this эту этот это coming ближайшую ближайший ближайшее")),
  saying<Week>("next", word("next следующую следующий следующее")),
);
const nextWeek = either(words("next week"), words("на следующей неделе"));
export const weekdayName = rule(
  [listed(1, ENGLISH.weekdays, RUSSIAN.weekdays), maybe(dot)],
  ([weekday]) => weekday as Weekday,
);
export const weekday = either(
  rule([week, weekdayName], ([week, weekday]) => ({ weekday, week })),
  rule([weekdayName, nextWeek], ([weekday]) => ({ weekday, week: "next" as Week })),
  rule([nextWeek, maybe(word("on в во")), weekdayName], ([, , weekday]) => ({
    weekday,
    week: "next" as Week,
  })),
);

/** Null if the month does not exist. */
export function dateOf(day: number, month: number, year?: number | null): Day | null {
  if (month < 1 || month > 12) return null;
  // 2028 is a leap year: without a year, 29 February is a valid date.
  if (day < 1 || day > daysInMonth(year ?? 2028, month)) return { type: "none" };
  return year == null ? { type: "date", month, day } : { type: "date", year, month, day };
}
