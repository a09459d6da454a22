import { createRoute } from "@hono/zod-openapi";
import { printLine } from "../../audience/segment/print-line.ts";
import {
  type SavedSegment as Saved,
  findSegmentByName,
  listSegments,
  savedByName,
} from "../../audience/segment/saved-segments.ts";
import { deleteSegmentCalled, saveOrReplaceSegment } from "../../campaign/actions/change-segments.ts";
import { reachOfSegment } from "../../campaign/segment-reach.ts";
import type { Scope } from "../../db/scope.ts";
import { DomainError } from "../../errors.ts";
import { scopeInPath } from "../core/bot-scope.ts";
import { problems } from "../core/problem.ts";
import { type Api, type ApiDeps, createRouter } from "../core/router.ts";
import { segmentFromLine } from "../json/audience-json.ts";
import { body, json } from "../shapes/common-shapes.ts";
import {
  SavedSegment,
  type SavedSegmentJson,
  SavedSegments,
  SegmentInPath,
  SegmentLine,
} from "../shapes/segment-shapes.ts";
import { BotInPath } from "../shapes/update-shapes.ts";

const tags = ["Segments"];
const path = "/bots/{bot}/segments/{name}";

const all = createRoute({
  method: "get",
  path: "/bots/{bot}/segments",
  operationId: "listSegments",
  tags,
  summary: "List the saved segments of a bot",
  request: { params: BotInPath },
  responses: { 200: json(SavedSegments, "All of them, by name"), ...problems(401, 404, 422, 429) },
});

const read = createRoute({
  method: "get",
  path,
  operationId: "readSegment",
  tags,
  summary: "Read a saved segment, and how many people it reaches now",
  request: { params: SegmentInPath },
  responses: { 200: json(SavedSegment, "The segment"), ...problems(401, 404, 422, 429) },
});

const put = createRoute({
  method: "put",
  path,
  operationId: "putSegment",
  tags,
  summary: "Save a segment under a name",
  description:
    'Role `write`. It replaces what has this name. Lines name it as `saved:"Regulars"` and take a copy: a later change of it ' +
    "changes no campaign.",
  request: { params: SegmentInPath, ...body(SegmentLine) },
  responses: {
    200: json(SavedSegment, "The segment"),
    ...problems(400, 401, 403, 404, 409, 413, 415, 422, 429),
  },
});

const remove = createRoute({
  method: "delete",
  path,
  operationId: "deleteSegment",
  tags,
  summary: "Delete a saved segment",
  description: "Role `write`. Campaigns that were made with it keep their copies.",
  request: { params: SegmentInPath },
  responses: { 204: { description: "It is gone" }, ...problems(401, 403, 404, 422, 429) },
});

/** Segments that are kept under names. */
export function segmentRoutes({ clock, settings }: Pick<ApiDeps, "clock" | "settings">): Api {
  const routes = createRouter();

  const answer = async (of: Scope, saved: Saved): Promise<SavedSegmentJson> => ({
    ...savedToJson(saved),
    ...(await reachOfSegment(of, saved.segment, clock.now())),
  });

  routes.openapi(all, async (context) => {
    const of = await scopeInPath(context.var.scope, context.req.valid("param").bot);
    return context.json({ items: (await listSegments(of)).map(savedToJson) }, 200);
  });

  routes.openapi(read, async (context) => {
    const { bot, name } = context.req.valid("param");
    const of = await scopeInPath(context.var.scope, bot);
    const saved = await findSegmentByName(of, name);
    if (!saved) throw new DomainError("segment-unknown");
    return context.json(await answer(of, saved), 200);
  });

  routes.openapi(put, async (context) => {
    const { scope, actor } = context.var;
    const { bot, name } = context.req.valid("param");
    const of = await scopeInPath(scope, bot);
    const setting = { zone: settings.timezone, saved: await savedByName(of) };
    const segment = segmentFromLine(context.req.valid("json").segment, setting, { pointer: "/segment" });
    return context.json(await answer(of, await saveOrReplaceSegment(of, actor, name, segment)), 200);
  });

  routes.openapi(remove, async (context) => {
    const { scope, actor } = context.var;
    const { bot, name } = context.req.valid("param");
    await deleteSegmentCalled(await scopeInPath(scope, bot), actor, name);
    return context.body(null, 204);
  });

  return routes;
}

function savedToJson({ name, segment, savedBy, savedAt }: Saved) {
  return {
    name,
    segment: printLine(segment, "en"),
    saved_by: savedBy,
    saved_at: savedAt.toISOString(),
  };
}
