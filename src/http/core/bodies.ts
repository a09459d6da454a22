import type { Context, MiddlewareHandler } from "hono";
import { bodyLimit } from "hono/body-limit";
import { Problem } from "./problem.ts";
import type { ApiEnv } from "./router.ts";

const MOST_BYTES = 1_048_576;

/**
 * What holds for the bodies of all routes behind it: JSON, at most 1 MiB, which arrives whole within `patienceMs`. A route
 * that takes a stream of any length stands before it.
 */
export function ordinaryBodies(patienceMs: number): MiddlewareHandler<ApiEnv>[] {
  return [
    async (context, next) => {
      const { headers } = context.req.raw;
      const hasBody = headers.has("transfer-encoding") || Number(headers.get("content-length") ?? 0) > 0;
      if (!hasBody) return next();
      if (!/^application\/(?:[\w.-]+\+)?json(?:;|$)/i.test(headers.get("content-type") ?? ""))
        throw new Problem(415, "not-json", "Send JSON, with the header Content-Type: application/json.");
      const { incoming } = context.env;
      const late = setTimeout(() => incoming.destroy(), patienceMs);
      for (const over of ["end", "close"]) incoming.once(over, () => clearTimeout(late));
      return next();
    },
    bodyLimit({ maxSize: MOST_BYTES, onError: tooLarge }),
  ];
}

/** A client that is still sending may not read the answer, so a body that is not far too large is read to its end. */
async function tooLarge({ req }: Context): Promise<never> {
  const length = Number(req.header("content-length") ?? Infinity);
  if (length <= 16 * MOST_BYTES) for await (const _ of req.raw.body ?? []) continue;
  throw new Problem(413, "too-large", `A body has at most ${MOST_BYTES} bytes.`);
}
