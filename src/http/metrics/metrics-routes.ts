import { createHash } from "node:crypto";
import { createRoute, z } from "@hono/zod-openapi";
import type { MiddlewareHandler } from "hono";
import { createLRU } from "lru.min";
import { type Api, type ApiEnv, createRouter } from "../core/router.ts";
import { Problem, problems } from "../core/problem.ts";
import type { Exposition } from "./exposition.ts";

const metrics = createRoute({
  method: "get",
  path: "/metrics",
  operationId: "readMetrics",
  tags: ["Health"],
  summary: "Numbers for Prometheus",
  description: "In its text format. Any key that may use all bots will do.",
  responses: {
    200: { description: "The page", content: { "text/plain": { schema: z.string() } } },
    ...problems(401, 403, 429),
  },
});

/** @param requireKey checks the key of a request */
export function metricsRoutes(exposition: Exposition, requireKey: MiddlewareHandler<ApiEnv>): Api {
  const routes = createRouter();
  routes.use("/metrics", evenWithoutDatabase(requireKey));
  routes.openapi(metrics, async (context) => {
    const headers = { "content-type": exposition.contentType, "cache-control": "no-store" };
    return context.text(await exposition.read(), 200, headers);
  });
  return routes;
}

/** Programs that scrape; the one that has been away longest is forgotten first. */
const MOST_SCRAPERS = 16;
const PATIENCE_MS = 3_000;

/**
 * While the database is away, nobody's key can be looked up, and that is when the page matters most: a key that was valid
 * the last time is let in then.
 */
function evenWithoutDatabase(requireKey: MiddlewareHandler<ApiEnv>): MiddlewareHandler<ApiEnv> {
  const valid = createLRU<string, true>({ max: MOST_SCRAPERS });
  return async (context, next) => {
    const header = context.req.header("authorization") ?? "";
    const digest = createHash("sha256").update(header).digest("base64url");
    const checked = requireKey(context, async () => {
      // The numbers add up all bots.
      if (context.var.key.bots)
        throw new Problem(403, "forbidden", "This key may use only some of the bots.");
      valid.set(digest, true);
    });
    try {
      await (valid.has(digest) ? Promise.race([checked, tooLate()]) : checked);
    } catch (error) {
      if (error instanceof Problem) valid.delete(digest);
      if (!valid.has(digest)) throw error;
      checked.catch(() => undefined); // it may still fail
    }
    return next();
  };
}

function tooLate(): Promise<never> {
  return new Promise((_, reject) => {
    setTimeout(() => reject(new Error("the database does not answer")), PATIENCE_MS).unref();
  });
}
