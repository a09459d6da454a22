import { randomUUID } from "node:crypto";
import { createRoute } from "@hono/zod-openapi";
import { removeWelcome, setWelcomeDirectly } from "../../campaign/actions/set-welcome.ts";
import {
  type Welcome as Found,
  EVERYONE,
  findWelcome,
  listWelcomes,
} from "../../campaign/welcome/welcome-store.ts";
import { scopeInPath } from "../core/bot-scope.ts";
import { Problem, problems } from "../core/problem.ts";
import { type Api, type ApiDeps, createRouter } from "../core/router.ts";
import { createTestSend } from "../core/test-send.ts";
import { contentToJson } from "../json/content-to-json.ts";
import { contentOf } from "../json/draft-of-request.ts";
import { valueOf } from "../json/unsendable.ts";
import { body, json } from "../shapes/common-shapes.ts";
import { BotInPath } from "../shapes/update-shapes.ts";
import { NewWelcome, SourceQuery, Welcome, type WelcomeJson, Welcomes } from "../shapes/welcome-shapes.ts";

const tags = ["Welcome"];
const at = { params: BotInPath, query: SourceQuery };

const all = createRoute({
  method: "get",
  path: "/bots/{bot}/welcomes",
  operationId: "listWelcomes",
  tags,
  summary: "List the posts that answer /start",
  description: "That for everyone first. A bot without one answers in Herald's own words.",
  request: { params: BotInPath },
  responses: { 200: json(Welcomes, "All welcomes of the bot"), ...problems(401, 404, 422, 429) },
});

const read = createRoute({
  method: "get",
  path: "/bots/{bot}/welcome",
  operationId: "readWelcome",
  tags,
  summary: "Read a post that answers /start",
  request: at,
  responses: { 200: json(Welcome, "The welcome"), ...problems(401, 404, 422, 429) },
});

const set = createRoute({
  method: "put",
  path: "/bots/{bot}/welcome",
  operationId: "setWelcome",
  tags,
  summary: "Set the post that answers /start",
  description:
    "Role `send`. In the place of the one before, and checked like a campaign: an admin is sent it first. Versions are for " +
    "languages. Refused with 409, with `findings` and `faults`, the welcome stays as it was. Only for bots that Herald answers.",
  request: { ...at, ...body(NewWelcome) },
  responses: {
    200: json(Welcome, "The welcome"),
    ...problems(400, 401, 403, 404, 409, 413, 415, 422, 429),
  },
});

const remove = createRoute({
  method: "delete",
  path: "/bots/{bot}/welcome",
  operationId: "removeWelcome",
  tags,
  summary: "Remove a post that answers /start",
  description: "Role `send`. People of that source get the one for everyone then, or Herald's own words.",
  request: at,
  responses: { 204: { description: "It is gone" }, ...problems(401, 403, 404, 422, 429) },
});

/** The posts that answer /start. */
export function welcomeRoutes(deps: ApiDeps): Api {
  const routes = createRouter();
  const tests = createTestSend(deps);

  routes.openapi(all, async (context) => {
    const of = await scopeInPath(context.var.scope, context.req.valid("param").bot);
    return context.json({ items: (await listWelcomes(of)).map(welcomeToJson) }, 200);
  });

  routes.openapi(read, async (context) => {
    const of = await scopeInPath(context.var.scope, context.req.valid("param").bot);
    const { source = EVERYONE } = context.req.valid("query");
    const welcome = await findWelcome(of, source);
    if (!welcome) throw noWelcome(source);
    return context.json(welcomeToJson(welcome), 200);
  });

  routes.openapi(set, async (context) => {
    const { scope, actor } = context.var;
    const { botId } = await scopeInPath(scope, context.req.valid("param").bot);
    const { source = EVERYONE } = context.req.valid("query");
    const { content, test_to: to } = context.req.valid("json");
    const welcome = await setWelcomeDirectly(
      scope,
      actor,
      { botId, source, content: await contentOf(scope, content), originKey: `api ${randomUUID()}` },
      to === null ? null : (draft) => tests(context.var, draft, to, "/test_to"),
    );
    return context.json(welcomeToJson(valueOf(welcome)), 200);
  });

  routes.openapi(remove, async (context) => {
    const { scope, actor } = context.var;
    const { botId } = await scopeInPath(scope, context.req.valid("param").bot);
    const { source = EVERYONE } = context.req.valid("query");
    if (!(await removeWelcome(scope, actor, { botId, source }))) throw noWelcome(source);
    return context.body(null, 204);
  });

  return routes;
}

function noWelcome(source: string): Problem {
  const whose = source === EVERYONE ? "no welcome for everyone" : `no welcome for the source ${source}`;
  return new Problem(404, "not-found", `There is ${whose}.`);
}

function welcomeToJson({ source, revision, content, refusal }: Found): WelcomeJson {
  return {
    source: source === EVERYONE ? null : source,
    revision,
    // As in campaign-json.ts.
    content: contentToJson(content) as WelcomeJson["content"],
    refused: refusal,
  };
}
