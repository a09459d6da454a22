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
    async ({ req }, next) => {
      for (const [name, values] of Object.entries(req.queries()))
        if (values.some((value) => !isStorable(value))) throw unstorable({ parameter: name });
      if (req.header("content-type") && req.raw.body) {
        const pointer = unstorableIn(await req.json<unknown>().catch(() => null));
        if (pointer !== null) throw unstorable({ pointer });
      }
      return next();
    },
  ];
}

/** PostgreSQL keeps neither NUL nor half a character, whatever field they stand in. */
function isStorable(text: string): boolean {
  return !/\0|\p{Surrogate}/u.test(text);
}

/** Where the first text is that cannot be kept, as a JSON pointer; null if there is none. */
function unstorableIn(value: unknown): string | null {
  if (typeof value === "string") return isStorable(value) ? null : "";
  if (typeof value !== "object" || value === null) return null;
  for (const [name, inner] of Object.entries(value)) {
    const within = isStorable(name) ? unstorableIn(inner) : "";
    if (within !== null) return `/${name.replaceAll("~", "~0").replaceAll("/", "~1")}${within}`;
  }
  return null;
}

function unstorable(place: { pointer: string } | { parameter: string }): Problem {
  const detail = "A text has no NUL, and no half of a surrogate pair.";
  return new Problem(
    422,
    "invalid",
    `The request is not valid at ${Object.values(place).join("")}: ${detail}`,
    {
      more: { errors: [{ ...place, detail }] },
    },
  );
}

/** A client that is still sending may not read the answer, so a body that is not far too large is read to its end. */
async function tooLarge({ req }: Context): Promise<never> {
  const length = Number(req.header("content-length") ?? Infinity);
  if (length <= 16 * MOST_BYTES) for await (const _ of req.raw.body ?? []) continue;
  throw new Problem(413, "too-large", `A body has at most ${MOST_BYTES} bytes.`);
}
