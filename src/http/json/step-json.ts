import type { z } from "@hono/zod-openapi";
import type { LiveStep } from "../../campaign/live-steps.ts";
import type { After } from "../../campaign/step-plan.ts";
import type { AfterShape, StepJson } from "../shapes/newcomer-shapes.ts";
import { countersToJson, pauseToJson } from "./campaign-json.ts";
import { contentToJson } from "./content-to-json.ts";
import { clockOf, minutesOf, requireZone } from "./schedule-json.ts";

/* Steps of the series for newcomers as JSON, both ways. */

const STATES = { finished: "waiting", running: "sending", paused: "paused" } as const;

export function stepToJson(campaign: LiveStep): StepJson {
  const { id, botId, step, state, content, createdAt } = campaign;
  return {
    number: id,
    bot: botId,
    after: afterToJson(step.after),
    source: step.source ?? null,
    tag: step.tag ?? null,
    state: STATES[state as keyof typeof STATES],
    pause: pauseToJson(campaign),
    // As in campaign-json.ts.
    content: contentToJson(content) as StepJson["content"],
    counters: countersToJson(campaign),
    created_at: createdAt.toISOString(),
  };
}

function afterToJson(after: After): StepJson["after"] {
  if (after.in === "hours") return { hours: after.count };
  return { days: after.count, at: clockOf(after.at), zone: after.zone };
}

/** `zone` is that of days without one. @throws Problem 422 for a zone that there is not */
export function afterFromJson(json: z.infer<typeof AfterShape>, zone: string): After {
  if ("hours" in json) return { in: "hours", count: json.hours };
  if (json.zone !== undefined) requireZone(json.zone, "/after/zone");
  return { in: "days", count: json.days, at: minutesOf(json.at), zone: json.zone ?? zone };
}
