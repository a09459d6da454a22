import { createRoute, z } from "@hono/zod-openapi";
import { isSupportedCountry } from "libphonenumber-js/max";
import { type Named, matchPeople, readName } from "../../audience/import/list-file.ts";
import { countMembers, findList, listLists, listMemberIds } from "../../audience/lists.ts";
import {
  addGroupToList,
  addToList,
  createList,
  deleteList,
  renameList,
  takeFromList,
} from "../../campaign/actions/change-lists.ts";
import { getWithDetails } from "../../campaign/queries.ts";
import { type Scope, scopeOf } from "../../db/scope.ts";
import { DomainError } from "../../errors.ts";
import { botScope } from "../core/bot-scope.ts";
import { invalidRequest, problems } from "../core/problem.ts";
import { type Api, createRouter } from "../core/router.ts";
import { OfBotQuery, USUAL_LIMIT, body, cutPage, json, pageOf } from "../shapes/common-shapes.ts";
import {
  Filled,
  ListFilling,
  ListInPath,
  ListName,
  MembersQuery,
  PeopleList,
  PeopleLists,
} from "../shapes/people-list-shapes.ts";

const tags = ["Lists"];

const all = createRoute({
  method: "get",
  path: "/lists",
  operationId: "listLists",
  tags,
  summary: "List the lists of people",
  request: { query: OfBotQuery },
  responses: { 200: json(PeopleLists, "All lists of the bot, by name"), ...problems(401, 422, 429) },
});

const create = createRoute({
  method: "post",
  path: "/lists",
  operationId: "createList",
  tags,
  summary: "Make an empty list",
  description: "Role `write`. No two lists of a bot have the same name, whatever their case.",
  request: { query: OfBotQuery, ...body(ListName) },
  responses: { 201: json(PeopleList, "The list"), ...problems(400, 401, 403, 409, 413, 415, 422, 429) },
});

const rename = createRoute({
  method: "patch",
  path: "/lists/{list}",
  operationId: "renameList",
  tags,
  summary: "Rename a list",
  description: "Role `write`.",
  request: { params: ListInPath, query: OfBotQuery, ...body(ListName) },
  responses: { 200: json(PeopleList, "The list"), ...problems(400, 401, 403, 404, 409, 413, 415, 422, 429) },
});

const remove = createRoute({
  method: "delete",
  path: "/lists/{list}",
  operationId: "deleteList",
  tags,
  summary: "Delete a list",
  description: "Role `write`. The people stay.",
  request: { params: ListInPath, query: OfBotQuery },
  responses: { 204: { description: "The list is gone" }, ...problems(401, 403, 404, 422, 429) },
});

const members = createRoute({
  method: "get",
  path: "/lists/{list}/members",
  operationId: "listMembers",
  tags,
  summary: "Who is on a list",
  request: { params: ListInPath, query: MembersQuery },
  responses: {
    200: json(pageOf(z.int(), "MemberPage"), "Ids, in their order"),
    ...problems(401, 404, 422, 429),
  },
});

const fill = createRoute({
  method: "post",
  path: "/lists/{list}/members",
  operationId: "fillList",
  tags,
  summary: "Put people on a list, or take them off",
  description:
    "Role `write`. People are named by ids, usernames or phone numbers, or are those of a campaign. Nobody is added to the bot's " +
    "people: those whom it does not know are left out, and named in the answer.",
  request: { params: ListInPath, query: OfBotQuery, ...body(ListFilling) },
  responses: {
    200: json(Filled, "What became of it"),
    ...problems(400, 401, 403, 404, 410, 413, 415, 422, 429),
  },
});

/** Lists of people whom somebody picked one by one. */
export function listRoutes(): Api {
  const routes = createRouter();

  routes.openapi(all, async (context) => {
    const of = await botScope(context.var.scope, context.req.valid("query").bot);
    return context.json({ items: (await listLists(of)).map(listToJson) }, 200);
  });

  routes.openapi(create, async (context) => {
    const { scope, actor } = context.var;
    const of = await botScope(scope, context.req.valid("query").bot);
    const list = await createList(of, actor, context.req.valid("json").name);
    return context.json(listToJson({ ...list, members: 0 }), 201);
  });

  routes.openapi(rename, async (context) => {
    const { scope, actor } = context.var;
    const of = await botScope(scope, context.req.valid("query").bot);
    const { list: id } = context.req.valid("param");
    const list = await renameList(of, actor, id, context.req.valid("json").name);
    return context.json(listToJson({ ...list, members: await countMembers(of, id) }), 200);
  });

  routes.openapi(remove, async (context) => {
    const { scope, actor } = context.var;
    const of = await botScope(scope, context.req.valid("query").bot);
    await deleteList(of, actor, context.req.valid("param").list);
    return context.body(null, 204);
  });

  routes.openapi(members, async (context) => {
    const { limit = USUAL_LIMIT, cursor, bot } = context.req.valid("query");
    const of = await botScope(context.var.scope, bot);
    const { list: id } = context.req.valid("param");
    if (!(await findList(of, id))) throw new DomainError("list-unknown");
    return context.json(
      cutPage(await listMemberIds(of, id, limit + 1, cursor), limit, (one) => one),
      200,
    );
  });

  routes.openapi(fill, async (context) => {
    const { scope, actor } = context.var;
    const of = await botScope(scope, context.req.valid("query").bot);
    const { list: id } = context.req.valid("param");
    const { campaign, remove: gone = [], ...named } = context.req.valid("json");
    if (!(await findList(of, id))) throw new DomainError("list-unknown");
    const { chatIds, missed } = await matchPeople(of, namedIn(named));
    let added = chatIds.length > 0 ? await addToList(of, actor, id, chatIds) : 0;
    if (campaign) {
      const { number, who, choice } = campaign;
      const ofCampaign = scopeOf(scope, await getWithDetails(scope, number));
      requireSameBot(of, ofCampaign);
      const group = who === "voted" ? { who, choice: choice ?? "" } : { who };
      added += await addGroupToList(of, actor, id, number, group);
    }
    const removed = gone.length > 0 ? await takeFromList(of, actor, id, gone) : 0;
    const unknown = missed.map(({ text }) => text);
    return context.json({ added, removed, members: await countMembers(of, id), unknown }, 200);
  });

  return routes;
}

function requireSameBot({ botId }: Scope, campaign: Scope): void {
  if (botId !== campaign.botId)
    throw invalidRequest([
      {
        pointer: "/campaign/number",
        detail: "The campaign is another bot's, and a list has people of one bot.",
      },
    ]);
}

function namedIn({
  ids = [],
  phones = [],
  usernames = [],
  country,
}: Omit<z.infer<typeof ListFilling>, "campaign" | "remove">): Named[] {
  if (country !== undefined && !isSupportedCountry(country))
    throw invalidRequest([{ pointer: "/country", detail: "Give two letters, such as DE." }]);
  const read = (texts: readonly string[], kind: "id" | "phone" | "username") =>
    texts.map((text) => ({ text, ...readName(text.trim(), kind, country) }));
  return [...read(ids.map(String), "id"), ...read(phones, "phone"), ...read(usernames, "username")].map(
    (named, index) => ({ line: index + 1, ...named }),
  );
}

function listToJson({
  id,
  name,
  members,
  createdBy,
  createdAt,
}: Awaited<ReturnType<typeof listLists>>[number]) {
  return { id, name, members, created_by: createdBy, created_at: createdAt.toISOString() };
}
