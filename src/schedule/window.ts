import { daysLater, instantAt, type Wall, type Weekday, wallOf, weekdayOf } from "./wall.ts";

/** Hours in which a campaign may be sent, by the clocks of a zone. */
export interface Window {
  /** A zone of the time zone database: `isZone`. */
  zone: string;
  /** Minutes since midnight, 0..1439. If `to` is before `from`, the window spans midnight; 24:00 is 0. Never equal. */
  from: number;
  to: number;
  /**
   * The weekdays on which it opens; an opening from Friday 22:00 past midnight belongs to Friday. Sorted, at least one.
   */
  days: Weekday[];
}

/** The default hours that are offered at a tap, in the zone of the person who taps. */
export const DAYTIME: Omit<Window, "zone"> = { from: 9 * 60, to: 21 * 60, days: [1, 2, 3, 4, 5, 6, 7] };

/** An open interval, as instants; `closes` is exclusive. */
interface Opening {
  opens: Date;
  closes: Date;
}

const DAY_MINUTES = 24 * 60;
/** Days to look ahead: a clock change may skip a weekly window entirely, so that it opens a week later. */
const DAYS_AHEAD = 15;
/** How many openings `endsAt` steps through before it skips whole weeks. */
const MOST_WALKED = 30;

/** True if it is open at an instant; `from` is inclusive, `to` exclusive. */
export function isOpen(window: Window, at: Date): boolean {
  return closesAt(window, at) !== null;
}

/** The next instant at which it is open, which may be `at`. @throws RangeError for a window without days. */
export function opensAt(window: Window, at: Date): Date {
  return openingFrom(window, at).opens;
}

/** The next opening while it is closed; null while it is open, and without a window. */
export function waitsUntil(window: Window | null, from: Date): Date | null {
  return window && !isOpen(window, from) ? opensAt(window, from) : null;
}

/** When it closes, not counting openings that another one continues; null while it is closed. */
export function closesAt(window: Window, at: Date): Date | null {
  for (const { opens, closes } of openingsAround(window, at)) {
    if (opens > at) return null;
    if (closes > at) return closes;
  }
  return null;
}

/**
 * The end of `seconds` of sending from `start` on, if nothing leaves outside the window. Without a window, simply
 * later. Exact for 30 openings; beyond those, whole weeks are skipped by their usual hours, so a clock change within
 * the hours may shift the result by its length.
 */
export function endsAt(window: Window | null, start: Date, seconds: number): Date {
  if (!window || seconds <= 0) return secondsLater(start, Math.max(seconds, 0));
  let left = seconds;
  let at = start;
  for (let walked = 0; ; walked++) {
    if (walked === MOST_WALKED) {
      const weeks = Math.max(Math.floor(left / openSecondsAWeek(window)) - 1, 0);
      left -= weeks * openSecondsAWeek(window);
      at = instantAt(daysLater(wallOf(at, window.zone), weeks * 7), window.zone);
    }
    const { opens, closes } = openingFrom(window, at);
    const open = (closes.getTime() - opens.getTime()) / 1000;
    if (left <= open) return secondsLater(opens, left);
    left -= open;
    at = closes;
  }
}

/** The rest of the opening that contains `at`, or else the next one. */
function openingFrom(window: Window, at: Date): Opening {
  for (const { opens, closes } of openingsAround(window, at)) {
    if (closes > at) return { opens: opens > at ? opens : at, closes };
  }
  throw new RangeError("A sending window without days never opens.");
}

/** The openings of the days around an instant, in order, starting before any that could contain it. */
function* openingsAround({ zone, from, to, days }: Window, at: Date): Generator<Opening> {
  const today = wallOf(at, zone);
  for (let offset = -1; offset <= DAYS_AHEAD; offset++) {
    const day = daysLater(today, offset);
    if (!days.includes(weekdayOf(day))) continue;
    const opens = instantAt(timeOf(day, from), zone);
    const closes = instantAt(timeOf(to < from ? daysLater(day, 1) : day, to), zone);
    // 02:30 to 03:15, on the day when 02:00 to 03:00 is skipped, would open at 03:30, after its end: not that day.
    if (opens < closes) yield { opens, closes };
  }
}

function openSecondsAWeek({ from, to, days }: Window): number {
  return ((to - from + DAY_MINUTES) % DAY_MINUTES) * 60 * days.length;
}

function timeOf(day: Wall, minutes: number): Wall {
  return { ...day, hour: Math.floor(minutes / 60), minute: minutes % 60 };
}

function secondsLater(at: Date, seconds: number): Date {
  return new Date(at.getTime() + seconds * 1000);
}
