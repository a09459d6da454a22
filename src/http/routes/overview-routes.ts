import { createRoute } from "@hono/zod-openapi";
import { findChat, listChatsBehind, listTopics } from "../../audience/chats.ts";
import { createPeopleCounter } from "../../audience/people-counts.ts";
import { lastPolls } from "../../campaign/report/poll-results.ts";
import { countCampaignsBySort, lastRates, reachByDay } from "../../campaign/report/statistics.ts";
import { listPlanned } from "../../campaign/planned.ts";
import { lastDays } from "../../schedule/wall.ts";
import { isZone } from "../../schedule/zone-data.ts";
import { IN_QUERY, botFilter, botScope, usualBot } from "../core/bot-scope.ts";
import { Problem, invalidRequest, problems } from "../core/problem.ts";
import { type Api, type ApiDeps, createRouter } from "../core/router.ts";
import { chatToJson, plannedToJson, statisticsToJson } from "../json/overview-json.ts";
import { OfBotQuery, USUAL_LIMIT, cutPage, json, pageOf } from "../shapes/common-shapes.ts";
import {
  Calendar,
  CalendarQuery,
  Chat,
  ChatPaging,
  Statistics,
  StatisticsQuery,
  Topics,
} from "../shapes/overview-shapes.ts";
import { IdInPath } from "../shapes/recipient-shapes.ts";
import { type Scope, scopeOf } from "../../db/scope.ts";
import { findSender } from "../../senders/sender-store.ts";

const chats = createRoute({
  method: "get",
  path: "/chats",
  operationId: "listChats",
  tags: ["Chats"],
  summary: "List the groups and channels that the bot is in",
  request: { query: ChatPaging },
  responses: { 200: json(pageOf(Chat, "ChatPage"), "A page"), ...problems(401, 422, 429) },
});

const topics = createRoute({
  method: "get",
  path: "/chats/{id}/topics",
  operationId: "listTopics",
  tags: ["Chats"],
  summary: "List the topics of a forum",
  description: "Those that the bot has heard of, without General.",
  request: { params: IdInPath, query: OfBotQuery },
  responses: { 200: json(Topics, "The topics"), ...problems(401, 404, 422, 429) },
});

const statistics = createRoute({
  method: "get",
  path: "/statistics",
  operationId: "readStatistics",
  tags: ["Overview"],
  summary: "Campaigns and people in numbers",
  description: "As /stats in the bot. People are counted at most once a minute.",
  request: { query: StatisticsQuery },
  responses: { 200: json(Statistics, "The numbers"), ...problems(401, 422, 429) },
});

const calendar = createRoute({
  method: "get",
  path: "/calendar",
  operationId: "readCalendar",
  tags: ["Overview"],
  summary: "What is planned",
  description:
    "From `from` on and before `to`, which may be 31 days apart, in order of time. Of a series that runs very often, the first " +
    "100 runs in that time.",
  request: { query: CalendarQuery },
  responses: { 200: json(Calendar, "What is planned"), ...problems(401, 422, 429) },
});

/** As in the bot's statistics. */
const [DAYS, RATES, POLLS] = [30, 5, 3];
const DAY_MS = 86_400_000;
const [USUAL_DAYS, MOST_DAYS] = [7, 31];

/** What there is besides campaigns and recipients: chats, statistics, the calendar. */
export function overviewRoutes({ clock, settings, rateOf }: ApiDeps): Api {
  const routes = createRouter();
  /** Each remembers what it counted, for its bot. */
  const counters = new Map<number, ReturnType<typeof createPeopleCounter>>();

  function peopleCounter(of: Scope): ReturnType<typeof createPeopleCounter> {
    const counter = counters.get(of.botId) ?? createPeopleCounter(of, clock);
    counters.set(of.botId, counter);
    return counter;
  }

  async function rateIn(of: Scope) {
    const sender = await findSender(of, of.botId);
    return rateOf(sender ?? { botId: of.botId, isHome: of.botId === of.homeId, rate: null });
  }

  routes.openapi(chats, async (context) => {
    const { scope } = context.var;
    const { limit = USUAL_LIMIT, cursor, bot } = context.req.valid("query");
    const of = await botScope(scope, bot);
    const page = cutPage(await listChatsBehind(of, limit + 1, cursor), limit, ({ chatId }) => chatId);
    return context.json({ ...page, items: page.items.map(chatToJson) }, 200);
  });

  routes.openapi(topics, async (context) => {
    const { scope } = context.var;
    const { id } = context.req.valid("param");
    const of = await botScope(scope, context.req.valid("query").bot);
    if (!(await findChat(of, id)))
      throw new Problem(404, "not-found", `The bot knows no group or channel ${id}.`);
    const items = (await listTopics(of, id)).map(({ threadId, ...rest }) => ({ id: threadId, ...rest }));
    return context.json({ items }, 200);
  });

  routes.openapi(statistics, async (context) => {
    const { scope } = context.var;
    const { zone = settings.timezone, bot } = context.req.valid("query");
    const only = await botFilter(scope, bot);
    const of = scopeOf(scope, { botId: only ?? (await usualBot(scope, IN_QUERY)) });
    if (!isZone(zone))
      throw invalidRequest([{ parameter: "zone", detail: `There is no time zone "${zone}".` }]);
    const days = lastDays(clock.now(), zone, DAYS);
    const facts = {
      days,
      people: await peopleCounter(of)(days),
      campaigns: await countCampaignsBySort(scope, only),
      reach: await reachByDay(scope, days, only),
      rates: await lastRates(scope, RATES, only),
      polls: await lastPolls(scope, POLLS, only),
      rate: await rateIn(of),
    };
    return context.json(statisticsToJson(facts), 200);
  });

  routes.openapi(calendar, async (context) => {
    const { scope } = context.var;
    const query = context.req.valid("query");
    const now = clock.now();
    const from = query.from === undefined ? now : new Date(query.from);
    const to = new Date(query.to ?? from.getTime() + USUAL_DAYS * DAY_MS);
    if (to <= from) throw invalidRequest([{ parameter: "to", detail: "It has to be after from." }]);
    if (to.getTime() - from.getTime() > MOST_DAYS * DAY_MS)
      throw invalidRequest([{ parameter: "to", detail: `Ask for at most ${MOST_DAYS} days.` }]);
    const planned = await listPlanned(scope, from, to, now, await botFilter(scope, query.bot));
    return context.json({ items: planned.map(plannedToJson) }, 200);
  });

  return routes;
}
