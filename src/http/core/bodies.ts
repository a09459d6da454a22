import type { Context, MiddlewareHandler } from "hono";
import { bodyLimit } from "hono/body-limit";
import { Problem, invalidRequest, pointerTo } from "./problem.ts";
import type { ApiEnv } from "./router.ts";

const MOST_BYTES = 1_048_576;

/**
 * What holds for the bodies of all routes behind it: JSON, at most 1 MiB, which arrives whole within `patienceMs`. A route
 * that takes a stream of any length stands before it.
 */
export function jsonBodies(patienceMs: number): MiddlewareHandler<ApiEnv>[] {
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

/** Refuses texts that cannot be kept. A route that mends them stands before it. */
export function storableTexts(): MiddlewareHandler<ApiEnv> {
  return async ({ req }, next) => {
    for (const [name, values] of Object.entries(req.queries()))
      if (values.some((value) => !isStorable(value)))
        throw invalidRequest([{ parameter: name, detail: UNSTORABLE }]);
    if (req.header("content-type") && req.raw.body) {
      const path = unstorableIn(await req.json<unknown>().catch(() => null));
      if (path) throw invalidRequest([{ pointer: pointerTo(path), detail: UNSTORABLE }]);
    }
    return next();
  };
}

/** PostgreSQL keeps neither NUL nor half a character, whatever field they stand in. */
function isStorable(text: string): boolean {
  return !/\0|\p{Surrogate}/u.test(text);
}

const UNSTORABLE = "A text has no NUL, and no half of a surrogate pair.";

/** The way to the first text that cannot be kept; null if there is none. */
function unstorableIn(value: unknown): string[] | null {
  if (typeof value === "string") return isStorable(value) ? null : [];
  if (typeof value !== "object" || value === null) return null;
  for (const [name, inner] of Object.entries(value)) {
    const within = isStorable(name) ? unstorableIn(inner) : [];
    if (within) return [name, ...within];
  }
  return null;
}

/** A client that is still sending may not read the answer, so a body that is not far too large is read to its end. */
async function tooLarge({ req }: Context): Promise<never> {
  const length = Number(req.header("content-length") ?? Infinity);
  if (length <= 16 * MOST_BYTES) for await (const _ of req.raw.body ?? []) continue;
  throw new Problem(413, "too-large", `A body has at most ${MOST_BYTES} bytes.`);
}
