import { cronWalls, isHourly } from "./cron.ts";
import {
  asUtc,
  daysInMonth,
  daysLater,
  instantAt,
  instantsAt,
  type Wall,
  type Weekday,
  wallIn,
  wallOf,
  weekdayOf,
} from "./wall.ts";
import { offsetAt } from "./zone-data.ts";

/** When a repeating campaign goes out, by the clocks of a zone. */
export interface Recurrence {
  /** In the time zone database: `isZone`. */
  zone: string;
  rule: Rule;
  /**
   * The day of its first run, "2026-11-23" in its zone, from which a `step` is counted; `anchored` sets it. Nothing changes
   * it but another rule, so that a run that is moved or missed moves none of those that follow.
   */
  since?: string;
  /** Nothing after this instant (ISO 8601, UTC); a run at this very instant is made. */
  until?: string;
  /** So many runs in all. */
  runs?: number;
}

/** `step` is 2 for every other day, week or month; absent for every one. */
export type TimedRule =
  | { every: "day"; step?: number; hour: number; minute: number }
  /** 1 Monday … 7 Sunday; sorted, at least one. Weeks begin on Monday. */
  | { every: "week"; step?: number; days: Weekday[]; hour: number; minute: number }
  /** 1 to 31; in a shorter month its last day. */
  | { every: "month"; step?: number; day: number; hour: number; minute: number };

/** An expression has five fields, in which `cronFault` finds no fault. */
export type Rule = TimedRule | { every: "cron"; expression: string };

const MOST_COUNTED = 1000;
const MINUTE = 60_000;
const DAY = 86_400_000;
/** No clock in use leaves out or repeats more when it changes: most an hour, Troll Station in Antarctica two. */
const LONGEST_CHANGE = 180 * MINUTE;

/**
 * The first run after `after`; null when the series has ended. `made` counts the runs so far, for `runs`.
 * A time of day that clocks leave out in spring comes as much later as they go forward (02:30 becomes 03:30); one that
 * they show twice in autumn comes once, at the first.
 */
export function nextRun(recurrence: Recurrence, after: Date, made: number): Date | null {
  const { runs } = recurrence;
  return runs !== undefined && made >= runs ? null : nextUntil(recurrence, after);
}

/**
 * How many runs lie after `from` and at or before `to`, by the rule and `until`; `runs` counts runs made, and these
 * were not. Stops counting at 1000. For "3 runs were missed".
 */
export function runsBetween(recurrence: Recurrence, from: Date, to: Date): number {
  let count = 0;
  let last = nextUntil(recurrence, from);
  while (last && last <= to && count < MOST_COUNTED) {
    count++;
    last = nextUntil(recurrence, last);
  }
  return count;
}

function nextUntil(recurrence: Recurrence, after: Date): Date | null {
  const { until } = recurrence;
  const next = nextByRule(recurrence, after);
  return next && until !== undefined && next.getTime() > Date.parse(until) ? null : next;
}

/** The recurrence, its steps counted from the day of this first run. One without steps stays as it is. */
export function anchored(recurrence: Recurrence, first: Date): Recurrence {
  const { since: _, ...rest } = recurrence;
  const isStepped = rest.rule.every !== "cron" && (rest.rule.step ?? 1) > 1;
  return isStepped ? { ...rest, since: dateOf(wallOf(first, rest.zone)) } : rest;
}

function nextByRule(recurrence: Recurrence, after: Date): Date | null {
  const { rule, zone } = recurrence;
  const slack = isChanging(after, zone) ? LONGEST_CHANGE : 0;
  const start = wallIn(new Date(asUtc(wallOf(after, zone)).getTime() - slack));
  const isEveryHour = rule.every === "cron" && isHourly(rule.expression);
  let next: Date | null = null;
  for (const wall of wallsOf(recurrence, start)) {
    for (const run of isEveryHour ? instantsAt(wall, zone) : [instantAt(wall, zone)])
      if (run > after && (!next || run < next)) next = run;
    // About a change of clocks, a time that they show later may come before one that they show earlier: on Lord Howe half
    // an hour is left out, and 02:35 comes before 02:10, which is at 02:40.
    if (next && asUtc(wall).getTime() >= asUtc(wallOf(next, zone)).getTime() + slack) return next;
  }
  return next;
}

/** Whether clocks change soon after an instant, or have just changed. */
function isChanging(at: Date, zone: string): boolean {
  const [before, after] = [at.getTime() - LONGEST_CHANGE, at.getTime() + LONGEST_CHANGE];
  return offsetAt(before, zone) !== offsetAt(after, zone);
}

/** What clocks show at each run, in order, from `start` on or a little before. */
function wallsOf({ rule, since }: Recurrence, start: Wall): Generator<Wall> {
  if (rule.every === "cron") return cronWalls(rule.expression, start);
  const first = { ...start, hour: rule.hour, minute: rule.minute };
  const isCounted = countedFrom(since, rule);
  switch (rule.every) {
    case "day":
      return daily(first, isCounted);
    case "week":
      return daily(first, (wall) => rule.days.includes(weekdayOf(wall)) && isCounted(wall));
    case "month":
      return monthly(first, rule.day, isCounted);
  }
}

/** Whether a day is in a day, week or month that counts. Before there is a first run, each of them does. */
function countedFrom(since: string | undefined, { every, step = 1 }: TimedRule): (wall: Wall) => boolean {
  if (since === undefined || step === 1) return () => true;
  const number = { day: dayNumber, week: weekNumber, month: monthNumber }[every];
  const [year = 0, month = 1, day = 1] = since.split("-").map(Number);
  const anchor = number({ year, month, day, hour: 0, minute: 0 });
  return (wall) => number(wall) >= anchor && (number(wall) - anchor) % step === 0;
}

function dayNumber(wall: Wall): number {
  return Math.floor(asUtc(wall).getTime() / DAY);
}

/** 1 January 1970 was a Thursday. */
function weekNumber(wall: Wall): number {
  return Math.floor((dayNumber(wall) + 3) / 7);
}

function monthNumber({ year, month }: Wall): number {
  return year * 12 + month - 1;
}

function* daily(first: Wall, fits: (wall: Wall) => boolean): Generator<Wall> {
  for (let wall = first; ; wall = daysLater(wall, 1)) if (fits(wall)) yield wall;
}

function* monthly(first: Wall, day: number, fits: (wall: Wall) => boolean): Generator<Wall> {
  for (let months = monthNumber(first); ; months++) {
    const [year, month] = [Math.floor(months / 12), (months % 12) + 1];
    const wall = { ...first, year, month, day: Math.min(day, daysInMonth(year, month)) };
    if (fits(wall)) yield wall;
  }
}

function dateOf(wall: Wall): string {
  return asUtc(wall).toISOString().slice(0, 10);
}
