import { createRoute, z } from "@hono/zod-openapi";
import type { Readiness } from "../readiness.ts";
import { type Api, createRouter } from "./core/router.ts";
import { json } from "./shapes/common-shapes.ts";

const Ready = z
  .object({ database: z.boolean(), telegram: z.enum(["ok", "silent", "stand-by"]) })
  .openapi("Readiness");

const alive = createRoute({
  method: "get",
  path: "/healthz",
  operationId: "isAlive",
  security: [],
  tags: ["Health"],
  summary: "Whether the process answers",
  responses: { 200: json(z.object({ status: z.literal("ok") }), "It does") },
});

const ready = createRoute({
  method: "get",
  path: "/readyz",
  operationId: "isReady",
  security: [],
  tags: ["Health"],
  summary: "Whether the database and Telegram answer",
  responses: { 200: json(Ready, "Both do"), 503: json(Ready, "One of them does not") },
});

/** For supervisors and load balancers; without a key, and without a word about campaigns. */
export function healthRoutes(readiness: () => Promise<Readiness>): Api {
  const routes = createRouter();
  routes.openapi(alive, (context) => context.json({ status: "ok" as const }, 200));
  routes.openapi(ready, async (context) => {
    const state = await readiness();
    return context.json(state, state.database && state.telegram !== "silent" ? 200 : 503);
  });
  return routes;
}
