import { createLRU } from "lru.min";
import { Cron } from "croner";
import { type Wall, type Weekday, asUtc, daysInMonth, wallIn, weekdayOf } from "./wall.ts";

/*
 * Cron expressions. croner is used only for the calendar, in UTC, where no hour is skipped or repeated; recurrence.ts
 * finds the instants, by Herald's own zone data. Measured with croner 11 in a zone: when summer time begins,
 * `30 2 * * *` runs at 03:00 and `15,45 2 * * *` not at all; when it ends, `30 2,3 * * *` runs twice at 02:30, and so
 * does every other list or step.
 */

/** A faster broadcast is a mistake: people would leave. */
const LEAST_MINUTES_APART = 15;
/** Covers a whole day at the fastest allowed rate, and months at slower ones. */
const RUNS_LOOKED_AT = 200;
const MINUTE = 60_000;
const DAY = 86_400_000;

export type CronFault = "not-cron" | "never" | "too-often";

/** Why a cron expression cannot be used; null if it has five valid fields and at least 15 minutes between two runs. */
export function cronFault(expression: string, now: Date): CronFault | null {
  // croner also accepts nicknames (@daily) and dates, which have no fields to show.
  const calendar = fieldsOf(expression).length === 5 ? parse(expression) : null;
  if (!calendar) return "not-cron";
  let last = calendar.nextRun(now);
  if (!last) return "never";
  for (let looked = 1; last && looked < RUNS_LOOKED_AT; looked++) {
    const next = calendar.nextRun(last);
    if (next && next.getTime() - last.getTime() < LEAST_MINUTES_APART * MINUTE) return "too-often";
    last = next;
  }
  return null;
}

/** The wall-clock times of the runs, in order, from `start` on; none for expressions that `cronFault` rejects. */
export function* cronWalls(expression: string, start: Wall): Generator<Wall> {
  const calendar = parse(expression);
  const before = new Date(asUtc(start).getTime() - MINUTE);
  for (let at = calendar?.nextRun(before); at; at = calendar?.nextRun(at)) yield wallIn(at);
}

/** True if its hours are `*`: then it also runs in the repeated hour. */
export function isHourly(expression: string): boolean {
  return fieldsOf(expression)[1] === "*";
}

export function fieldsOf(expression: string): string[] {
  return expression.trim().split(/\s+/);
}

function parse(expression: string): Cron | null {
  try {
    // Not `timezone: "UTC"`, which goes through Intl and takes five times as long.
    return new Cron(expression, { mode: "5-part", utcOffset: 0 });
  } catch {
    // croner's TypeErrors are written for programmers; admins can see the wrong field in their own text.
    return null;
  }
}

// ---------------------------------------------------------------------------------------------------------------------
// What an expression says, where that can be put into words
// ---------------------------------------------------------------------------------------------------------------------

/** The days on which it runs. */
export type CronDays =
  | { type: "every-day" }
  /** Sorted. */
  | { type: "weekdays"; days: Weekday[] }
  /** Days of the month, sorted; shorter months skip those they lack. */
  | { type: "month-days"; days: number[] }
  | { type: "last-day" }
  | { type: "nth-weekday"; nth: number | "last"; weekday: Weekday }
  | { type: "date"; month: number; day: number };

/** The times of each of these days, in minutes since midnight. */
export type CronTimes =
  | { type: "list"; times: number[] }
  | { type: "steps"; minutes: number; from: number; to: number };

export interface CronMeaning {
  days: CronDays;
  times: CronTimes;
}

/** The longest list of times that people read one by one. */
const MOST_LISTED = 5;
const MOST_MONTH_DAYS = 5;

/** Within 28 years every date falls on each weekday, and 400 run days cover a year of a daily expression. */
const LOOKED_AT = { from: Date.UTC(2027, 0), to: Date.UTC(2055, 0), days: 400 };

/** Spares the search when a card is redrawn; 500 expressions take some 100 kB. */
const MEANINGS = createLRU<string, CronMeaning | null>({ max: 500 });

/**
 * What an expression means, if there are simple words for it; null for all others, and for invalid ones. It is derived
 * from the runs, not from the fields, so that it is right for everything that croner accepts: `0 9 * * *,1` runs every
 * day, and the days of `0 9 1,15 * 1-5` have no simple name. Never throws.
 */
export function cronMeaning(expression: string): CronMeaning | null {
  const known = MEANINGS.get(expression);
  if (known !== undefined) return known;
  const meaning = meaningOf(expression);
  MEANINGS.set(expression, meaning);
  return meaning;
}

function meaningOf(expression: string): CronMeaning | null {
  const calendar = parse(expression);
  const runDays = calendar ? runDaysOf(calendar) : [];
  const [first] = runDays;
  if (!calendar || first === undefined) return null;
  const times = timesOf(calendar, first);
  const days = daysOf(runDays);
  return days && times && { days, times };
}

/** The days with runs, as their midnights in UTC. */
function runDaysOf(calendar: Cron): number[] {
  const days: number[] = [];
  let from = LOOKED_AT.from;
  while (days.length < LOOKED_AT.days) {
    const run = calendar.nextRun(new Date(from - 1));
    if (!run || run.getTime() >= LOOKED_AT.to) break;
    const day = Math.floor(run.getTime() / DAY) * DAY;
    days.push(day);
    from = day + DAY;
  }
  return days;
}

/**
 * The times, which are the same on each of its days: the fields for hours and minutes are independent of the others.
 */
function timesOf(calendar: Cron, day: number): CronTimes | null {
  const times: number[] = [];
  for (
    let at = calendar.nextRun(new Date(day - 1));
    at && at.getTime() < day + DAY;
    at = calendar.nextRun(at)
  )
    times.push((at.getTime() - day) / MINUTE);
  if (times.length <= MOST_LISTED) return { type: "list", times };
  const [from = 0, second = 0] = times;
  const minutes = second - from;
  const isEven = times.every((time, index) => time === from + index * minutes);
  return isEven ? { type: "steps", minutes, from, to: times.at(-1) ?? from } : null;
}

/** The first simple set of days with exactly these days in the years looked at. */
function daysOf(runDays: readonly number[]): CronDays | null {
  const isComplete = runDays.length === LOOKED_AT.days;
  const end = isComplete ? (runDays.at(-1) ?? 0) + DAY : LOOKED_AT.to;
  const runs = new Set(runDays);
  const found = candidates(runDays.map((day) => wallIn(new Date(day)))).find((days) => {
    for (let day = LOOKED_AT.from; day < end; day += DAY)
      if (isOneOf(days, wallIn(new Date(day))) !== runs.has(day)) return false;
    return true;
  });
  return found ?? null;
}

function candidates(walls: readonly Wall[]): CronDays[] {
  const weekdays = sorted(walls.map(weekdayOf));
  const monthDays = sorted(walls.map(({ day }) => day));
  const nths = sorted(walls.map(({ day }) => Math.ceil(day / 7)));
  const [weekday = 1, secondWeekday] = weekdays;
  const [nth = 1, secondNth] = nths;
  const [date] = walls;
  const isOneWeekday = secondWeekday === undefined;
  return [
    ...(weekdays.length === 7 ? [{ type: "every-day" } as const] : []),
    { type: "weekdays", days: weekdays },
    ...(monthDays.length <= MOST_MONTH_DAYS ? [{ type: "month-days", days: monthDays } as const] : []),
    { type: "last-day" },
    ...(isOneWeekday && secondNth === undefined ? [{ type: "nth-weekday", nth, weekday } as const] : []),
    ...(isOneWeekday ? [{ type: "nth-weekday", nth: "last", weekday } as const] : []),
    ...(date ? [{ type: "date", month: date.month, day: date.day } as const] : []),
  ];
}

/** Each once. */
function sorted<T extends number>(values: T[]): T[] {
  return [...new Set(values)].toSorted((one, other) => one - other);
}

/** True if the day is one of these. */
export function isOneOf(days: CronDays, wall: Wall): boolean {
  switch (days.type) {
    case "every-day":
      return true;
    case "weekdays":
      return days.days.includes(weekdayOf(wall));
    case "month-days":
      return days.days.includes(wall.day);
    case "last-day":
      return wall.day === daysInMonth(wall.year, wall.month);
    case "nth-weekday": {
      const isNth =
        days.nth === "last"
          ? wall.day > daysInMonth(wall.year, wall.month) - 7
          : Math.ceil(wall.day / 7) === days.nth;
      return isNth && weekdayOf(wall) === days.weekday;
    }
    case "date":
      return wall.month === days.month && wall.day === days.day;
  }
}
