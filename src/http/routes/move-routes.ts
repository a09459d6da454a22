import { createRoute, type z } from "@hono/zod-openapi";
import { cancel, cancelSeries } from "../../campaign/actions/cancel.ts";
import { launchAt } from "../../campaign/actions/launch-at.ts";
import { pause } from "../../campaign/actions/pause.ts";
import { resume } from "../../campaign/actions/resume.ts";
import { retry } from "../../campaign/actions/retry.ts";
import { sendOverdue } from "../../campaign/actions/send-overdue.ts";
import { isOverdue } from "../../campaign/campaign.ts";
import { getCampaign } from "../../campaign/queries.ts";
import { type Api, type ApiDeps, createRouter } from "../core/router.ts";
import { campaignToJson } from "../json/campaign-json.ts";
import { problems } from "../core/problem.ts";
import { createTestSend } from "../core/test-send.ts";
import { repeatFromJson } from "../json/schedule-json.ts";
import {
  Campaign,
  CancelShape,
  RetryShape,
  ScheduleShape,
  SendShape,
  TestShape,
} from "../shapes/campaign-shapes.ts";
import { NumberInPath, body, json } from "../shapes/common-shapes.ts";
import type { HomeScope } from "../../db/scope.ts";

const answers = {
  200: json(Campaign, "The campaign"),
  ...problems(401, 403, 404, 409, 410, 413, 415, 422, 429),
};

/** An operation that sets a campaign going or stops it, with a body: role `send`. */
function moveRoute<P extends string, B extends z.ZodType>(
  path: P,
  summary: string,
  description: string,
  request: B,
) {
  return createRoute({
    method: "post",
    path: `/campaigns/{number}/${path}`,
    operationId: `${path}Campaign`,
    tags: ["Campaigns"],
    summary,
    description: `Role \`send\`. ${description}`.trim(),
    request: { params: NumberInPath, ...body(request) },
    responses: answers,
  });
}

/** The same without a body. */
function bareRoute<P extends string>(path: P, summary: string, description: string) {
  return createRoute({
    method: "post",
    path: `/campaigns/{number}/${path}`,
    operationId: `${path}Campaign`,
    tags: ["Campaigns"],
    summary,
    description: `Role \`send\`. ${description}`.trim(),
    request: { params: NumberInPath },
    responses: answers,
  });
}

const send = moveRoute(
  "send",
  "Send a draft now",
  "Also a scheduled campaign whose time has passed while it was paused.",
  SendShape,
);
const schedule = moveRoute("schedule", "Schedule a draft", "Once, or as a series.", ScheduleShape);
const pausing = bareRoute("pause", "Pause", "A scheduled campaign is held until it is resumed.");
const resuming = bareRoute("resume", "Resume", "");
const cancelling = moveRoute("cancel", "Cancel", "For good; what was sent stays sent.", CancelShape);
const retrying = moveRoute("retry", "Retry", "Of a finished campaign.", RetryShape);

const test = createRoute({
  method: "post",
  path: "/campaigns/{number}/test",
  operationId: "testCampaign",
  tags: ["Campaigns"],
  summary: "Send a draft to an admin, to see it",
  description:
    "Role `write`. By the calls that the campaign would make; what Telegram refuses is kept as a fault of the draft.",
  request: { params: NumberInPath, ...body(TestShape) },
  responses: {
    200: json(Campaign, "The campaign, with the faults that Telegram found"),
    ...problems(401, 403, 404, 409, 413, 422, 429, 502),
  },
});

export function campaignMoveRoutes(deps: ApiDeps): Api {
  const { clock, events, settings } = deps;
  const tests = createTestSend(deps);
  const routes = createRouter();
  const options = () => ({
    now: clock.now(),
    typedFrom: settings.confirmTypedFrom,
    mostScheduled: settings.maxScheduled,
  });

  async function answer(scope: HomeScope, number: number) {
    events.emit("steered", { campaignId: number });
    return campaignToJson(scope, await getCampaign(scope, number), clock.now());
  }

  routes.openapi(send, async (context) => {
    const { scope, actor } = context.var;
    const { number } = context.req.valid("param");
    const { agreed_count: count, revision } = context.req.valid("json");
    const campaign = await getCampaign(scope, number);
    if (isOverdue(campaign, clock.now())) {
      const read = { id: number, revision: revision ?? campaign.revision };
      await sendOverdue(scope, actor, read, { count, typedCount: count }, options());
    } else {
      const atOnce = { startsAt: null, recurrence: null };
      await launchAt(scope, actor, { id: number, revision }, atOnce, count, options());
    }
    return context.json(await answer(scope, number), 200);
  });

  routes.openapi(schedule, async (context) => {
    const { scope, actor } = context.var;
    const { number } = context.req.valid("param");
    const { agreed_count: count, revision, starts_at, repeat } = context.req.valid("json");
    const timing = {
      startsAt: starts_at === undefined ? null : new Date(starts_at),
      recurrence: repeat ? repeatFromJson(repeat, "/repeat", clock.now()) : null,
    };
    await launchAt(scope, actor, { id: number, revision }, timing, count, options());
    return context.json(await answer(scope, number), 200);
  });

  routes.openapi(pausing, async (context) => {
    const { scope, actor } = context.var;
    const { number } = context.req.valid("param");
    await pause(scope, actor, number);
    return context.json(await answer(scope, number), 200);
  });

  routes.openapi(resuming, async (context) => {
    const { scope, actor } = context.var;
    const { number } = context.req.valid("param");
    await resume(scope, actor, number, clock.now());
    return context.json(await answer(scope, number), 200);
  });

  routes.openapi(cancelling, async (context) => {
    const { scope, actor } = context.var;
    const { number } = context.req.valid("param");
    const { reason = null, series } = context.req.valid("json");
    if (series) await cancelSeries(scope, actor, number, clock.now(), reason);
    else await cancel(scope, actor, number, clock.now(), reason);
    return context.json(await answer(scope, number), 200);
  });

  routes.openapi(retrying, async (context) => {
    const { scope, actor } = context.var;
    const { number } = context.req.valid("param");
    await retry(scope, actor, number, context.req.valid("json").which);
    return context.json(await answer(scope, number), 200);
  });

  routes.openapi(test, async (context) => {
    const { scope } = context.var;
    const { number } = context.req.valid("param");
    const { user_id: userId } = context.req.valid("json");
    await tests(context.var, await getCampaign(scope, number), userId, "/user_id");
    return context.json(await campaignToJson(scope, await getCampaign(scope, number), clock.now()), 200);
  });

  return routes;
}
