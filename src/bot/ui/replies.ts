import type { HeraldContext } from "./bot-context.ts";

/* Short answers, which stand over the button that was tapped where there was one. */

/** Says why something is not possible: in an alert that has to be closed, or as an answer to the message. */
export async function showAlert(ctx: HeraldContext, text: string): Promise<void> {
  // Telegram shows 200 characters over a button.
  if (ctx.callbackQuery && text.length <= 200) await ctx.answerCallbackQuery({ text, show_alert: true });
  else await ctx.reply(text);
}

/** Mentions something in passing: in a note that goes away by itself, or as an answer to the message. */
export async function showToast(ctx: HeraldContext, text: string): Promise<void> {
  if (ctx.callbackQuery) await ctx.answerCallbackQuery({ text });
  else await ctx.reply(text);
}
