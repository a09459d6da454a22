import { nextRunWithin } from "../schedule/runs.ts";
import { DomainError } from "../errors.ts";
import type { Campaign } from "./campaign.ts";

/** Two years: nothing is scheduled further ahead. */
const MOST_AHEAD_MS = 731 * 86_400_000;

/** A time that passed while it was being confirmed is still meant. */
const JUST_NOW_MS = 60_000;

/** Why nothing can be scheduled for an instant; null when it can. */
export function timeFault(startsAt: Date, now: Date): "past" | "too-far" | null {
  const ahead = startsAt.getTime() - now.getTime();
  if (ahead < -JUST_NOW_MS) return "past";
  return ahead > MOST_AHEAD_MS ? "too-far" : null;
}

/** @throws DomainError `past`, `too-far` */
export function checkTime(startsAt: Date, now: Date): void {
  const fault = timeFault(startsAt, now);
  if (fault) throw new DomainError(fault);
}

/**
 * When a draft would start if it were confirmed now; null means at once. A new repeat whose time has passed starts with
 * its next run; of a run that exists, that time may belong to the run after it.
 */
export function startOf(
  { startsAt, recurrence, window, changes }: Pick<Campaign, "startsAt" | "recurrence" | "window" | "changes">,
  now: Date,
): Date | null {
  if (!startsAt || !recurrence || startsAt > now || changes !== null) return startsAt;
  return nextRunWithin(recurrence, window, now, 0) ?? startsAt;
}
