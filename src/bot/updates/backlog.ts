import type { MiddlewareFn } from "grammy";
import type { CrowdDeps } from "../ui/bot-context.ts";

/**
 * Polling holds a limited number of updates, and while it is full, Herald hears nobody else. One person's updates are
 * handled one after the other, so without this bound a single stranger could fill it.
 */
const MOST_OF_ONE_PERSON = 100;

/**
 * Drops a person's updates while too many of them wait to be handled. Admins' updates are never dropped, nor is the news
 * that the bot was blocked.
 */
export function boundBacklog({ adminChats, log }: Pick<CrowdDeps, "adminChats" | "log">): MiddlewareFn {
  const inWork = new Map<number, number>();
  const full = new Set<number>();

  return async (ctx, next) => {
    const isPersonal = ctx.chat?.type === "private" || ctx.callbackQuery !== undefined;
    const person = ctx.from?.id ?? 0;
    if (!isPersonal || ctx.myChatMember || adminChats.has(person)) return next();
    const count = inWork.get(person) ?? 0;
    if (count >= MOST_OF_ONE_PERSON) {
      if (!full.has(person))
        log.warn({ person, waiting: count }, "somebody floods the bot: not all is handled");
      full.add(person);
      return;
    }
    inWork.set(person, count + 1);
    try {
      await next();
    } finally {
      const left = (inWork.get(person) ?? 1) - 1;
      if (left > 0) inWork.set(person, left);
      else {
        inWork.delete(person);
        full.delete(person);
      }
    }
  };
}
