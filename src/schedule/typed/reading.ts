import { type Wall, instantAt, instantsAt } from "../wall.ts";
import { changesBetween } from "../zone-data.ts";
import { type Here, type Hourless, type Meaning, after, lastHour, offersOf } from "./meaning.ts";

/** The result of reading a typed time. */
export type Reading =
  | { type: "at"; instant: Date }
  /** This time occurs twice that night; the earlier one first. */
  | { type: "twice"; instants: [Date, Date] }
  /** This time is skipped that night; `next` is the first instant after the gap. */
  | { type: "gap"; wall: Wall; next: Date }
  /** If no hour was typed, `whole` says what was, and the instant is its last full hour. */
  | { type: "past"; instant: Date; whole?: "day" | "part" }
  /** More than two years ahead; without an hour, the first instant that would be offered. */
  | { type: "too-far"; instant: Date; whole?: "day" | "part" }
  /** A day, or a part of one, without an hour; at most 4 suggestions that are ahead and fit the part of the day. */
  | { type: "which-hour"; suggestions: Date[] }
  /** It can be read in more than one way: 2 to 4 instants ahead, earliest first. */
  | { type: "ambiguous"; candidates: Date[] }
  /** Fully understood, but there is no such day or time. */
  | { type: "no-date" | "no-time" }
  /** Not fully understood. */
  | { type: "unknown" };

/** How far ahead a campaign may be. */
const YEARS_AHEAD = 2;
const MOST_OFFERED = 4;
const DAY = 86_400_000;

/** Combines all meanings of a text into one reading; past and too distant ones count only if there are no others. */
export function decide(meanings: Meaning[], here: Here): Reading {
  const hourless = meanings.filter((meaning) => "lacks" in meaning);
  const timed = meanings.filter((meaning): meaning is Wall | Date => !("lacks" in meaning));
  if (hourless.length > 0) return timed.length > 0 ? { type: "unknown" } : askHour(hourless, here);

  const readings = timed.map((meaning) =>
    meaning instanceof Date ? judge(meaning, here) : place(meaning, here),
  );
  const ahead = readings.filter(({ type }) => type !== "past" && type !== "too-far");
  const candidates = distinct(ahead.flatMap(instantsOf)).slice(0, MOST_OFFERED);
  // Of several past times, the latest says most.
  const [first = readings.at(-1)] = ahead;
  if (!first) return { type: "unknown" };
  // Two ways to read it may mean the same time.
  const same = ahead.every((reading) => JSON.stringify(reading) === JSON.stringify(first));
  return same ? first : { type: "ambiguous", candidates };
}

/** Finds the instant of a wall-clock time, which may occur twice or never. */
function place(wall: Wall, here: Here): Reading {
  const { year, month, day, hour, minute } = wall;
  const [first, second] = instantsAt(wall, here.zone);
  if (!first) {
    const reading = judge(endOfGap(wall, here.zone), here);
    if (reading.type !== "at") return reading;
    return { type: "gap", wall: { year, month, day, hour, minute }, next: reading.instant };
  }
  if (!second || first < here.now) return judge(second ?? first, here);
  const reading = judge(first, here);
  return reading.type === "at" ? { type: "twice", instants: [first, second] } : reading;
}

function judge(instant: Date, here: Here): Reading {
  if (instant < here.now) return { type: "past", instant };
  return { type: instant > furthest(here) ? "too-far" : "at", instant };
}

function furthest({ today, zone }: Here): Date {
  return instantAt(after(today, { months: 12 * YEARS_AHEAD, days: 0, minutes: 1 }), zone);
}

/** The first instant after the time that the clocks leave out. */
function endOfGap(wall: Wall, zone: string): Date {
  // As long after the change as `wall` is after the start of the gap.
  const beyond = instantAt(wall, zone).getTime();
  return new Date(changesBetween(beyond - DAY, beyond, zone).at(-1) ?? beyond);
}

function instantsOf(reading: Reading): Date[] {
  switch (reading.type) {
    case "at":
      return [reading.instant];
    case "twice":
      return reading.instants;
    case "gap":
      return [reading.next];
    default:
      return [];
  }
}

function distinct(instants: Date[]): Date[] {
  return [...new Set(instants.map(Number))]
    .toSorted((one, other) => one - other)
    .map((time) => new Date(time));
}

/** Asks for the hour of one day, or of several that the text may mean. */
function askHour(days: Hourless[], here: Here): Reading {
  const share = Math.max(1, Math.floor(MOST_OFFERED / days.length));
  const offers = distinct(days.flatMap((day) => offersOf(day, here).slice(0, share)));
  const suggestions = offers.filter((instant) => instant <= furthest(here)).slice(0, MOST_OFFERED);
  const [tooFar] = offers;
  const whole = days.some(({ part }) => part) ? "part" : "day";
  if (tooFar && suggestions.length === 0) return { type: "too-far", instant: tooFar, whole };
  const ends = days.map(({ day, part }) => lastHour(day, part, here.zone));
  const over = ends.every((end) => end.getTime() + 3_600_000 <= here.now.getTime());
  const [end] = ends;
  return over && end ? { type: "past", instant: end, whole } : { type: "which-hour", suggestions };
}
