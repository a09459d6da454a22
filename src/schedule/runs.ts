import { type Recurrence, nextRun } from "./recurrence.ts";
import { type Window, closesAt, isOpen, opensAt } from "./window.ts";

/*
 * Repeats within sending hours. A run whose time is outside them waits for the next opening, and of all runs that would
 * leave in the same opening, only one is made. Otherwise an hourly series would send the whole night's runs at nine in
 * the morning.
 */

/** As nextRun(), for a series that is sent only in these hours. */
export function nextRunWithin(
  recurrence: Recurrence,
  window: Window | null,
  after: Date,
  made: number,
): Date | null {
  const run = nextRun(recurrence, after, made);
  if (!run || !window || isOpen(window, run)) return run;
  const opens = opensAt(window, run);
  const inside = nextRun(recurrence, new Date(opens.getTime() - 1), made);
  return inside && isOpen(window, inside) && inside < (closesAt(window, opens) ?? opens) ? inside : run;
}

/** When the run at `run` leaves; the next run must not come before. */
export function leavesAt(window: Window | null, run: Date): Date {
  return window ? opensAt(window, run) : run;
}

/** The next `count` runs, fewer if the series ends. */
export function nextRunsWithin(
  recurrence: Recurrence,
  window: Window | null,
  after: Date,
  made: number,
  count: number,
): Date[] {
  const runs: Date[] = [];
  let from = after;
  while (runs.length < count) {
    const run = nextRunWithin(recurrence, window, from, made + runs.length);
    if (!run) break;
    runs.push(run);
    from = leavesAt(window, run);
  }
  return runs;
}
