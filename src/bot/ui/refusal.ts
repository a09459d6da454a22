import type { DomainError } from "../../errors.ts";
import type { HeraldContext } from "./bot-context.ts";

/** Says why the domain refused: above the button that was tapped, or as an answer to the message. */
export async function sayRefusal(ctx: HeraldContext, error: DomainError): Promise<void> {
  const { id, state, ...others } = error.details;
  // For those who may use only some bots, the campaigns of the others are not there.
  const key = error.code === "not-found" && ctx.limit ? "error-not-among-yours" : `error-${error.code}`;
  const text = ctx.t(key, {
    ...others,
    ...(id !== undefined && { id: String(id) }),
    ...(state !== undefined && { state: ctx.t(`state-${state}`) }),
  });
  // Not an alert that has to be closed, because an impatient second tap on the same button ends here as well.
  if (ctx.callbackQuery) await ctx.answerCallbackQuery({ text });
  else await ctx.reply(text);
}
