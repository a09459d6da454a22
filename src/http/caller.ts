import { isIP } from "node:net";
import { getConnInfo } from "@hono/node-server/conninfo";
import type { Context, MiddlewareHandler } from "hono";
import { createLRU } from "lru.min";
import { findKey, noteUse } from "../access/keys.ts";
import { type HomeScope, limitedTo } from "../db/scope.ts";
import type { ApiDeps, ApiEnv } from "./core/router.ts";
import { Problem } from "./core/problem.ts";

/** Wrong keys that an address may present in a minute. */
const MOST_WRONG = 20;
const MINUTE_MS = 60_000;
/** Addresses whose wrong keys are counted; the one that has been quiet longest is forgotten first. */
const MOST_ADDRESSES = 10_000;

/** All that a key of the role `relay` may do. */
const RELAYS = /^POST \/v1\/bots\/[^/]+\/updates$/;

export interface CallerDeps extends Pick<ApiDeps, "clock" | "log"> {
  scope: HomeScope;
}

/**
 * Finds out which key a request carries, `Authorization: Bearer hk_…`, and lets only valid ones through. An address that
 * presents too many wrong ones is answered 429 for wrong ones until the minute is over; right ones are served.
 */
export function requireKey(deps: CallerDeps): MiddlewareHandler<ApiEnv> {
  const { scope, clock, log } = deps;
  const wrong = createLRU<string, { count: number; since: number }>({ max: MOST_ADDRESSES });

  function noteWrong(address: string): void {
    const now = clock.monotonic();
    const before = wrong.get(address);
    const counted = before && now - before.since < MINUTE_MS ? before : { count: 0, since: now };
    counted.count += 1;
    wrong.set(address, counted);
    if (counted.count === MOST_WRONG + 1) log.warn({ address }, "an address presents many wrong API keys");
    if (counted.count > MOST_WRONG) throw tooMany(counted.since + MINUTE_MS - now);
  }

  return async (context, next) => {
    const header = context.req.header("authorization");
    if (header === undefined)
      throw unauthorized("Send a key: Authorization: Bearer hk_… An owner makes one with /keys.");
    const [, secret = ""] = /^Bearer +(\S+)$/i.exec(header) ?? [];
    const address = addressOf(context);
    const now = clock.now();
    const key = await findKey(scope, secret, now);
    if (!key) {
      noteWrong(address);
      throw unauthorized(
        "This key is not valid: it is wrong, revoked or expired. An owner makes another with /keys.",
      );
    }
    if (key.role === "relay" && !RELAYS.test(`${context.req.method} ${context.req.path}`))
      throw new Problem(403, "forbidden", "A key of the role relay can only POST to /v1/bots/{bot}/updates.");
    await noteUse(scope, key, address, now);
    context.set("scope", limitedTo(scope, key.bots));
    context.set("key", key);
    context.set("actor", { type: "key", id: key.id, name: key.name });
    await next();
  };
}

/**
 * Where a request comes from. A proxy on this machine says it in the last entry of X-Forwarded-For, which it adds itself;
 * what others say there is not believed.
 */
function addressOf(context: Context<ApiEnv>): string {
  const address = getConnInfo(context).remote.address ?? "unknown";
  const forwarded = context.req.header("x-forwarded-for")?.split(",").at(-1)?.trim() ?? "";
  return isIP(forwarded) && LOOPBACK.test(address) ? forwarded : address;
}

const LOOPBACK = /^(?:::ffff:)?127\.|^::1$/;

function unauthorized(detail: string): Problem {
  return new Problem(401, "unauthorized", detail, {
    headers: { "www-authenticate": 'Bearer realm="Herald"' },
  });
}

function tooMany(ms: number): Problem {
  const seconds = Math.max(1, Math.ceil(ms / 1_000));
  return new Problem(429, "too-many-wrong-keys", `Too many wrong keys. Try again in ${seconds} s.`, {
    headers: { "retry-after": String(seconds) },
  });
}
