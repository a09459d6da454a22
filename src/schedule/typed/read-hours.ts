import type { Weekday } from "../wall.ts";
import type { Window } from "../window.ts";
import { cycle } from "./cycles.ts";
import { type Parser, either, maybe, optional, rule, word, wholesOf } from "./parser.ts";
import { type Clock, halvesOf, isOpen, timeInRange } from "./time-of-day.ts";
import { weekdays } from "./weekdays.ts";

export type HoursReading =
  | { type: "hours"; window: Window }
  /** "9-5" may end in the afternoon or at night: 2 to 4 windows, earliest first. */
  | { type: "ambiguous"; windows: Window[] }
  /** Fully understood, but there is no such time. */
  | { type: "no-such-time" }
  | { type: "unknown" };

interface Phrase {
  hours: { from: Clock; to: Clock };
  days: Weekday[];
}

const range = either(
  rule([word("between"), timeInRange, word("and"), timeInRange], ([, from, , to]) => ({ from, to })),
  rule(
    [optional(word("from с со от")), timeInRange, word("- to till until до по"), timeInRange],
    ([, from, , to]) => ({ from, to }),
  ),
);

const EVERY_DAY: readonly Weekday[] = [1, 2, 3, 4, 5, 6, 7];

const daily: Parser<Weekday[]> = rule([cycle], ([{ unit, step }]) =>
  unit === "day" && step === 1 ? [...EVERY_DAY] : null,
);

const piece = either<Partial<Phrase>>(
  rule([range], ([hours]) => ({ hours })),
  rule([either(weekdays, daily), maybe(word(":"))], ([days]) => ({ days })),
);

const DAY = 24 * 60;
const MOST_OFFERED = 4;

/**
 * Reads hours as an admin types them, in English or Russian: `09:00-21:00`, `с 9 до 18 по будням`, `9am-9pm Mon-Fri`,
 * `from half past nine to six in the evening`. Without days it means every day. The end may be 24:00, which is stored
 * as 0.
 */
export function readHours(text: string, zone: string): HoursReading {
  const phrases = wholesOf(text, piece, word(",")).filter(({ hours }) => hours !== undefined);
  const all = phrases.flatMap(({ hours, days = EVERY_DAY }) =>
    hours ? meanings(hours.from, hours.to).map((range) => ({ zone, ...range, days: [...days] })) : [],
  );
  const windows = [...new Map(all.map((window) => [JSON.stringify(window), window])).values()];
  const [first, another] = windows;
  if (first && another) return { type: "ambiguous", windows: windows.slice(0, MOST_OFFERED) };
  if (first) return { type: "hours", window: first };
  const isNone = phrases.some(({ hours }) => hours?.from.style === "none" || hours?.to.style === "none");
  return { type: isNone ? "no-such-time" : "unknown" };
}

type Hours = Pick<Window, "from" | "to">;

/** The ranges that two times of day can mean; none if they are equal. */
function meanings(from: Clock, to: Clock): Hours[] {
  const [begins, ends] = [minutesOf(from), minutesOf(to)];
  if (begins.length === 0 || ends.length === 0) return [];
  // On a 24-hour clock, which is what most people mean.
  const literal = { from: (from.hour * 60 + from.minute) % DAY, to: (to.hour * 60 + to.minute) % DAY };
  const isEqual = literal.from === literal.to;
  if (!isEqual && isClear(from, to)) return [literal];
  const others = begins
    .flatMap((begin) => ends.map((end) => ({ from: begin % DAY, to: end % DAY })))
    .filter((hours) => hours.from !== hours.to)
    // "9-5" never means 21:00-17:00.
    .filter((hours) => isSame(hours, literal) || (hours.to - hours.from + DAY) % DAY <= DAY / 2);
  // "09:00-9am" is a slip, and does not mean until 9 pm.
  if (isEqual && others.length < 2) return [];
  return others.toSorted((one, other) => one.from - other.from || one.to - other.to);
}

function isSame(one: Hours, other: Hours): boolean {
  return one.from === other.from && one.to === other.to;
}

/** True if a range can be read on a 24-hour clock without asking. */
function isClear(from: Clock, to: Clock): boolean {
  if (isSaid(from) && isSaid(to)) return true;
  // The 9 in "9-11pm" may be morning or evening; the 21 in "9am-21" is clear.
  if (isSaid(from) !== isSaid(to)) return !isEither(from) && !isEither(to);
  if (from.style === "spoken" || to.style === "spoken") return false;
  // "3-8" is like "tomorrow at 3"; most people who type "9-5" mean 17:00, but a 24-hour clock says 05:00.
  if (isOpen(from) && to.hour > 0) return false;
  return !isEither(from) || !isEither(to) || to.hour * 60 + to.minute > from.hour * 60 + from.minute;
}

/** True if it names its half of the day. */
function isSaid({ style }: Clock): boolean {
  return style === "half" || style === "midnight";
}

/** True if it may mean a time before noon or after it. */
function isEither(clock: Clock): boolean {
  return !isSaid(clock) && clock.hour >= 1 && clock.hour <= 12;
}

/** The times that a clock can mean, in minutes since midnight, up to 24:00. */
function minutesOf(clock: Clock): number[] {
  if (clock.style === "none") return [];
  return (isEither(clock) ? halvesOf(clock.hour) : [clock.hour]).map((hour) => hour * 60 + clock.minute);
}
