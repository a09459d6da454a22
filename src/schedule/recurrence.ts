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

/** When a repeating campaign is sent, by the clocks of a zone. */
export interface Recurrence {
  /** A zone of the time zone database: `isZone`. */
  zone: string;
  rule: Rule;
  /**
   * The day of its first run, "2026-11-23" in its zone, from which `step` counts; `anchored` sets it. Only a new rule
   * changes it, so that a moved or missed run does not move later ones.
   */
  since?: string;
  /** The last instant at which a run is allowed (ISO 8601, UTC). */
  until?: string;
  /** The total number of runs. */
  runs?: number;
}

/** `step` is 2 for every other day, week or month; absent for every one. */
export type TimedRule =
  | { every: "day"; step?: number; hour: number; minute: number }
  /** 1 Monday … 7 Sunday; sorted, at least one. Weeks begin on Monday. */
  | { every: "week"; step?: number; days: Weekday[]; hour: number; minute: number }
  /** 1 to 31; in shorter months, the last day. */
  | { every: "month"; step?: number; day: number; hour: number; minute: number };

/** A cron expression has five fields, and passes `cronFault`. */
export type Rule = TimedRule | { every: "cron"; expression: string };

const MOST_COUNTED = 1000;
const MINUTE = 60_000;
const DAY = 86_400_000;
/** More than any clock in use skips or repeats: most change by an hour, Troll Station in Antarctica by two. */
const LONGEST_CHANGE = 180 * MINUTE;

/**
 * The first run after `after`; null if the series has ended. `made` is the number of runs so far, for `runs`. A time of
 * day that is skipped in spring moves by as much as the clocks do (02:30 becomes 03:30); one that is repeated in autumn
 * is used once, at its first occurrence.
 */
export function nextRun(recurrence: Recurrence, after: Date, made: number): Date | null {
  const { runs } = recurrence;
  return runs !== undefined && made >= runs ? null : nextUntil(recurrence, after);
}

/**
 * The number of runs after `from` up to and including `to`, by the rule and `until`, at most 1000; for "3 runs were
 * missed". It ignores `runs`, which counts only runs that were made.
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

/** Makes steps count from the day of this first run. A recurrence without steps stays unchanged. */
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
    // Around a clock change, a later wall-clock time may come before an earlier one: Lord Howe skips half an hour, so
    // that 02:35 comes before 02:10, which is moved to 02:40.
    if (next && asUtc(wall).getTime() >= asUtc(wallOf(next, zone)).getTime() + slack) return next;
  }
  return next;
}

/** True if clocks change soon after an instant, or have just changed. */
function isChanging(at: Date, zone: string): boolean {
  const [before, after] = [at.getTime() - LONGEST_CHANGE, at.getTime() + LONGEST_CHANGE];
  return offsetAt(before, zone) !== offsetAt(after, zone);
}

/** The wall-clock times of the runs, in order, from `start` on or a little before. */
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

/** Tells whether a day is in a day, week or month that counts. Without a first run, all of them count. */
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
