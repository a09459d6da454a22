import type { MiddlewareFn } from "grammy";
import pLimit from "p-limit";
import type { CrowdDeps, HeraldContext } from "../ui/bot-context.ts";

/** How many answers to taps are in flight at once, not counting those to admins. */
const AT_ONCE = 50;

/** Telegram gives up on a tap after about 15 s, so with more than this in the queue, the last would come too late. */
const MOST_WAITING = 1_000;

/**
 * Answers every tap, so that no spinner hangs: with what a handler says, otherwise without words once it is done. Only
 * admins' updates wait for the answer to leave, because thousands may tap at once below a post in a channel.
 */
export function answerTaps(deps: Pick<CrowdDeps, "log" | "stop">): MiddlewareFn<HeraldContext> {
  const leave = createAnswerQueue(deps);

  return async (ctx, next) => {
    if (!ctx.callbackQuery) return next();
    let answered = false;
    // ctx.api belongs to this update only, and so does the transformer.
    ctx.api.config.use(async (call, method, payload, signal) => {
      if (method !== "answerCallbackQuery") return call(method, payload, signal);
      answered = true;
      const done = { ok: true as const, result: true as never };
      const send = async () => {
        const answer = await call(method, payload, signal);
        return !answer.ok && isTooLate(answer.description) ? done : answer;
      };
      if (ctx.isAdmin) return send();
      leave(async () => {
        const answer = await send();
        if (!answer.ok) throw new Error(answer.description);
      });
      return done;
    });
    try {
      await next();
    } finally {
      if (!answered) await ctx.answerCallbackQuery();
    }
  };
}

/** Telegram has given up on a tap, for example from before a restart. What it asked for was done. */
export function isTooLate(description: string): boolean {
  return /query is too old|query ID is invalid/i.test(description);
}

/** Sends answers to taps in order, several at a time. Those that do not fit into the queue are dropped. */
export function createAnswerQueue({
  log,
  stop,
}: Pick<CrowdDeps, "log" | "stop">): (send: () => Promise<void>) => void {
  const limited = pLimit(AT_ONCE);
  return (send) => {
    if (limited.pendingCount >= MOST_WAITING) return;
    limited(async () => stop.aborted || send()).catch((error: unknown) =>
      stop.aborted ? undefined : log.info({ err: error }, "a tap could not be answered"),
    );
  };
}
