import { randomUUID } from "node:crypto";
import { createRoute } from "@hono/zod-openapi";
import { tagName } from "../../audience/tags.ts";
import { removeStep } from "../../campaign/actions/change-newcomers.ts";
import { addStepDirectly, changeStepDirectly } from "../../campaign/actions/put-step-directly.ts";
import { type LiveStep, findStep, listSteps } from "../../campaign/live-steps.ts";
import type { Step as Plan } from "../../campaign/step-plan.ts";
import type { HomeScope } from "../../db/scope.ts";
import { scopeInPath } from "../core/bot-scope.ts";
import { Problem, problems } from "../core/problem.ts";
import { type Api, type ApiDeps, createRouter } from "../core/router.ts";
import { createTestSend } from "../core/test-send.ts";
import { contentOf, originOf } from "../json/draft-of-request.ts";
import { afterFromJson, stepToJson } from "../json/step-json.ts";
import { valueOf } from "../json/unsendable.ts";
import { body, json } from "../shapes/common-shapes.ts";
import { IdempotencyKey } from "../shapes/list-shapes.ts";
import { NewStep, Series, Step, StepChange, StepInPath } from "../shapes/newcomer-shapes.ts";
import { BotInPath } from "../shapes/update-shapes.ts";

const tags = ["Newcomers"];
const one = json(Step, "The step");

const list = createRoute({
  method: "get",
  path: "/bots/{bot}/newcomers",
  operationId: "listSteps",
  tags,
  summary: "List the steps of the series for newcomers",
  description: "In their order, with how many got each.",
  request: { params: BotInPath },
  responses: { 200: json(Series, "The series of the bot"), ...problems(401, 404, 422, 429) },
});

const read = createRoute({
  method: "get",
  path: "/bots/{bot}/newcomers/{number}",
  operationId: "readStep",
  tags,
  summary: "Read a step",
  request: { params: StepInPath },
  responses: { 200: one, ...problems(401, 404, 422, 429) },
});

const add = createRoute({
  method: "post",
  path: "/bots/{bot}/newcomers",
  operationId: "addStep",
  tags,
  summary: "Add a step",
  description:
    "Role `send`. People get it so long after they joined, from now on: those who have been due already are passed over, and so " +
    "is everyone who joined before the series began. The post is checked like that of a campaign, and an admin is sent it first. " +
    "With an `Idempotency-Key`, a request that is repeated answers the step that the first one added.",
  request: { params: BotInPath, headers: IdempotencyKey, ...body(NewStep) },
  responses: { 201: one, ...problems(400, 401, 403, 404, 409, 413, 415, 422, 429) },
});

const change = createRoute({
  method: "patch",
  path: "/bots/{bot}/newcomers/{number}",
  operationId: "changeStep",
  tags,
  summary: "Change a step",
  description:
    "Role `send`. What is absent stays. It holds for those who have not got the step yet. The post cannot be changed at a moment " +
    "when the step is being sent: pause it, or try again.",
  request: { params: StepInPath, ...body(StepChange) },
  responses: { 200: one, ...problems(400, 401, 403, 404, 409, 413, 415, 422, 429) },
});

const remove = createRoute({
  method: "delete",
  path: "/bots/{bot}/newcomers/{number}",
  operationId: "removeStep",
  tags,
  summary: "Remove a step",
  description: "Role `send`. Nobody else gets it. Its report stays: GET /v1/campaigns/{number}.",
  request: { params: StepInPath },
  responses: { 204: { description: "It is out of the series" }, ...problems(401, 403, 404, 409, 422, 429) },
});

/** The series for newcomers. */
export function newcomerRoutes(deps: ApiDeps): Api {
  const { clock, events, settings } = deps;
  const routes = createRouter();
  const tests = createTestSend(deps);

  routes.openapi(list, async (context) => {
    const of = await scopeInPath(context.var.scope, context.req.valid("param").bot);
    return context.json({ items: (await listSteps(of)).map(stepToJson) }, 200);
  });

  routes.openapi(read, async (context) => {
    return context.json(stepToJson(await stepAt(context.var.scope, context.req.valid("param"))), 200);
  });

  routes.openapi(add, async (context) => {
    const { scope, actor } = context.var;
    const { botId } = await scopeInPath(scope, context.req.valid("param").bot);
    const given = context.req.valid("json");
    const { content, codes, test_to: to } = given;
    const key = context.req.valid("header")["idempotency-key"];
    const used = await addStepDirectly(
      scope,
      actor,
      {
        botId,
        content: await contentOf(scope, content),
        plan: planOf(given, afterFromJson(given.after, settings.timezone), {}),
        ...(codes && { codes }),
        ...originOf(actor.id, key, { step: given }),
      },
      { test: to === null ? null : (draft) => tests(context.var, draft, to, "/test_to"), now: clock.now() },
    );
    return context.json(stepToJson(valueOf(used)), 201);
  });

  routes.openapi(change, async (context) => {
    const { scope, actor } = context.var;
    const step = await stepAt(scope, context.req.valid("param"));
    const given = context.req.valid("json");
    const { after, content, codes, test_to: to } = given;
    const isMoved = after !== undefined || given.source !== undefined || given.tag !== undefined;
    const used = await changeStepDirectly(
      scope,
      actor,
      step,
      {
        ...(content && { content: await contentOf(scope, content) }),
        ...(isMoved && {
          plan: planOf(given, after ? afterFromJson(after, settings.timezone) : step.step.after, step.step),
        }),
        ...(codes && { codes }),
        originKey: `api ${randomUUID()}`,
      },
      { test: to === null ? null : (draft) => tests(context.var, draft, to, "/test_to"), now: clock.now() },
    );
    return context.json(stepToJson(valueOf(used)), 200);
  });

  routes.openapi(remove, async (context) => {
    const { scope, actor } = context.var;
    const { id } = await stepAt(scope, context.req.valid("param"));
    await removeStep(scope, actor, id, clock.now());
    events.emit("steered", { campaignId: id });
    return context.body(null, 204);
  });

  return routes;
}

/** @throws Problem 404 */
async function stepAt(home: HomeScope, { bot, number }: { bot: string; number: number }): Promise<LiveStep> {
  const step = await findStep(await scopeInPath(home, bot), number);
  if (!step) throw new Problem(404, "not-found", `There is no step ${number} in the series of this bot.`);
  return step;
}

/** Whom a step is for, and when; null clears a source or a tag, and what is absent stays as it was. */
function planOf(
  { source, tag }: { source?: string | null | undefined; tag?: string | null | undefined },
  after: Plan["after"],
  before: Pick<Plan, "source" | "tag">,
): Pick<Plan, "after" | "source" | "tag"> {
  const from = source === undefined ? before.source : source;
  const tagged = tag === undefined ? before.tag : tag && tagName(tag);
  return {
    after,
    ...(from != null && { source: from }),
    ...(tagged != null && { tag: tagged }),
  };
}
