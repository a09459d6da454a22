import {
  type Wall,
  type Weekday,
  daysInMonth,
  daysLater,
  instantAt,
  instantsAt,
  wallOf,
  weekdayOf,
} from "../wall.ts";
import type { Day, Week } from "./dates.ts";
import type { Span } from "./spans.ts";
import { type Clock, type Part, PARTS, hoursOf } from "./time-of-day.ts";

/* What a typed moment means on the calendar of the person who typed it. */

/** Where and when a text was typed. */
export interface Here {
  now: Date;
  zone: string;
  today: Wall & { weekday: Weekday };
}

export function hereAt(now: Date, zone: string): Here {
  return { now, zone, today: wallOf(now, zone) };
}

/** A parsed text, before it is put on a calendar. */
export interface Phrase {
  day?: Day;
  weekday?: { weekday: Weekday; week: Week };
  part?: Part;
  clock?: Clock;
  span?: Span;
}

const WHOLE_DAY = { hours: range(0, 23), offered: [9, 12, 15, 19] };
const MOST_OFFERED = 4;

/** One meaning of a phrase: a wall-clock time, an instant, or a day without an hour. */
export type Meaning = Wall | Date | Hourless;
export interface Hourless {
  lacks: "hour";
  day: Wall;
  part: Part | undefined;
}

/** The meanings of a phrase; none if its parts contradict each other. */
export function meaningsOf(phrase: Phrase, here: Here): Meaning[] {
  const { clock, part, span } = phrase;
  if (span && (phrase.day || phrase.weekday)) return [];
  if (span && !(span.days || span.months)) return clock || part ? [] : [elapsed(here.now, span)];
  if (span?.minutes)
    return clock || part ? [] : [elapsed(instantAt(after(here.today, span), here.zone), span)];
  if (span && !clock && !part) return [after(here.today, span)];

  const isOfDay = phrase.day !== undefined || phrase.weekday !== undefined;
  const hours = clock && hoursOf(clock, { part, isOfDay, isLone: !isOfDay && !span });
  const days = daysOf(phrase, here);
  if (days && hours) return days.flatMap((day) => hours.map((hour) => wallAt(day, hour, clock.minute)));
  if (days) return days.map((day) => ({ lacks: "hour", day, part }));
  if (hours) return hours.map((hour) => comingHour(hour % 24, clock.minute, here));
  return part ? [comingPart(part, here)] : [];
}

/** True for a span of hours and minutes, which is the same by every clock; days and months follow the calendar. */
export function isElapsed({ span, ...rest }: Phrase): boolean {
  return span !== undefined && !span.days && !span.months && Object.keys(rest).length === 0;
}

function elapsed(from: Date, { minutes }: Span): Date {
  return new Date(from.getTime() + minutes * 60_000);
}

/** Adds a span by the calendar; a day that the month lacks becomes its last one. */
export function after(wall: Wall, { months, days }: Span): Wall {
  const count = wall.year * 12 + wall.month - 1 + months;
  const year = Math.floor(count / 12);
  const month = count - year * 12 + 1;
  return daysLater({ ...wall, year, month, day: Math.min(wall.day, daysInMonth(year, month)) }, days);
}

/** True if the day and the time exist. */
export function isPossible({ day, clock }: Phrase): boolean {
  return day?.type !== "none" && clock?.style !== "none";
}

/** The days that a phrase can mean, or null if it names none. */
function daysOf({ day, weekday, span }: Phrase, { today }: Here): Wall[] | null {
  if (span) return [after(today, span)];
  if (!day) return weekday ? weekdaysOf(weekday, today) : null;
  return datesOf(day, today).filter(
    (day) => !weekday || (weekday.week === "coming" && weekday.weekday === weekdayOf(day)),
  );
}

function weekdaysOf({ weekday, week }: { weekday: Weekday; week: Week }, today: Here["today"]): Wall[] {
  const ahead = (weekday - today.weekday + 7) % 7;
  if (week === "next") return [daysLater(today, weekday - today.weekday + 7)];
  // On a Monday, "Monday" may be today or in a week.
  return week === "coming" && ahead === 0 ? [today, daysLater(today, 7)] : [daysLater(today, ahead)];
}

function datesOf(day: Day, today: Wall): Wall[] {
  if (day.type === "none") return [];
  if (day.type === "shift") return [daysLater(today, day.days)];
  if (day.type === "date" && day.year !== undefined) return [{ ...today, ...day, year: day.year }];
  const isComing = (date: Wall) => date.day <= daysInMonth(date.year, date.month) && !isBefore(date, today);
  if (day.type === "date") {
    const years = range(today.year, today.year + 8).map((year) => ({ ...today, ...day, year }));
    return years.filter(isComing).slice(0, 1);
  }
  const months = range(0, 12).map((months) => ({
    ...after({ ...today, day: 1 }, { months, days: 0, minutes: 0 }),
    day: day.day,
  }));
  const [first, second] = months.filter(isComing);
  // On the 25th, "the 25th" may be today or in a month.
  return [first, first?.month === today.month && first.day === today.day ? second : undefined].filter(
    (date) => date !== undefined,
  );
}

function isBefore(one: Wall, other: Wall): boolean {
  return Date.UTC(one.year, one.month - 1, one.day) < Date.UTC(other.year, other.month - 1, other.day);
}

export function wallAt({ year, month, day }: Wall, hour: number, minute: number): Wall {
  return daysLater({ year, month, day, hour: hour % 24, minute }, Math.floor(hour / 24));
}

/** Its next occurrence, today or tomorrow. */
function comingHour(hour: number, minute: number, here: Here): Wall {
  const wall = wallAt(here.today, hour, minute);
  return isAhead(wall, here) ? wall : daysLater(wall, 1);
}

function comingPart(part: Part, here: Here): Hourless {
  const today: Hourless = { lacks: "hour", day: here.today, part };
  return offersOf(today, here).length > 0 ? today : { ...today, day: daysLater(here.today, 1) };
}

function isAhead(wall: Wall, { now, zone }: Here): boolean {
  return (instantsAt(wall, zone).at(-1) ?? instantAt(wall, zone)) >= now;
}

/** Usual hours that are still ahead; if there are none, the remaining full hours of the day. */
export function offersOf({ day, part }: Hourless, { now, zone }: Here): Date[] {
  const { hours, offered } = part ? PARTS[part] : WHOLE_DAY;
  const ahead = (hours: number[]) =>
    hours.map((hour) => instantAt(wallAt(day, hour, 0), zone)).filter((instant) => instant >= now);
  const usual = ahead(offered);
  return usual.length > 0 ? usual : ahead(hours).slice(0, MOST_OFFERED);
}

export function lastHour(day: Wall, part: Part | undefined, zone: string): Date {
  return instantAt(wallAt(day, (part ? PARTS[part] : WHOLE_DAY).hours.at(-1) ?? 23, 0), zone);
}

function range(first: number, last: number): number[] {
  return Array.from({ length: last - first + 1 }, (_, index) => first + index);
}
