import type { IncomingMessage } from "node:http";
import { isRead } from "./http.ts";

/** The hosts by which a browser on this machine reaches its loopback. */
const OWN_HOST = /^(?:127\.0\.0\.1|localhost|\[::1\])(?::\d+)?$/i;

/**
 * Whether a request comes from a foreign web page in a browser on this machine. With DNS rebinding the host differs;
 * a cross-site POST names its own origin. Clients that are not browsers send no origin.
 */
export function isForeign(request: IncomingMessage): boolean {
  if (!OWN_HOST.test(request.headers.host ?? "")) return true;
  return !isRead(request) && hasForeignOrigin(request);
}

/**
 * Whether a request names a foreign origin. This is the only check on Bot API calls: a bot in a container reaches the
 * playground by another host, and bots send no origin.
 */
export function hasForeignOrigin({ headers: { host = "", origin } }: IncomingMessage): boolean {
  return origin !== undefined && !(OWN_HOST.test(host) && origin === `http://${host}`);
}
