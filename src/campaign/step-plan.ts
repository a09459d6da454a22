import { daysLater, instantAt, wallOf } from "../schedule/wall.ts";
import { byTag, format, integer, object, optional, text } from "../stored-json.ts";

/* A step of the series for newcomers: a campaign that people become due for, each at a time of their own. */

/** How long after somebody joined a step is due: exactly so many hours, or so many days later at an hour of a zone. */
export type After =
  | { in: "hours"; count: number }
  /** `at` is in minutes after midnight. */
  | { in: "days"; count: number; at: number; zone: string };

export interface Step {
  after: After;
  /** Only people from this source, or with this tag. */
  source?: string;
  tag?: string;
  /** Who joined before this instant gets nothing of the series; ISO 8601. */
  since: string;
  /** Since when people wait for codes, which had run out; ISO 8601. Whoever was not too late for it then is not later either. */
  lacksCodesSince?: string;
  /** For a draft: the step whose post it is to replace. */
  replaces?: number;
}

/** The column `step` of campaigns. */
export const storedStep = format<Step, "step">(
  "step",
  object<Step>({
    after: byTag<After, "in">("in", {
      hours: { count: integer },
      days: { count: integer, at: integer, zone: text },
    }),
    source: optional(text),
    tag: optional(text),
    since: text,
    lacksCodesSince: optional(text),
    replaces: optional(integer),
  }),
);

/** Steps of a year later are somebody's mistake. */
export const MOST_DAYS = 365;
const HOUR_MS = 3_600_000;
const DAY_HOURS = 24;

/**
 * People who are later for a step than this no longer get it, so that nobody gets several steps at once after an outage or a
 * pause.
 */
export const LATEST_MS = DAY_HOURS * HOUR_MS;

/**
 * People who were due for a step before this instant no longer get it. Time does not count against those who wait for codes.
 */
export function latestFor({ lacksCodesSince }: Step, now: Date): Date {
  const since = lacksCodesSince === undefined ? now.getTime() : Date.parse(lacksCodesSince);
  return new Date(Math.min(since, now.getTime()) - LATEST_MS);
}

/** The order of steps: by how long after joining they come. */
export function inOrder<S extends { id: number; step: Step }>(steps: readonly S[]): S[] {
  return steps.toSorted((one, other) => minutesOf(one.step) - minutesOf(other.step) || one.id - other.id);
}

function minutesOf({ after }: Step): number {
  return after.in === "hours" ? after.count * 60 : after.count * DAY_HOURS * 60 + after.at;
}

/** When somebody who joined at that instant is due. */
export function dueAt(after: After, joined: Date): Date {
  if (after.in === "hours") return new Date(joined.getTime() + after.count * HOUR_MS);
  return instantAt(daysLater(atTime(wallOf(joined, after.zone), after.at), after.count), after.zone);
}

/** People who joined before this instant are due by `now`; others are not. */
export function dueUpTo(after: After, now: Date): Date {
  if (after.in === "hours") return new Date(now.getTime() - after.count * HOUR_MS + 1);
  const today = wallOf(now, after.zone);
  const hasCome = instantAt(atTime(today, after.at), after.zone) <= now;
  return instantAt(daysLater(atTime(today, 0), (hasCome ? 1 : 0) - after.count), after.zone);
}

function atTime<W extends { hour: number; minute: number }>(wall: W, minutes: number): W {
  return { ...wall, hour: Math.floor(minutes / 60), minute: minutes % 60 };
}
