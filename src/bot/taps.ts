import type { MiddlewareFn } from "grammy";
import type { HeraldContext } from "./context.ts";

/** Answers every tap: with what a handler says, else plainly when it is done, so that no spinner hangs. */
export function answerTaps(): MiddlewareFn<HeraldContext> {
  return async (ctx, next) => {
    if (!ctx.callbackQuery) return next();
    let answered = false;
    // ctx.api lives for this update only, and so does the transformer.
    ctx.api.config.use((call, method, payload, signal) => {
      if (method === "answerCallbackQuery") answered = true;
      return call(method, payload, signal);
    });
    try {
      await next();
    } finally {
      if (!answered) await ctx.answerCallbackQuery();
    }
  };
}
