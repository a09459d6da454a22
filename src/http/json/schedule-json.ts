import type { z } from "@hono/zod-openapi";
import { cronFault } from "../../schedule/cron.ts";
import type { Recurrence, Rule } from "../../schedule/recurrence.ts";
import type { Weekday } from "../../schedule/wall.ts";
import type { Window } from "../../schedule/window.ts";
import { isZone } from "../../schedule/zone-data.ts";
import { invalidRequest } from "../core/problem.ts";
import type { RepeatShape, WindowShape } from "../shapes/campaign-shapes.ts";

/* Hours and repeats as JSON, both ways. */

type WindowJson = z.infer<typeof WindowShape>;
type RepeatJson = z.infer<typeof RepeatShape>;

export function windowFromJson(json: WindowJson, pointer: string): Window {
  const { zone, from, to, days } = json;
  requireZone(zone, `${pointer}/zone`);
  if (from === to)
    throw invalidRequest([{ pointer: `${pointer}/to`, detail: "The hours begin and end at the same time." }]);
  return { zone, from: minutesOf(from), to: minutesOf(to), days: weekdays(days) };
}

export function windowToJson({ zone, from, to, days }: Window): WindowJson {
  return { zone, from: clockOf(from), to: clockOf(to), days };
}

export function repeatFromJson(json: RepeatJson, pointer: string, now: Date): Recurrence {
  const { zone, until, runs } = json;
  requireZone(zone, `${pointer}/zone`);
  if (json.every === "cron") {
    const fault = cronFault(json.expression, now);
    if (fault) throw invalidRequest([{ pointer: `${pointer}/expression`, detail: CRON_FAULTS[fault] }]);
  }
  return {
    zone,
    rule: ruleFrom(json),
    ...(until !== undefined && { until: new Date(until).toISOString() }),
    ...(runs !== undefined && { runs }),
  };
}

const CRON_FAULTS = {
  "not-cron": "This is not a cron expression of five fields.",
  never: "It never runs.",
  "too-often": "It runs more often than every 15 minutes.",
};

export function repeatToJson({ zone, rule, until, runs }: Recurrence): RepeatJson {
  const bounds = { zone, ...(until !== undefined && { until }), ...(runs !== undefined && { runs }) };
  if (rule.every === "cron") return { every: "cron", expression: rule.expression, ...bounds };
  const { hour, minute, step, ...rest } = rule;
  return { ...rest, at: clockOf(hour * 60 + minute), ...(step !== undefined && { step }), ...bounds };
}

function ruleFrom(json: RepeatJson): Rule {
  if (json.every === "cron") return { every: "cron", expression: json.expression.trim() };
  const minutes = minutesOf(json.at);
  const time = {
    hour: Math.floor(minutes / 60),
    minute: minutes % 60,
    ...((json.step ?? 1) > 1 && { step: json.step ?? 1 }),
  };
  switch (json.every) {
    case "day":
      return { every: "day", ...time };
    case "week":
      return { every: "week", days: weekdays(json.days), ...time };
    case "month":
      return { every: "month", day: json.day, ...time };
  }
}

/** Sorted, each once. */
function weekdays(days: readonly number[]): Weekday[] {
  return [...new Set(days)].toSorted((a, b) => a - b) as Weekday[];
}

export function minutesOf(clock: string): number {
  const [hour = 0, minute = 0] = clock.split(":").map(Number);
  return hour * 60 + minute;
}

export function clockOf(minutes: number): string {
  return `${twoDigits(Math.floor(minutes / 60))}:${twoDigits(minutes % 60)}`;
}

function twoDigits(number: number): string {
  return String(number).padStart(2, "0");
}

/** @throws Problem 422 for a zone that there is not */
export function requireZone(zone: string, pointer: string): void {
  if (isZone(zone)) return;
  const detail = `There is no time zone "${zone}". Use an IANA name such as Europe/Berlin.`;
  throw invalidRequest([{ pointer, detail }]);
}
