import type { MiddlewareFn } from "grammy";
import type { BotDeps } from "../ui/bot-context.ts";

/** Two of the ten database connections stay free for the broadcast and for admins. */
const AT_ONCE = 8;

/**
 * Handles only a few updates of the crowd at a time, in order, so that admins and the broadcast do not wait for the database
 * behind a thousand newcomers. Admins' updates pass at once.
 */
export function turnstile({ adminChats }: Pick<BotDeps, "adminChats">): MiddlewareFn {
  let inside = 0;
  const waiting: (() => void)[] = [];

  return async (ctx, next) => {
    if (adminChats.has(ctx.from?.id ?? 0)) return next();
    if (inside >= AT_ONCE) await new Promise<void>((resolve) => waiting.push(resolve));
    else inside += 1;
    try {
      await next();
    } finally {
      const first = waiting.shift(); // takes this one's place
      if (first) first();
      else inside -= 1;
    }
  };
}
