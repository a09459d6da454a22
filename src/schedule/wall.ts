import { offsetAt, offsetsBetween } from "./zone-data.ts";

/** What a wall clock shows, without its zone. */
export interface Wall {
  year: number;
  /** 1 to 12. */
  month: number;
  /** 1 to 31. */
  day: number;
  /** 0 to 23. */
  hour: number;
  minute: number;
}

/** 1 is Monday, 7 is Sunday. */
export type Weekday = 1 | 2 | 3 | 4 | 5 | 6 | 7;

const DAY = 86_400_000;

/** The wall-clock time of a zone at an instant. */
export function wallOf(instant: Date, zone: string): Wall & { weekday: Weekday } {
  return wallIn(shownAt(instant, zone));
}

/**
 * An instant in a zone, as a Date whose UTC fields are the zone's wall-clock time. Format it with `timeZone: "UTC"`, so
 * that what is shown comes from the same zone data as what is sent.
 */
export function shownAt(instant: Date, zone: string): Date {
  return new Date(instant.getTime() + offsetAt(instant.getTime(), zone));
}

/** A wall-clock time as a Date whose UTC fields are those of `wall`, for calculations. */
export function asUtc({ year, month, day, hour, minute }: Wall): Date {
  return new Date(Date.UTC(year, month - 1, day, hour, minute));
}

/** The wall-clock time in a Date from asUtc() or shownAt(). */
export function wallIn(shown: Date): Wall & { weekday: Weekday } {
  return {
    year: shown.getUTCFullYear(),
    month: shown.getUTCMonth() + 1,
    day: shown.getUTCDate(),
    hour: shown.getUTCHours(),
    minute: shown.getUTCMinutes(),
    weekday: (shown.getUTCDay() || 7) as Weekday,
  };
}

/**
 * The instants at which the clocks of a zone show `wall`: usually one; two, the earlier first, in the hour that is
 * repeated when clocks go back; none in the hour that is skipped when they go forward.
 */
export function instantsAt(wall: Wall, zone: string): Date[] {
  const shown = asUtc(wall).getTime();
  const instants = offsetsAround(shown, zone)
    .map((offset) => ({ instant: shown - offset, offset }))
    .filter(({ instant, offset }) => offsetAt(instant, zone) === offset)
    .map(({ instant }) => instant);
  return [...new Set(instants)].toSorted((one, other) => one - other).map((instant) => new Date(instant));
}

/**
 * The instant at which the clocks of a zone show `wall`: the earlier of two; in a skipped hour, as long after the
 * change as `wall` is after the start of that hour (02:30 becomes 03:30).
 */
export function instantAt(wall: Wall, zone: string): Date {
  const [first] = instantsAt(wall, zone);
  if (first) return first;
  const shown = asUtc(wall).getTime();
  return new Date(shown - Math.min(...offsetsAround(shown, zone)));
}

/** No zone is a day or more away from UTC, so every instant with this wall-clock time is in between. */
function offsetsAround(shown: number, zone: string): number[] {
  return offsetsBetween(shown - DAY, shown + DAY, zone);
}

/** `wall` plus this many calendar days. */
export function daysLater(wall: Wall, days: number): Wall {
  const { year, month, day } = wallIn(new Date(asUtc(wall).getTime() + days * DAY));
  return { year, month, day, hour: wall.hour, minute: wall.minute };
}

/** The number of days in a month. */
export function daysInMonth(year: number, month: number): number {
  return new Date(Date.UTC(year, month, 0)).getUTCDate();
}

export function weekdayOf(wall: Wall): Weekday {
  return wallIn(asUtc(wall)).weekday;
}

/** The beginnings of the last `count` days in a zone; today is the last. */
export function lastDays(now: Date, zone: string, count: number): Date[] {
  const today = { ...wallOf(now, zone), hour: 0, minute: 0 };
  return Array.from({ length: count }, (_, index) => instantAt(daysLater(today, index - count + 1), zone));
}
