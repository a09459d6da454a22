import { createRoute } from "@hono/zod-openapi";
import { sees } from "../../db/scope.ts";
import { Problem, problems } from "../core/problem.ts";
import { type Api, type ApiDeps, createRouter } from "../core/router.ts";
import { readUpdate } from "../json/update-from-json.ts";
import { body, json } from "../shapes/common-shapes.ts";
import { BotInPath, RelayQuery, Relayed, Updates } from "../shapes/update-shapes.ts";

const relay = createRoute({
  method: "post",
  path: "/bots/{bot}/updates",
  operationId: "relayUpdates",
  tags: ["Bots"],
  summary: "Relay updates of a bot that another program answers",
  description:
    "Role `relay`, and no other. One update or up to 1,000, as Telegram sent them, in any order; one that comes twice within a " +
    "day counts once. Herald notes who starts, blocks and returns, chats and rights, and votes, and answers taps on the " +
    "buttons of its posts. It answers no command. What Herald has no use for is ignored. See docs/beside.md.",
  request: { params: BotInPath, query: RelayQuery, ...body(Updates) },
  responses: {
    202: json(Relayed, "How many were taken"),
    ...problems(400, 401, 403, 404, 409, 413, 415, 422, 429),
  },
});

/** What another program relays of its bot. */
export function updateRoutes({ intake }: ApiDeps): Api {
  const routes = createRouter();

  routes.openapi(relay, async (context) => {
    const { bot } = context.req.valid("param");
    const { leave = [], join = [] } = context.req.valid("query");
    const sender = await intake.find(bot);
    if (!sender || !sees(context.var.scope, sender.botId)) throw unknownBot(bot);
    if (sender.handling === "answers") throw answeredByHerald(sender);
    const given = context.req.valid("json");
    const updates = (Array.isArray(given) ? given : [given]).map(readUpdate);
    const relayed = await intake.take(sender.botId, context.var.actor, updates, { leave, join });
    return context.json(relayed, 202);
  });

  return routes;
}

/** Which bots there are is not told to a key that can only relay. */
function unknownBot(bot: string): Problem {
  return new Problem(404, "not-found", `There is no bot ${bot} here. /bots in Herald's chat lists them.`);
}

/** Each tap would count twice. */
function answeredByHerald({ name, isHome }: { name: string; isHome: boolean }): Problem {
  const remedy = isHome
    ? "The home is always answered by Herald: docs/beside.md says how to set up a home of its own."
    : "If another program answers it, an owner says so with /bots in Herald's chat.";
  return new Problem(
    409,
    "answered-by-herald",
    `Herald answers ${name} itself, and gets its updates from Telegram. ${remedy}`,
  );
}
