import { createRoute, z } from "@hono/zod-openapi";
import { accepts } from "hono/accepts";
import {
  type DeliveryFilter,
  type ReportedDelivery,
  eachDeliveryPage,
  listDeliveries,
} from "../../campaign/report/each-delivery.ts";
import { knownOfPerson } from "../../campaign/report/known-of-person.ts";
import { findRecipient } from "../../audience/recipient-list.ts";
import { listHistory } from "../../campaign/report/recipient-history.ts";
import { getWithDetails } from "../../campaign/queries.ts";
import { botScope } from "../core/bot-scope.ts";
import { problems } from "../core/problem.ts";
import { type Api, type ApiDeps, createRouter } from "../core/router.ts";
import { asCsv, asNdjson, streamed } from "../core/streamed.ts";
import {
  DELIVERY_COLUMNS,
  deliveryToJson,
  deliveryToRow,
  historyToJson,
  inboxToJson,
} from "../json/delivery-json.ts";
import { recipientToJson } from "../json/recipient-json.ts";
import { NumberInPath, OfBotQuery, USUAL_LIMIT, cutPage, json, pageOf } from "../shapes/common-shapes.ts";
import {
  Delivery,
  DeliveryFilterShape,
  HistoryEntry,
  HistoryPaging,
  PersonExport,
} from "../shapes/history-shapes.ts";
import { IdInPath } from "../shapes/recipient-shapes.ts";
import { unknownRecipient } from "./recipient-routes.ts";
import { type Scope, scopeOf } from "../../db/scope.ts";

const tags = ["History"];
const table = { schema: z.string() };

const deliveries = createRoute({
  method: "get",
  path: "/campaigns/{number}/deliveries",
  operationId: "listDeliveries",
  tags,
  summary: "Who got a campaign, and who did not",
  description:
    "In pages as JSON; with `Accept: application/x-ndjson` or `text/csv` all of it as a stream, in the order of the pages, " +
    "from `cursor` on. If something goes wrong, the connection is closed before the end of the body. Deliveries are deleted " +
    "after `RETENTION_DAYS`: then it is answered with 410.",
  request: { params: NumberInPath, query: DeliveryFilterShape },
  responses: {
    200: {
      description: "A page, or all of it",
      content: {
        ...json(pageOf(Delivery, "DeliveryPage"), "").content,
        "application/x-ndjson": table,
        "text/csv": table,
      },
    },
    ...problems(401, 404, 410, 422, 429),
  },
});

const history = createRoute({
  method: "get",
  path: "/recipients/{id}/history",
  operationId: "readHistory",
  tags,
  summary: "What a recipient got, and what they voted for",
  description:
    "Newest campaign first. Campaigns whose deliveries have been deleted after `RETENTION_DAYS` are not in it.",
  request: { params: IdInPath, query: HistoryPaging },
  responses: { 200: json(pageOf(HistoryEntry, "HistoryPage"), "A page"), ...problems(401, 404, 422, 429) },
});

const known = createRoute({
  method: "get",
  path: "/recipients/{id}/export",
  operationId: "exportRecipient",
  tags,
  summary: "All that is known of one person",
  description:
    "Their record, the lists that they are on, what they got, and what they voted for and answered.",
  request: { params: IdInPath, query: OfBotQuery },
  responses: { 200: json(PersonExport, "All that is known"), ...problems(401, 404, 422, 429) },
});

const TYPES = ["application/json", "application/x-ndjson", "text/csv"] as const;

/** What was sent to whom, by campaign and by recipient. */
export function historyRoutes({ log }: Pick<ApiDeps, "log">): Api {
  const routes = createRouter();

  routes.openapi(deliveries, async (context) => {
    const { scope } = context.var;
    const { number } = context.req.valid("param");
    const { limit = USUAL_LIMIT, cursor, state } = context.req.valid("query");
    const of = scopeOf(scope, await getWithDetails(scope, number));
    const filter = { ...(state && { states: state }), ...(cursor !== undefined && { after: cursor }) };
    const type = accepts(context, { header: "Accept", supports: [...TYPES], default: TYPES[0] });
    if (type === "application/x-ndjson") {
      const name = `campaign-${number}.ndjson`;
      return streamed(context, log, { type, name }, asNdjson(pages(of, number, filter, deliveryToJson)));
    }
    if (type === "text/csv") {
      const name = `campaign-${number}.csv`;
      const rows = pages(of, number, filter, deliveryToRow);
      return streamed(context, log, { type, name }, asCsv(DELIVERY_COLUMNS, rows));
    }
    const found = await listDeliveries(of, number, filter, limit + 1);
    const page = cutPage(found, limit, ({ seq }) => seq);
    return context.json({ ...page, items: page.items.map(deliveryToJson) }, 200);
  });

  routes.openapi(history, async (context) => {
    const { scope } = context.var;
    const { id } = context.req.valid("param");
    const { limit = USUAL_LIMIT, cursor, bot } = context.req.valid("query");
    const of = await botScope(scope, bot);
    const found = await listHistory(of, id, limit + 1, cursor);
    // Those who were erased have one as long as their deliveries are kept.
    if (found.length === 0 && !(await findRecipient(of, id))) throw unknownRecipient(id);
    const page = cutPage(found, limit, ({ campaignId }) => campaignId);
    return context.json({ ...page, items: page.items.map(historyToJson) }, 200);
  });

  routes.openapi(known, async (context) => {
    const { scope } = context.var;
    const { id } = context.req.valid("param");
    const found = await knownOfPerson(await botScope(scope, context.req.valid("query").bot), id);
    if (!found) throw unknownRecipient(id);
    const { bot, person, lists, campaigns, inbox } = found;
    const recipient = person && recipientToJson(person);
    const others = { campaigns: campaigns.map(historyToJson), inbox: inbox && inboxToJson(inbox) };
    return context.json({ bot, recipient, lists, ...others }, 200);
  });

  return routes;
}

async function* pages<T>(
  of: Scope,
  number: number,
  filter: DeliveryFilter,
  as: (delivery: ReportedDelivery) => T,
) {
  for await (const page of eachDeliveryPage(of, number, filter)) yield page.map(as);
  // If they were deleted meanwhile, some are missing.
  await getWithDetails(of, number);
}
