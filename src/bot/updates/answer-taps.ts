import type { MiddlewareFn } from "grammy";
import type { BotDeps, HeraldContext } from "../ui/bot-context.ts";

/** Answers to taps in flight at once, those of admins aside. */
const AT_ONCE = 50;

/** Telegram gives a tap up after some 15 s; the last of more would come too late. */
const MOST_WAITING = 1_000;

/**
 * Answers every tap: with what a handler says, else plainly when it is done, so that no spinner hangs. No update waits for
 * the answer to leave, except those of admins: under a post in a channel thousands tap at once.
 */
export function answerTaps(deps: Pick<BotDeps, "log" | "stop">): MiddlewareFn<HeraldContext> {
  const leave = createQueue(deps);

  return async (ctx, next) => {
    if (!ctx.callbackQuery) return next();
    let answered = false;
    // ctx.api lives for this update only, and so does the transformer.
    ctx.api.config.use(async (call, method, payload, signal) => {
      if (method !== "answerCallbackQuery") return call(method, payload, signal);
      answered = true;
      const done = { ok: true as const, result: true as never };
      const send = async () => {
        const answer = await call(method, payload, signal);
        // A tap from before a restart has been given up by Telegram; what it asked for was done all the same.
        const isLate = !answer.ok && /query is too old|query ID is invalid/i.test(answer.description);
        return isLate ? done : answer;
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

/** Runs what it is given in order, several at a time. What does not fit into the queue is dropped. */
function createQueue({ log, stop }: Pick<BotDeps, "log" | "stop">): (send: () => Promise<void>) => void {
  const waiting: (() => Promise<void>)[] = [];
  let underWay = 0;

  async function work(): Promise<void> {
    underWay += 1;
    for (let send = waiting.shift(); send && !stop.aborted; send = waiting.shift())
      await send().catch((error: unknown) =>
        stop.aborted ? undefined : log.info({ err: error }, "a tap could not be answered"),
      );
    underWay -= 1;
  }

  return (send) => {
    if (waiting.length >= MOST_WAITING) return;
    waiting.push(send);
    if (underWay < AT_ONCE) void work();
  };
}
