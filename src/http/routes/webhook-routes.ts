import { createRoute } from "@hono/zod-openapi";
import { authorize } from "../../access/actor.ts";
import type { HomeScope } from "../../db/scope.ts";
import {
  OVERLAP_MS,
  changeWebhook,
  createWebhook,
  deleteWebhook,
  findWebhook,
  listWebhooks,
  rotateSecret,
} from "../../webhooks/webhook-actions.ts";
import { listMessages, resendMessage, sendTestEvent } from "../../webhooks/webhook-messages.ts";
import { type AddressFault, addressFault } from "../../webhooks/webhook-address.ts";
import { Problem, invalidRequest, problems } from "../core/problem.ts";
import { type Api, type ApiDeps, type ApiEnv, createRouter } from "../core/router.ts";
import { attemptToJson, webhooksToJson } from "../json/webhook-json.ts";
import { body, json } from "../shapes/common-shapes.ts";
import {
  CreatedWebhook,
  EventInPath,
  NewWebhookShape,
  RotatedSecret,
  SentEvent,
  Webhook,
  WebhookAttempt,
  WebhookChangeShape,
  WebhookInPath,
} from "../shapes/webhook-shapes.ts";
import { z } from "@hono/zod-openapi";

const tags = ["Webhooks"];
const params = WebhookInPath;
const refusals = problems(401, 403, 404, 422, 429);

const create = createRoute({
  operationId: "createWebhook",
  method: "post",
  path: "/webhooks",
  tags,
  summary: "Make a webhook",
  description:
    "Role `send`, as for all of these. Its address is https and public, unless `WEBHOOK_ALLOW` names it. The answer has the " +
    "secret, which cannot be read again.",
  request: body(NewWebhookShape),
  responses: {
    201: json(CreatedWebhook, "The webhook"),
    ...problems(400, 401, 403, 409, 413, 415, 422, 429),
  },
});

const list = createRoute({
  operationId: "listWebhooks",
  method: "get",
  path: "/webhooks",
  tags,
  summary: "List webhooks",
  responses: {
    200: json(z.object({ items: z.array(Webhook) }).openapi("WebhookList"), "All of them, oldest first"),
    ...problems(401, 403, 429),
  },
});

const read = createRoute({
  operationId: "readWebhook",
  method: "get",
  path: "/webhooks/{id}",
  tags,
  summary: "Read a webhook",
  request: { params },
  responses: { 200: json(Webhook, "The webhook"), ...refusals },
});

const change = createRoute({
  operationId: "changeWebhook",
  method: "patch",
  path: "/webhooks/{id}",
  tags,
  summary: "Change, disable or enable a webhook",
  description:
    "Fields you leave out keep their values. Events that happen while it is disabled are not sent.",
  request: { params, ...body(WebhookChangeShape) },
  responses: { 200: json(Webhook, "The webhook"), ...problems(400, 401, 403, 404, 413, 415, 422, 429) },
});

const remove = createRoute({
  operationId: "deleteWebhook",
  method: "delete",
  path: "/webhooks/{id}",
  tags,
  summary: "Delete a webhook",
  request: { params },
  responses: { 204: { description: "It is gone, with what it was still to be told" }, ...refusals },
});

const rotate = createRoute({
  operationId: "rotateWebhookSecret",
  method: "post",
  path: "/webhooks/{id}/rotate",
  tags,
  summary: "Make a new secret",
  description: "The secret before signs as well for a day.",
  request: { params },
  responses: { 200: json(RotatedSecret, "The new secret"), ...refusals },
});

const test = createRoute({
  operationId: "testWebhook",
  method: "post",
  path: "/webhooks/{id}/test",
  tags,
  summary: "Send an event of type webhook.test",
  request: { params },
  responses: { 202: json(SentEvent, "It is on its way"), ...refusals, ...problems(409) },
});

const attempts = createRoute({
  operationId: "listWebhookAttempts",
  method: "get",
  path: "/webhooks/{id}/attempts",
  tags,
  summary: "The newest 100 events, and what the last attempt of each came to",
  request: { params },
  responses: {
    200: json(z.object({ items: z.array(WebhookAttempt) }).openapi("WebhookAttemptList"), "Newest first"),
    ...refusals,
  },
});

const resend = createRoute({
  operationId: "resendWebhookEvent",
  method: "post",
  path: "/webhooks/{id}/attempts/{event}/resend",
  tags,
  summary: "Send an event again",
  description: "Under the same id, so that the receiver can tell.",
  request: { params: EventInPath },
  responses: { 202: json(SentEvent, "It is on its way"), ...refusals, ...problems(409) },
});

const ADDRESS_FAULTS: Record<AddressFault, string> = {
  "not-an-address": "This is not an http or https address.",
  "not-https": "A webhook's address is https. WEBHOOK_ALLOW can name hosts that are reached without.",
  "has-login": "Leave the user name and the password out: requests are signed instead.",
  private: "This address is private. WEBHOOK_ALLOW can name private addresses that may be called.",
};

/** Webhooks: addresses that are told what happens. */
export function webhookRoutes({ clock, settings }: ApiDeps): Api {
  const routes = createRouter();

  routes.openapi(create, async (context) => {
    const { scope, actor } = context.var;
    const { url, events } = context.req.valid("json");
    checkAddress(url);
    const { webhook, secret } = await createWebhook(scope, actor, { url, events });
    return context.json({ ...(await answer(scope, webhook)), secret }, 201);
  });

  routes.openapi(list, async (context) => {
    const { scope } = context.var;
    await mayRead(context.var);
    return context.json({ items: await webhooksToJson(scope, await listWebhooks(scope)) }, 200);
  });

  routes.openapi(read, async (context) => {
    const { scope } = context.var;
    await mayRead(context.var);
    return context.json(await answer(scope, await known(scope, context.req.valid("param").id)), 200);
  });

  routes.openapi(change, async (context) => {
    const { scope, actor } = context.var;
    const { id } = context.req.valid("param");
    const { url, events, enabled } = context.req.valid("json");
    if (url !== undefined) checkAddress(url);
    const webhook = await changeWebhook(scope, actor, id, {
      ...(url !== undefined && { url }),
      ...(events && { events }),
      ...(enabled !== undefined && { enabled }),
    });
    return context.json(await answer(scope, webhook ?? unknownWebhook(id)), 200);
  });

  routes.openapi(remove, async (context) => {
    const { scope, actor } = context.var;
    const { id } = context.req.valid("param");
    if (!(await deleteWebhook(scope, actor, id))) unknownWebhook(id);
    return context.body(null, 204);
  });

  routes.openapi(rotate, async (context) => {
    const { scope, actor } = context.var;
    const { id } = context.req.valid("param");
    const now = clock.now();
    const secret = (await rotateSecret(scope, actor, id, now)) ?? unknownWebhook(id);
    return context.json({ secret, previous_until: new Date(now.getTime() + OVERLAP_MS).toISOString() }, 200);
  });

  routes.openapi(test, async (context) => {
    const { scope, actor } = context.var;
    const { id } = context.req.valid("param");
    await mayRead(context.var);
    await known(scope, id);
    return context.json({ event_id: await sendTestEvent(scope, actor, id) }, 202);
  });

  routes.openapi(attempts, async (context) => {
    const { scope } = context.var;
    const { id } = context.req.valid("param");
    await mayRead(context.var);
    await known(scope, id);
    return context.json({ items: (await listMessages(scope, id)).map(attemptToJson) }, 200);
  });

  routes.openapi(resend, async (context) => {
    const { scope, actor } = context.var;
    const { id, event } = context.req.valid("param");
    await mayRead(context.var);
    await known(scope, id);
    if (!(await resendMessage(scope, actor, id, event)))
      throw new Problem(404, "not-found", `Event ${event} is not among the newest 100 of webhook ${id}.`);
    return context.json({ event_id: event }, 202);
  });

  function checkAddress(url: string): void {
    const fault = addressFault(url, settings.webhookAllow);
    if (fault) throw invalidRequest([{ pointer: "/url", detail: ADDRESS_FAULTS[fault] }]);
  }

  return routes;
}

/** An address may hold a password of its receiver, so only those who may set one may read it. */
async function mayRead({ scope, actor }: ApiEnv["Variables"]): Promise<void> {
  await authorize(scope, actor, "manage-webhooks");
}

async function known(scope: HomeScope, id: number) {
  return (await findWebhook(scope, id)) ?? unknownWebhook(id);
}

async function answer(scope: HomeScope, webhook: Awaited<ReturnType<typeof known>>) {
  const [answered] = await webhooksToJson(scope, [webhook]);
  if (!answered) throw new Error("a webhook is answered as one");
  return answered;
}

function unknownWebhook(id: number): never {
  throw new Problem(404, "not-found", `There is no webhook ${id}.`);
}
