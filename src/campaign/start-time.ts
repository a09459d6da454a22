import { nextRunWithin } from "../schedule/runs.ts";
import { DomainError } from "../errors.ts";
import type { Campaign } from "./campaign.ts";

/** Campaigns can be scheduled at most two years ahead. */
const MOST_AHEAD_MS = 731 * 86_400_000;

/** A time that passed during the confirmation is still accepted. */
const JUST_NOW_MS = 60_000;

/** Why an instant cannot be scheduled for; null if it can. */
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
 * When a draft would start if it were confirmed now; null means at once. A new series whose time has passed starts with
 * its next run; for an existing run that time may belong to the run after it.
 */
export function startOf(
  { startsAt, recurrence, window, changes }: Pick<Campaign, "startsAt" | "recurrence" | "window" | "changes">,
  now: Date,
): Date | null {
  if (!startsAt || !recurrence || startsAt > now || changes !== null) return startsAt;
  return nextRunWithin(recurrence, window, now, 0) ?? startsAt;
}
