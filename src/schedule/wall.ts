import { Temporal } from "temporal-polyfill";

/** What a clock on the wall shows, without saying where. */
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

/** Whether it is the name of a time zone, such as Europe/Berlin, in the time zone database. */
export function isZone(name: string): boolean {
  try {
    return Boolean(new Intl.DateTimeFormat("en", { timeZone: name }));
  } catch {
    return false;
  }
}

/** What the clocks of a zone show at an instant. */
export function wallOf(instant: Date, zone: string): Wall & { weekday: Weekday } {
  const { year, month, day, hour, minute, dayOfWeek } = zoned(instant, zone);
  return { year, month, day, hour, minute, weekday: dayOfWeek as Weekday };
}

/**
 * The instants at which the clocks of a zone show `wall`: one as a rule, the earlier first of two in the hour that is
 * repeated when clocks go back, none in the hour that is left out when they go forward.
 */
export function instantsAt(wall: Wall, zone: string): Date[] {
  const { plain, earlier, later } = around(wall, zone);
  if (!earlier.toPlainDateTime().equals(plain)) return [];
  const [first, second] = [dateOf(earlier), dateOf(later)];
  return first.getTime() === second.getTime() ? [first] : [first, second];
}

/**
 * The instant at which a clock that follows the changes reaches `wall`: the earlier of two; where the hour is left
 * out, as long after the change as `wall` lies after the hour's begin (02:30 becomes 03:30).
 */
export function instantAt(wall: Wall, zone: string): Date {
  const [first] = instantsAt(wall, zone);
  return first ?? dateOf(around(wall, zone).later);
}

/** `wall`, so many days later by the calendar. */
export function daysLater(wall: Wall, days: number): Wall {
  const { year, month, day } = new Temporal.PlainDate(wall.year, wall.month, wall.day).add({ days });
  return { year, month, day, hour: wall.hour, minute: wall.minute };
}

/** Days that a month has. */
export function daysInMonth(year: number, month: number): number {
  return new Temporal.PlainYearMonth(year, month).daysInMonth;
}

export function weekdayOf({ year, month, day }: Wall): Weekday {
  return new Temporal.PlainDate(year, month, day).dayOfWeek as Weekday;
}

function around({ year, month, day, hour, minute }: Wall, zone: string) {
  const plain = new Temporal.PlainDateTime(year, month, day, hour, minute);
  return {
    plain,
    earlier: plain.toZonedDateTime(zone, { disambiguation: "earlier" }),
    later: plain.toZonedDateTime(zone, { disambiguation: "later" }),
  };
}

function zoned(instant: Date, zone: string): Temporal.ZonedDateTime {
  return Temporal.Instant.fromEpochMilliseconds(instant.getTime()).toZonedDateTimeISO(zone);
}

function dateOf(moment: Temporal.ZonedDateTime): Date {
  return new Date(moment.epochMilliseconds);
}
