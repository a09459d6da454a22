import type { MiddlewareFn } from "grammy";
import type { HeraldContext } from "./context.ts";

/** Answers every tap: with what a handler says, else plainly when it is done, so that no spinner hangs. */
export function answerTaps(): MiddlewareFn<HeraldContext> {
  return async (ctx, next) => {
    if (!ctx.callbackQuery) return next();
    let answered = false;
    // ctx.api lives for this update only, and so does the transformer.
    ctx.api.config.use(async (call, method, payload, signal) => {
      const answer = await call(method, payload, signal);
      if (method !== "answerCallbackQuery") return answer;
      answered = true;
      // A tap from before a restart has been given up by Telegram; what it asked for was done all the same.
      if (!answer.ok && /query is too old|query ID is invalid/i.test(answer.description))
        return { ok: true, result: true as never };
      return answer;
    });
    try {
      await next();
    } finally {
      if (!answered) await ctx.answerCallbackQuery();
    }
  };
}
