import { createRoute } from "@hono/zod-openapi";
import { type AudienceCount, countEveryone } from "../../audience/segment/audience.ts";
import { findBotCalled } from "../../campaign/home-bots.ts";
import { type HomeScope, type Scope, scopeOf } from "../../db/scope.ts";
import { listTroubles } from "../../db/troubles.ts";
import { findSender, listSenders } from "../../senders/sender-store.ts";
import type { Sender } from "../../senders/sender.ts";
import { unknownBot } from "../core/bot-scope.ts";
import { problems } from "../core/problem.ts";
import { type Api, type ApiDeps, createRouter } from "../core/router.ts";
import { botToJson } from "../json/bot-json.ts";
import { Bot, type BotJson, BotPaging } from "../shapes/bot-shapes.ts";
import { USUAL_LIMIT, cutPage, json, pageOf } from "../shapes/common-shapes.ts";
import { BotInPath } from "../shapes/update-shapes.ts";

const tags = ["Bots"];

const list = createRoute({
  method: "get",
  path: "/bots",
  operationId: "listBots",
  tags,
  summary: "List the bots that Herald posts by",
  description: "In the order of their ids, with how each is doing. Owners add and remove them with /bots.",
  request: { query: BotPaging },
  responses: { 200: json(pageOf(Bot, "BotPage"), "A page"), ...problems(401, 422, 429) },
});

const read = createRoute({
  method: "get",
  path: "/bots/{bot}",
  operationId: "readBot",
  tags,
  summary: "Read a bot",
  request: { params: BotInPath },
  responses: { 200: json(Bot, "The bot"), ...problems(401, 404, 422, 429) },
});

/** Counting the people of a bot reads all of them, a million in a second: counts are reused for so long. */
const COUNTED_FOR_MS = 60_000;

/** The bots of the home. */
export function botRoutes({ clock, vault, rateOf }: ApiDeps): Api {
  const routes = createRouter();
  const counts = new Map<number, { at: number; people: AudienceCount }>();

  async function countPeople(of: Scope): Promise<AudienceCount> {
    const before = counts.get(of.botId);
    if (before && clock.monotonic() - before.at < COUNTED_FOR_MS) return before.people;
    const people = await countEveryone(of);
    counts.set(of.botId, { at: clock.monotonic(), people });
    return people;
  }

  async function answer(scope: HomeScope, sender: Sender): Promise<BotJson> {
    const { isHome, quietUntil } = sender;
    const of = scopeOf(scope, sender);
    return botToJson({
      sender,
      hasToken: isHome || (await vault.open(sender)) !== null,
      troubles: await listTroubles(of),
      rate: rateOf(sender),
      quietUntil: quietUntil && quietUntil > clock.now() ? quietUntil : null,
      people: await countPeople(of),
    });
  }

  routes.openapi(list, async (context) => {
    const { scope } = context.var;
    const { limit = USUAL_LIMIT, cursor = 0 } = context.req.valid("query");
    const senders = (await listSenders(scope)).toSorted((a, b) => a.botId - b.botId);
    const page = cutPage(
      senders.filter(({ botId }) => botId > cursor),
      limit,
      ({ botId }) => botId,
    );
    const items: BotJson[] = [];
    for (const sender of page.items) items.push(await answer(scope, sender));
    return context.json({ ...page, items }, 200);
  });

  routes.openapi(read, async (context) => {
    const { scope } = context.var;
    const { bot } = context.req.valid("param");
    const botId = await findBotCalled(scope, bot);
    const sender = botId === null ? null : await findSender(scope, botId);
    if (!sender) throw await unknownBot(scope, bot);
    return context.json(await answer(scope, sender), 200);
  });

  return routes;
}
