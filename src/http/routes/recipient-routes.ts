import { createRoute, type z } from "@hono/zod-openapi";
import type { PersonChange } from "../../audience/person-change.ts";
import { readChange } from "../../audience/import/read-change.ts";
import { readFacts } from "../../audience/import/read-facts.ts";
import { type RecipientFilter, findRecipient, listRecipients } from "../../audience/recipient-list.ts";
import { changeRecipient, putRecipient, retagRecipients } from "../../campaign/actions/change-recipient.ts";
import { eraseRecipient } from "../../campaign/actions/erase-recipient.ts";
import { botScope } from "../core/bot-scope.ts";
import { Problem, invalidRequest, pointerTo, problems } from "../core/problem.ts";
import { type Api, type ApiDeps, createRouter } from "../core/router.ts";
import { recipientToJson } from "../json/recipient-json.ts";
import { OfBotQuery, USUAL_LIMIT, body, cutPage, json, pageOf } from "../shapes/common-shapes.ts";
import {
  IdInPath,
  PersonInPath,
  Recipient,
  RecipientFilterShape,
  RecipientShape,
  Retagged,
  Retagging,
} from "../shapes/recipient-shapes.ts";
import type { Scope } from "../../db/scope.ts";

const tags = ["Recipients"];

const list = createRoute({
  method: "get",
  path: "/recipients",
  operationId: "listRecipients",
  tags,
  summary: "List recipients",
  description: "People, groups and channels, in the order of their ids.",
  request: { query: RecipientFilterShape },
  responses: { 200: json(pageOf(Recipient, "RecipientPage"), "A page"), ...problems(401, 422, 429) },
});

const read = createRoute({
  method: "get",
  path: "/recipients/{id}",
  operationId: "readRecipient",
  tags,
  summary: "Read a recipient",
  request: { params: IdInPath, query: OfBotQuery },
  responses: { 200: json(Recipient, "The recipient"), ...problems(401, 404, 422, 429) },
});

const put = createRoute({
  method: "put",
  path: "/recipients/{id}",
  operationId: "putRecipient",
  tags,
  summary: "Add a person, or change them",
  description:
    "Role `write`. Fields are read as in a file, and what is absent stays. A bot can write only to people who have started " +
    "it: others are found out by the first broadcast.",
  request: { params: PersonInPath, query: OfBotQuery, ...body(RecipientShape) },
  responses: {
    200: json(Recipient, "They were on the list, and are changed"),
    201: json(Recipient, "They are on the list now"),
    ...problems(400, 401, 403, 404, 409, 413, 415, 422, 429),
  },
});

const patch = createRoute({
  method: "patch",
  path: "/recipients/{id}",
  operationId: "changeRecipient",
  tags,
  summary: "Change a person",
  description: "Role `write`. As `PUT`, but only of somebody who is on the list.",
  request: { params: PersonInPath, query: OfBotQuery, ...body(RecipientShape) },
  responses: {
    200: json(Recipient, "The person"),
    ...problems(400, 401, 403, 404, 413, 415, 422, 429),
  },
});

const erase = createRoute({
  method: "delete",
  path: "/recipients/{id}",
  operationId: "eraseRecipient",
  tags,
  summary: "Erase a person",
  description:
    "Role `write`. Deletes their record, their places on lists, their votes and their answers in polls. What was counted stays " +
    "counted; deliveries and the audit keep the id, and nothing else of them. A keyed hash of the id stays, so that no file " +
    "and no program puts them back on the list; starting the bot anew does.",
  request: { params: PersonInPath, query: OfBotQuery },
  responses: { 204: { description: "Nothing is known of them now" }, ...problems(401, 403, 404, 422, 429) },
});

const retag = createRoute({
  method: "post",
  path: "/recipients/tags",
  operationId: "retagRecipients",
  tags,
  summary: "Add or remove tags of many people",
  description: "Role `write`. Of up to 1,000 people at once. Who is not on the list is left out.",
  request: { query: OfBotQuery, ...body(Retagging) },
  responses: { 200: json(Retagged, "How many changed"), ...problems(400, 401, 403, 413, 415, 422, 429) },
});

/** The people on the list, one by one. */
export function recipientRoutes({ clock }: Pick<ApiDeps, "clock">): Api {
  const routes = createRouter();

  routes.openapi(list, async (context) => {
    const { scope } = context.var;
    const { limit = USUAL_LIMIT, cursor, bot, status, language, kind } = context.req.valid("query");
    const filter: RecipientFilter = {
      ...(status && { standing: status }),
      ...(language !== undefined && { language: language === "unknown" ? null : language }),
      ...(kind && { kind }),
    };
    const found = await listRecipients(await botScope(scope, bot), filter, limit + 1, cursor);
    const page = cutPage(found, limit, ({ chatId }) => chatId);
    return context.json({ ...page, items: page.items.map(recipientToJson) }, 200);
  });

  routes.openapi(read, async (context) => {
    const { scope } = context.var;
    const of = await botScope(scope, context.req.valid("query").bot);
    return context.json(await answer(of, context.req.valid("param").id), 200);
  });

  routes.openapi(put, async (context) => {
    const { scope, actor } = context.var;
    const { id } = context.req.valid("param");
    const of = await botScope(scope, context.req.valid("query").bot);
    const isNew = await putRecipient(of, actor, id, changeOf(context.req.valid("json")));
    return context.json(await answer(of, id), isNew ? 201 : 200);
  });

  routes.openapi(patch, async (context) => {
    const { scope, actor } = context.var;
    const { id } = context.req.valid("param");
    const of = await botScope(scope, context.req.valid("query").bot);
    await changeRecipient(of, actor, id, changeOf(context.req.valid("json")));
    return context.json(await answer(of, id), 200);
  });

  routes.openapi(erase, async (context) => {
    const { scope, actor } = context.var;
    const { id } = context.req.valid("param");
    const of = await botScope(scope, context.req.valid("query").bot);
    if (!(await eraseRecipient(of, actor, id))) throw unknownRecipient(id);
    return context.body(null, 204);
  });

  routes.openapi(retag, async (context) => {
    const { scope, actor } = context.var;
    const { ids, ...given } = context.req.valid("json");
    const of = await botScope(scope, context.req.valid("query").bot);
    const { change, faults } = readFacts(given);
    if (faults.length > 0)
      throw invalidRequest(faults.map(({ path, detail }) => ({ pointer: pointerTo(path), detail })));
    const { addedTags = [], removedTags = [] } = change;
    const changed = await retagRecipients(of, actor, ids, { addedTags, removedTags });
    return context.json({ changed }, 200);
  });

  function changeOf({
    opted_out,
    tags,
    tags_add,
    tags_remove,
    attributes,
    ...texts
  }: z.infer<typeof RecipientShape>): PersonChange {
    const { change, faults } = readChange(texts, clock.now().getTime());
    const facts = readFacts({ tags, tags_add, tags_remove, attributes });
    const errors = [
      ...faults.map(({ field, detail }) => ({ pointer: `/${field}`, detail })),
      ...facts.faults.map(({ path, detail }) => ({ pointer: pointerTo(path), detail })),
    ];
    if (errors.length > 0) throw invalidRequest(errors);
    return { ...change, ...facts.change, ...(opted_out && { optedOut: opted_out }) };
  }

  return routes;
}

async function answer(of: Scope, id: number) {
  const recipient = await findRecipient(of, id);
  if (!recipient) throw unknownRecipient(id);
  return recipientToJson(recipient);
}

export function unknownRecipient(id: number): Problem {
  return new Problem(404, "not-found", `There is no recipient ${id}.`);
}
