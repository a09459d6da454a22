import type { IncomingMessage } from "node:http";
import { isRead } from "./http.ts";

/** The names by which a browser on this machine reaches a server on its loopback. */
const OWN_HOST = /^(?:127\.0\.0\.1|localhost|\[::1\])(?::\d+)?$/i;

/**
 * Whether a request comes from a page of elsewhere in a browser on this machine: one whose domain was made to point
 * here (DNS rebinding) names another host, and one that posts here names its own origin. A client that is no browser
 * sends no origin.
 */
export function isForeign(request: IncomingMessage): boolean {
  if (!OWN_HOST.test(request.headers.host ?? "")) return true;
  return !isRead(request) && hasForeignOrigin(request);
}

/**
 * Whether a request names an origin that is not this server's. All that is asked of what bots call: one in a container
 * reaches the playground by another host, and none sends an origin.
 */
export function hasForeignOrigin({ headers: { host = "", origin } }: IncomingMessage): boolean {
  return origin !== undefined && !(OWN_HOST.test(host) && origin === `http://${host}`);
}
