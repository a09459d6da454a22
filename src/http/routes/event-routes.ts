import { createRoute } from "@hono/zod-openapi";
import type { Context } from "hono";
import { isOver } from "../../campaign/campaign.ts";
import { getCampaign } from "../../campaign/queries.ts";
import { problems } from "../core/problem.ts";
import { type Api, type ApiDeps, type ApiEnv, createRouter } from "../core/router.ts";
import type { LiveEvents } from "../live/live-events.ts";
import { NumberInPath } from "../shapes/common-shapes.ts";
import { CampaignEventShape, LastEventId } from "../shapes/event-shapes.ts";

const stream = {
  description: "Server-sent events; the schema is that of their data",
  content: { "text/event-stream": { schema: CampaignEventShape } },
};

const all = createRoute({
  method: "get",
  path: "/events",
  operationId: "watchCampaigns",
  tags: ["Live"],
  summary: "Watch all campaigns",
  description:
    "Server-sent events, named after the state that a campaign is in now, or `progress` if only its counters have moved: " +
    "at most one a second. First come the campaigns that are running, paused or scheduled or, with `Last-Event-ID`, those " +
    "that have changed since. An event may come twice. Drafts are left out.",
  request: { headers: LastEventId },
  responses: { 200: stream, ...problems(401, 422, 429, 503) },
});

const single = createRoute({
  method: "get",
  path: "/campaigns/{number}/events",
  operationId: "watchCampaign",
  tags: ["Live"],
  summary: "Watch a campaign",
  description:
    "Server-sent events, named after the state that the campaign is in now, or `progress` if only its counters have moved: " +
    "at most one a second. First comes how it stands; of a draft, nothing until it is scheduled or sent. The stream ends when " +
    "the campaign is over. A client that then comes back with the last id in `Last-Event-ID` is answered 204.",
  request: { params: NumberInPath, headers: LastEventId },
  responses: {
    200: stream,
    204: { description: "It is over, and you know" },
    ...problems(401, 404, 422, 429, 503),
  },
});

/**
 * An id is a time of the database. One that is older, or further ahead than clocks may differ, such as after a restore, is
 * as good as none: with a later one, a watcher would not hear how the campaigns stand.
 */
const [LONGEST_GAP_MS, MOST_AHEAD_MS] = [86_400_000, 60_000];

export function eventRoutes({ clock }: ApiDeps, live: LiveEvents): Api {
  const routes = createRouter();

  routes.openapi(all, (context) => {
    const { "last-event-id": last = null } = context.req.valid("header");
    const agoMs = clock.now().getTime() - (last?.getTime() ?? 0);
    const isRecent = agoMs < LONGEST_GAP_MS && agoMs >= -MOST_AHEAD_MS;
    return streamTo(context, null, isRecent ? last : null);
  });

  routes.openapi(single, async (context) => {
    const { scope } = context.var;
    const { number } = context.req.valid("param");
    const { "last-event-id": last = null } = context.req.valid("header");
    const { state, updatedAt } = await getCampaign(scope, number);
    if (isOver(state) && last?.getTime() === updatedAt.getTime()) return context.body(null, 204);
    return streamTo(context, number, last);
  });

  function streamTo(context: Context<ApiEnv>, number: number | null, since: Date | null) {
    const headers = {
      "content-type": "text/event-stream",
      // A proxy that compresses holds everything back to the end.
      "cache-control": "no-cache, no-transform",
      // nginx neither buffers it in memory nor, behind a client that does not read, on disk.
      "x-accel-buffering": "no",
    };
    // hono answers HEAD by the handler of GET, and would never read this body.
    if (context.req.raw.method === "HEAD") return context.body(null, 200, headers);
    const { key } = context.var;
    return context.body(live.open({ keyId: key.id, bots: key.bots, number, since }), 200, headers);
  }

  return routes;
}
