import type { MiddlewareFn } from "grammy";
import pLimit, { type LimitFunction } from "p-limit";
import type { CrowdDeps } from "../ui/bot-context.ts";

/** Lets a few updates through at a time. All bots of a process share one, because they share the database connections. */
export type Gate = LimitFunction;

/** Two of the ten database connections stay free for the broadcast and for admins. */
const AT_ONCE = 8;

export const createGate = (): Gate => pLimit(AT_ONCE);

/**
 * Handles only a few updates of the crowd at a time, in order, so that admins and the broadcast do not wait for the
 * database behind a thousand newcomers. Admins' updates pass at once.
 */
export function turnstile({
  adminChats,
  gate = createGate(),
}: Pick<CrowdDeps, "adminChats" | "gate">): MiddlewareFn {
  return (ctx, next) => (adminChats.has(ctx.from?.id ?? 0) ? next() : gate(next));
}
