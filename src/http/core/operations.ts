import type { MiddlewareHandler } from "hono";
import { Problem } from "./problem.ts";
import type { Api, ApiEnv } from "./router.ts";

type Routes = Pick<Api, "routes">;

/**
 * Refuses what there is no route for, before anything looks at the body: its type is not what is wrong then. `app` has all
 * routes.
 */
export function knownOperations(app: Routes): MiddlewareHandler<ApiEnv> {
  return async ({ req: { method, path } }, next) => {
    if (!methodsOf(app, path).includes(method)) throw noSuchOperation(app, method, path);
    await next();
  };
}

/** 404 for a path that there is not, 405 with Allow for one that takes other methods. */
export function noSuchOperation(app: Routes, method: string, path: string): Problem {
  const allow = methodsOf(app, path).join(", ");
  if (allow === "") return new Problem(404, "no-such-operation", `There is no ${method} ${path}. See /docs.`);
  return new Problem(405, "no-such-method", `${path} takes ${allow}, and not ${method}. See /docs.`, {
    headers: { allow },
  });
}

/** The methods that a path takes; none if there is no such path. `/v1/recipients/import` is no recipient. */
function methodsOf({ routes }: Routes, path: string): string[] {
  const matching = routes.filter((route) => route.method !== "ALL" && isAt(route.path, path));
  const exact = matching.filter((route) => route.path === path);
  const found = (exact.length > 0 ? exact : matching).map(({ method }) => method);
  // hono answers HEAD by the handler of GET.
  return [...new Set(found.flatMap((method) => (method === "GET" ? ["GET", "HEAD"] : [method])))].toSorted();
}

/** True for `/v1/bots/:bot` and `/v1/bots/5`. */
function isAt(pattern: string, path: string): boolean {
  const [wanted, given] = [pattern.split("/"), path.split("/")];
  return (
    wanted.length === given.length &&
    wanted.every((part, index) => (part.startsWith(":") ? given[index] !== "" : part === given[index]))
  );
}
