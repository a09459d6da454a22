import { randomUUID } from "node:crypto";
import { createRoute } from "@hono/zod-openapi";
import { namesOf } from "../../access/admins.ts";
import { editSentDirectly, pauseEdit, resumeEdit, stopEdit } from "../../campaign/actions/edit-sent.ts";
import { getCampaign } from "../../campaign/queries.ts";
import { type SentEdit, doneOf, findSentEdit } from "../../campaign/sent-edits.ts";
import type { HomeScope } from "../../db/scope.ts";
import { Problem, problems } from "../core/problem.ts";
import { type Api, type ApiDeps, createRouter } from "../core/router.ts";
import { createTestSend } from "../core/test-send.ts";
import { actorToJson } from "../json/campaign-json.ts";
import { contentOf } from "../json/draft-of-request.ts";
import { momentOf } from "../json/moments.ts";
import { valueOf } from "../json/unsendable.ts";
import { NumberInPath, body, json } from "../shapes/common-shapes.ts";
import { Edit, type EditJson, NewEdit } from "../shapes/edit-shapes.ts";

const tags = ["Campaigns"];
const one = json(Edit, "The edit");

const begin = createRoute({
  method: "post",
  path: "/campaigns/{number}/edit",
  operationId: "editSent",
  tags,
  summary: "Edit what a campaign has sent",
  description:
    "Role `send`. Replaces the post everywhere: those who have it see the new one, the newest messages first, and those who are " +
    "left get it. The campaign is running, paused or finished. An edit that is under way is taken over. A text stays a text, a " +
    "file a file, an album keeps its number of parts; forwards, copies, polls, dice, voice messages and the like cannot be edited.",
  request: { params: NumberInPath, ...body(NewEdit) },
  responses: { 200: one, ...problems(400, 401, 403, 404, 409, 413, 415, 422, 429) },
});

const read = createRoute({
  method: "get",
  path: "/campaigns/{number}/edit",
  operationId: "readEdit",
  tags,
  summary: "Read how far the last edit of what a campaign has sent is",
  request: { params: NumberInPath },
  responses: { 200: one, ...problems(401, 404, 422, 429) },
});

function moveRoute<P extends string>(path: P, summary: string) {
  return createRoute({
    method: "post",
    path: `/campaigns/{number}/edit/${path}`,
    operationId: `${path}Edit`,
    tags,
    summary,
    description: "Role `send`.",
    request: { params: NumberInPath },
    responses: { 200: one, ...problems(401, 403, 404, 409, 422, 429) },
  });
}

const pausing = moveRoute("pause", "Pause the edit of what a campaign has sent");
const resuming = moveRoute("resume", "Resume the edit of what a campaign has sent");
const stopping = moveRoute("stop", "Stop the edit of what a campaign has sent, for good");

/** Edits of what campaigns have sent. */
export function editRoutes(deps: ApiDeps): Api {
  const { events } = deps;
  const routes = createRouter();
  const tests = createTestSend(deps);

  async function answer(scope: HomeScope, number: number, edit: SentEdit) {
    events.emit("steered", { campaignId: number });
    return editToJson(scope, edit);
  }

  routes.openapi(begin, async (context) => {
    const { scope, actor } = context.var;
    const { number } = context.req.valid("param");
    const { content, revision, test_to: to } = context.req.valid("json");
    const edit = await editSentDirectly(
      scope,
      actor,
      number,
      { content: await contentOf(scope, content), revision, originKey: `api ${randomUUID()}` },
      to === null ? null : (draft) => tests(context.var, draft, to, "/test_to"),
    );
    return context.json(await answer(scope, number, valueOf(edit)), 200);
  });

  routes.openapi(read, async (context) => {
    const { scope } = context.var;
    const { number } = context.req.valid("param");
    const edit = await findSentEdit(scope, await getCampaign(scope, number));
    if (!edit) throw new Problem(404, "not-found", `What campaign ${number} has sent was never edited.`);
    return context.json(await editToJson(scope, edit), 200);
  });

  routes.openapi(pausing, async (context) => {
    const { scope, actor } = context.var;
    const { number } = context.req.valid("param");
    return context.json(await answer(scope, number, await pauseEdit(scope, actor, number)), 200);
  });

  routes.openapi(resuming, async (context) => {
    const { scope, actor } = context.var;
    const { number } = context.req.valid("param");
    return context.json(await answer(scope, number, await resumeEdit(scope, actor, number)), 200);
  });

  routes.openapi(stopping, async (context) => {
    const { scope, actor } = context.var;
    const { number } = context.req.valid("param");
    return context.json(await answer(scope, number, await stopEdit(scope, actor, number)), 200);
  });

  return routes;
}

async function editToJson(scope: HomeScope, edit: SentEdit): Promise<EditJson> {
  const { state, pauseReason, total, edited, unchanged, gone, refused, createdBy } = edit;
  return {
    state,
    pause: pauseReason === null ? null : { reason: pauseReason, detail: edit.pauseDetail },
    content_revision: edit.contentRevision,
    created_by: actorToJson(createdBy, await namesOf(scope, [createdBy])),
    created_at: edit.createdAt.toISOString(),
    ended_at: momentOf(edit.endedAt),
    counters: { total, edited, unchanged, gone, refused, left: Math.max(0, total - doneOf(edit)) },
  };
}
