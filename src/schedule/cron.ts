import { createLRU } from "lru.min";
import { Cron } from "croner";
import { type Wall, type Weekday, asUtc, daysInMonth, wallIn, weekdayOf } from "./wall.ts";

/*
 * Cron expressions. croner reads the calendar only, in UTC, where no hour is left out or repeated; recurrence.ts finds the
 * instants, by zone data of Herald's own. Measured with croner 11 in a zone: at the change to summer time `30 2 * * *`
 * runs at 03:00 and `15,45 2 * * *` not at all, at the change back `30 2,3 * * *` runs twice at 02:30 and every other list
 * or step does too.
 */

/** A broadcast that repeats faster is a mistake: people would leave. */
const LEAST_MINUTES_APART = 15;
/** Enough to see a whole day at the fastest rate allowed, and months of a slower one. */
const RUNS_LOOKED_AT = 200;
const MINUTE = 60_000;
const DAY = 86_400_000;

export type CronFault = "not-cron" | "never" | "too-often";

/** Why a cron expression cannot be used; null when it has five fields, is understood, and keeps 15 minutes between two runs. */
export function cronFault(expression: string, now: Date): CronFault | null {
  // croner also takes nicknames (@daily) and dates: these are not fields, and cannot be shown as such.
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

/** What clocks show at each run, in order, from `start` on; nothing for what `cronFault` would not have let in. */
export function* cronWalls(expression: string, start: Wall): Generator<Wall> {
  const calendar = parse(expression);
  const before = new Date(asUtc(start).getTime() - MINUTE);
  for (let at = calendar?.nextRun(before); at; at = calendar?.nextRun(at)) yield wallIn(at);
}

/** With `*` for its hours it names minutes of any hour that passes, and a repeated hour passes twice. */
export function isHourly(expression: string): boolean {
  return fieldsOf(expression)[1] === "*";
}

export function fieldsOf(expression: string): string[] {
  return expression.trim().split(/\s+/);
}

function parse(expression: string): Cron | null {
  try {
    // Not `timezone: "UTC"`: that goes through Intl and takes five times as long.
    return new Cron(expression, { mode: "5-part", utcOffset: 0 });
  } catch {
    // croner throws TypeErrors whose words are for programmers; which field is wrong the admin sees in their own text.
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
  /** Days of the month, sorted; a month that lacks one is left out. */
  | { type: "month-days"; days: number[] }
  | { type: "last-day" }
  | { type: "nth-weekday"; nth: number | "last"; weekday: Weekday }
  | { type: "date"; month: number; day: number };

/** The times of such a day, in minutes since midnight. */
export type CronTimes =
  | { type: "list"; times: number[] }
  | { type: "steps"; minutes: number; from: number; to: number };

export interface CronMeaning {
  days: CronDays;
  times: CronTimes;
}

/** More times are not read one by one. */
const MOST_LISTED = 5;
const MOST_MONTH_DAYS = 5;

/** In 28 years every date has fallen on each weekday, and so many run days are a year of the busiest expression. */
const LOOKED_AT = { from: Date.UTC(2027, 0), to: Date.UTC(2055, 0), days: 400 };

/** Drawing a card again costs nothing; 500 expressions are some 100 kB. */
const MEANINGS = createLRU<string, CronMeaning | null>({ max: 500 });

/**
 * What an expression means, if it can be said simply; null for all others, and for what is not an expression. It is read
 * off the runs, not off the fields, so that it holds for whatever croner takes: `0 9 * * *,1` runs every day, and the days
 * of `0 9 1,15 * 1-5` have no simple name. Never throws.
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

/** The days with runs, as instants of their midnights in UTC. */
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

/** The times are the same on each of its days: the fields for hours and minutes know nothing of the others. */
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

/** The simple set of days that these are: the first that has all of them, and in the years looked at no other. */
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

/** Whether a day is one of those. */
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
