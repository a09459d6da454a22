import type { MiddlewareFn } from "grammy";
import pLimit from "p-limit";
import type { BotDeps } from "../ui/bot-context.ts";

/** Two of the ten database connections stay free for the broadcast and for admins. */
const AT_ONCE = 8;

/**
 * Handles only a few updates of the crowd at a time, in order, so that admins and the broadcast do not wait for the
 * database behind a thousand newcomers. Admins' updates pass at once.
 */
export function turnstile({ adminChats }: Pick<BotDeps, "adminChats">): MiddlewareFn {
  const limited = pLimit(AT_ONCE);
  return (ctx, next) => (adminChats.has(ctx.from?.id ?? 0) ? next() : limited(next));
}
