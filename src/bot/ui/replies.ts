import type { HeraldContext } from "./bot-context.ts";

/* Short answers, shown above the button if one was tapped. */

/** Says why something is not possible: in an alert that has to be closed, or as an answer to the message. */
export async function showAlert(ctx: HeraldContext, text: string): Promise<void> {
  // Telegram shows at most 200 characters above a button.
  if (ctx.callbackQuery && text.length <= 200) await ctx.answerCallbackQuery({ text, show_alert: true });
  else await ctx.reply(text);
}

/** Mentions something in passing: in a note that disappears by itself, or as an answer to the message. */
export async function showToast(ctx: HeraldContext, text: string): Promise<void> {
  if (ctx.callbackQuery) await ctx.answerCallbackQuery({ text });
  else await ctx.reply(text);
}
