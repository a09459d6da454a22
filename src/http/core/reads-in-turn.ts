import type { MiddlewareHandler } from "hono";
import pLimit from "p-limit";
import type { ApiEnv } from "./router.ts";

/** Reads that are worked on at the same time. */
const MOST_AT_ONCE = 4;

/**
 * Reads wait for each other, so that a program that asks too often slows down itself and not a broadcast: what is sent
 * shares the process and the database with them. Not what has a body, for which a slow client would keep the others
 * waiting. A stream has its turn until it begins.
 */
export function readsInTurn(): MiddlewareHandler<ApiEnv> {
  const turns = pLimit(MOST_AT_ONCE);
  return ({ req }, next) => (req.method === "GET" || req.method === "HEAD" ? turns(next) : next());
}
