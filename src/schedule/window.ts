import { daysLater, instantAt, type Wall, type Weekday, wallOf, weekdayOf } from "./wall.ts";

/** Hours in which a campaign may be sent, by the clocks of a zone. */
export interface Window {
  /** In the time zone database: `isZone`. */
  zone: string;
  /** Minutes since midnight, 0..1439. `to` before `from` means over midnight, and 24:00 is 0. Never equal. */
  from: number;
  to: number;
  /** On which weekdays it opens; an opening on Friday 22:00 over midnight belongs to Friday. Sorted, at least one. */
  days: Weekday[];
}

/** The hours of the day that are offered at a tap; by whose clocks, whoever taps says. */
export const DAYTIME: Omit<Window, "zone"> = { from: 9 * 60, to: 21 * 60, days: [1, 2, 3, 4, 5, 6, 7] };

/** One stretch of open hours, as instants; `closes` is the first that is shut. */
interface Opening {
  opens: Date;
  closes: Date;
}

const DAY_MINUTES = 24 * 60;
/** Days looked ahead: a window of one weekday may be left out wholly by a change of clocks, and opens a week later. */
const DAYS_AHEAD = 15;
/** How many openings `endsAt` walks one by one before it takes weeks at once. */
const MOST_WALKED = 30;

/** Whether it is open at an instant; open includes `from`, excludes `to`. */
export function isOpen(window: Window, at: Date): boolean {
  return closesAt(window, at) !== null;
}

/** The next instant at which it is open: `at` itself while it is. A RangeError for a window without days. */
export function opensAt(window: Window, at: Date): Date {
  return openingFrom(window, at).opens;
}

/** The next opening for whoever comes while it is closed; null while it is open, and without any hours. */
export function waitsUntil(window: Window | null, from: Date): Date | null {
  return window && !isOpen(window, from) ? opensAt(window, from) : null;
}

/** While open: when it closes; if another opening begins at that instant or before, it is open on. While closed: null. */
export function closesAt(window: Window, at: Date): Date | null {
  for (const { opens, closes } of openingsAround(window, at)) {
    if (opens > at) return null;
    if (closes > at) return closes;
  }
  return null;
}

/**
 * The instant at which `seconds` of sending that begin at `start` are done, when nothing leaves outside the window;
 * without a window, simply later. Exact over 30 openings; past these, whole weeks are taken at once by what their
 * hours come to, so a change of clocks within the hours may shift the answer by what it takes or gives.
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

/** The opening that `at` lies in, from `at` on, or else the next one. */
function openingFrom(window: Window, at: Date): Opening {
  for (const { opens, closes } of openingsAround(window, at)) {
    if (closes > at) return { opens: opens > at ? opens : at, closes };
  }
  throw new RangeError("A sending window without days never opens.");
}

/** The openings of the days about an instant, in order, beginning before any that it may lie in. */
function* openingsAround({ zone, from, to, days }: Window, at: Date): Generator<Opening> {
  const today = wallOf(at, zone);
  for (let offset = -1; offset <= DAYS_AHEAD; offset++) {
    const day = daysLater(today, offset);
    if (!days.includes(weekdayOf(day))) continue;
    const opens = instantAt(timeOf(day, from), zone);
    const closes = instantAt(timeOf(to < from ? daysLater(day, 1) : day, to), zone);
    // From 02:30 to 03:15, on the day when 02:00 to 03:00 is left out, it would open at 03:30: not that day.
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
