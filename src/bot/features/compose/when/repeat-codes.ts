import type { RepeatDays } from "../../../../schedule/typed/read-repeat.ts";
import type { Weekday } from "../../../../schedule/wall.ts";

/*
 * A repeat as the data of a button: "d" every day, "w135" on Monday, Wednesday and Friday, "m31" and "m1,15" on days of the
 * month, "n2.1" on its second Monday, "nL.5" on its last Friday, "y12.25" every year on 25 December. After that may come
 * "/2" for every other one, and "@600" for the minutes since midnight.
 */

/** The part of a code after the days. */
export function codeEnd(step: number, minutes?: number): string {
  return `${step > 1 ? `/${step}` : ""}${minutes === undefined ? "" : `@${minutes}`}`;
}

export function codeOf(days: RepeatDays, minutes?: number): string {
  switch (days.every) {
    case "day":
      return `d${codeEnd(days.step, minutes)}`;
    case "week":
      return `w${days.days.join("")}${codeEnd(days.step, minutes)}`;
    case "month":
      return `m${days.days.join()}${codeEnd(days.step, minutes)}`;
    case "nth":
      return `n${days.nth === "last" ? "L" : days.nth}.${days.weekday}${codeEnd(1, minutes)}`;
    case "year":
      return `y${days.month}.${days.day}${codeEnd(1, minutes)}`;
  }
}

const CODE = new RegExp(
  String.raw`^(?:(?<day>d)|w(?<week>[1-7]{1,7})|m(?<month>\d\d?(?:,\d\d?)*)|n(?<nth>[1-4L])\.(?<weekday>[1-7])|` +
    String.raw`y(?<date>\d\d?\.\d\d?))(?:/(?<step>\d{1,3}))?(?:@(?<minutes>\d{1,4}))?$`,
);

/** The data of a button comes from outside: null for anything else. */
export function readCode(code: string): { days: RepeatDays; minutes?: number } | null {
  const { day, week, month, nth, weekday, date, step, minutes } = CODE.exec(code)?.groups ?? {};
  const every = Number(step ?? 1);
  const at = minutes === undefined ? {} : { minutes: Number(minutes) };
  if (every === 0 || Number(minutes ?? 0) >= 24 * 60) return null;
  if (day !== undefined) return { days: { every: "day", step: every }, ...at };
  if (week !== undefined) return { days: { every: "week", days: weekdaysIn(week), step: every }, ...at };
  if (month !== undefined) {
    const days = month.split(",").map(Number);
    const isPossible = days.every((day) => day >= 1 && day <= (days.length > 1 ? 28 : 31));
    return isPossible ? { days: { every: "month", days, step: every }, ...at } : null;
  }
  if (nth !== undefined)
    return {
      days: {
        every: "nth",
        nth: nth === "L" ? "last" : (Number(nth) as 1),
        weekday: Number(weekday) as Weekday,
      },
      ...at,
    };
  if (date === undefined) return null;
  const [inMonth = 0, onDay = 0] = date.split(".").map(Number);
  const isDate = inMonth >= 1 && inMonth <= 12 && onDay >= 1 && onDay <= 31;
  return isDate ? { days: { every: "year", month: inMonth, day: onDay }, ...at } : null;
}

export const WEEK: readonly Weekday[] = [1, 2, 3, 4, 5, 6, 7];

/** The days that are named in "135". */
export function weekdaysIn(digits: string): Weekday[] {
  return WEEK.filter((day) => digits.includes(String(day)));
}
