import { createRoute, z } from "@hono/zod-openapi";
import { countSources } from "../../audience/source-counts.ts";
import { startLink } from "../../audience/start-link.ts";
import { findSender } from "../../senders/sender-store.ts";
import { scopeInPath } from "../core/bot-scope.ts";
import { problems } from "../core/problem.ts";
import { type Api, type ApiDeps, createRouter } from "../core/router.ts";
import { inQuery, json } from "../shapes/common-shapes.ts";
import { BotInPath } from "../shapes/update-shapes.ts";

const Count = z.int().nonnegative();

const Sources = z
  .object({
    items: z.array(
      z
        .object({
          source: z.string().openapi({ example: "promo_vk0" }),
          people: Count.openapi({
            description: "who first came by it, and are still among the bot's people",
          }),
          reachable: Count,
          joined_7_days: Count,
          joined_30_days: Count,
          link: z.string().nullable().openapi({
            example: "https://t.me/shop_bot?start=promo_vk0",
            description: "null while the username is not known",
          }),
        })
        .openapi("Source"),
    ),
  })
  .openapi("Sources");

const MOST = 1_000;
const USUAL = 100;

const SourcesQuery = z.strictObject({
  limit: z
    .string()
    .regex(/^[1-9]\d{0,3}$/, `Ask for 1 to ${MOST}.`)
    .transform(Number)
    .refine((limit) => limit <= MOST, `Ask for 1 to ${MOST}.`)
    .optional()
    .openapi({ type: "integer", minimum: 1, maximum: MOST, default: USUAL, ...inQuery("limit") }),
});

const list = createRoute({
  method: "get",
  path: "/bots/{bot}/sources",
  operationId: "listSources",
  tags: ["Bots"],
  summary: "Where the people of a bot came from",
  description:
    "The sources of its start links with how many people came by each, those with the most people first.",
  request: { params: BotInPath, query: SourcesQuery },
  responses: { 200: json(Sources, "The sources"), ...problems(401, 404, 422, 429) },
});

export function sourceRoutes({ clock }: Pick<ApiDeps, "clock">): Api {
  const routes = createRouter();
  routes.openapi(list, async (context) => {
    const of = await scopeInPath(context.var.scope, context.req.valid("param").bot);
    const { limit = USUAL } = context.req.valid("query");
    const username = (await findSender(of, of.botId))?.username ?? null;
    const items = (await countSources(of, clock.now(), { most: limit })).map((counted) => ({
      source: counted.source,
      people: counted.people,
      reachable: counted.reachable,
      joined_7_days: counted.last7Days,
      joined_30_days: counted.last30Days,
      link: username === null ? null : startLink(username, counted.source),
    }));
    return context.json({ items }, 200);
  });
  return routes;
}
