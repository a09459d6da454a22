import { type Api, GrammyError, HttpError } from "grammy";
import type { UserFromGetMe } from "grammy/types";
import type { Clock } from "./clock.ts";
import { StartError } from "./errors.ts";
import { withoutToken } from "./log.ts";
import { type Proxy, proxyFailureIn } from "./telegram/proxy.ts";

/* What the operator reads when Herald cannot start or go on. */

const REFUSED =
  "Telegram refuses BOT_TOKEN. Copy it again from @BotFather (/mybots → API Token); a revoked token no longer works.";

export const TAKEN_OVER =
  "Another Herald took over this bot while the database was out of reach from here. Start this one again to stand by.";

/**
 * Telegram may ask a bot that has just started to wait. Tries before giving up, and the longest wait that is accepted.
 */
const MOST_TRIES = 3;
const LONGEST_WAIT_MS = 30_000;

export interface Introduction {
  apiRoot: string;
  proxy: Proxy | null;
  clock: Clock;
}

/**
 * Asks Telegram who we are.
 * @throws StartError with a sentence for the operator when the token is refused or Telegram cannot be reached.
 */
export async function introduce(api: Api, { apiRoot, proxy, clock }: Introduction): Promise<UserFromGetMe> {
  for (let tries = 1; ; tries += 1)
    try {
      return await api.getMe();
    } catch (error) {
      const waitMs = waitAfter(error);
      if (waitMs === null || waitMs > LONGEST_WAIT_MS || tries === MOST_TRIES)
        throw unreachable(error, apiRoot, proxy);
      await clock.sleep(waitMs);
    }
}

function waitAfter(error: unknown): number | null {
  const seconds = error instanceof GrammyError ? error.parameters.retry_after : undefined;
  return seconds === undefined ? null : seconds * 1_000;
}

function unreachable(error: unknown, apiRoot: string, proxy: Proxy | null): StartError {
  if (error instanceof GrammyError && (error.error_code === 401 || error.error_code === 404))
    return new StartError(REFUSED);
  const cause =
    error instanceof HttpError && error.error instanceof Error ? error.error.message : String(error);
  const way = proxy && !proxyFailureIn(error) ? ` through the proxy ${proxy.address}` : "";
  return new StartError(
    `Telegram cannot be reached at ${apiRoot}${way}: ${withoutToken(cause)}\n${remedy(apiRoot, proxy, cause)}`,
    { cause: error },
  );
}

function remedy(apiRoot: string, proxy: Proxy | null, cause: string): string {
  if (!proxy) return "Check the network, a firewall, TELEGRAM_API_ROOT, and HTTPS_PROXY if there is a proxy.";
  const variable = apiRoot.startsWith("https:") ? "HTTPS_PROXY" : "HTTP_PROXY";
  const { hostname } = new URL(apiRoot);
  if (proxy.type === "socks5" && cause.includes("getaddrinfo"))
    return `This machine cannot look up ${hostname}. Write ${variable} (or ALL_PROXY) with socks5h://, and the proxy looks it up.`;
  return `Check the proxy and ${variable} (or ALL_PROXY). To reach ${hostname} without it: NO_PROXY=${hostname}`;
}

/** The error that ends the process; for a refused token, a sentence for the operator. */
export function crashOf(error: unknown): Error {
  if (error instanceof GrammyError && error.error_code === 401) return new StartError(REFUSED);
  return error instanceof Error ? error : new Error(String(error));
}
