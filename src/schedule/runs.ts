import { type Recurrence, nextRun } from "./recurrence.ts";
import { type Window, closesAt, isOpen, opensAt } from "./window.ts";

/*
 * Repeats within hours. A run whose time lies outside of them waits for the next opening; so of all that would wait for
 * the same one, or come in it anyway, only one is made. Else a series that repeats every hour would send the whole
 * night's runs at nine in the morning.
 */

/** The first run after `after`, of a series that is sent in these hours only. As nextRun() otherwise. */
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

/** From when on a run may follow the one at `run`: not before that one leaves. */
export function leavesAt(window: Window | null, run: Date): Date {
  return window ? opensAt(window, run) : run;
}

/** The next `count` runs, fewer when the series ends. */
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
