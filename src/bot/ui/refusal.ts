import type { DomainError } from "../../errors.ts";
import type { HeraldContext } from "./bot-context.ts";
import type { Translate } from "./words.ts";

/** Says why the domain refused: above the button that was tapped, or as an answer to the message. */
export async function sayRefusal(ctx: HeraldContext, error: DomainError): Promise<void> {
  // For those who may use only some bots, the campaigns of the others are not there.
  const isHidden = error.code === "not-found" && ctx.limit !== null && ctx.limit !== undefined;
  const text = refusalText(ctx.t, error, isHidden ? "error-not-among-yours" : undefined);
  // Not an alert that has to be closed, because an impatient second tap on the same button ends here as well.
  if (ctx.callbackQuery) await ctx.answerCallbackQuery({ text });
  else await ctx.reply(text);
}

/** Why the domain refused. */
export function refusalText(t: Translate, { code, details }: DomainError, key = `error-${code}`): string {
  const { id, state, why, ...others } = details;
  return t(key, {
    ...others,
    ...(id !== undefined && { id: String(id) }),
    ...(state !== undefined && { state: t(`state-${state}`) }),
    ...(why !== undefined && { why: t(`edit-obstacle-${why}`) }),
  });
}
