import type { MiddlewareFn } from "grammy";
import { maskKeys } from "../../access/keys.ts";
import { maskTokens, tokensIn } from "../../senders/bot-token.ts";
import { rewriteStrings, storable } from "../../storable.ts";
import type { CrowdDeps, HeraldContext } from "../ui/bot-context.ts";
import { COMMANDS } from "../ui/command-menu.ts";
import { type DialogName, isInDialog } from "../ui/dialogs.ts";

/**
 * Nothing that anyone sends may prevent an update from being stored or answered, and no secret gets further than here: a
 * dialog stores the updates that it has seen, and with a tap below a message or an answer to it, the whole message. The
 * tokens that an owner sends are handed on beside the update, in `ctx.tokens`, which nothing stores.
 */
export function hideSecrets({ ownerIds }: Pick<CrowdDeps, "ownerIds">): MiddlewareFn<HeraldContext> {
  return (ctx, next) => {
    const { message } = ctx;
    const isOwners = message?.chat.type === "private" && ownerIds.includes(message.chat.id);
    ctx.tokens = isOwners ? tokensIn(message.text ?? message.caption ?? "") : [];
    rewriteStrings(ctx.update, (text) => maskTokens(maskKeys(storable(text))));
    return next();
  };
}

/**
 * While one of these dialogs asks for a secret, it gets an empty message instead of the answer: a token that was copied
 * badly looks like none, and still gives most of itself away. Has to come between `dialogState` and the dialogs.
 */
export function hideAnswersTo(...names: readonly DialogName[]): MiddlewareFn<HeraldContext> {
  return (ctx, next) => {
    const { message } = ctx;
    if (message && !ctx.hasCommand(COMMANDS) && names.some((name) => isInDialog(ctx, name))) {
      const { message_id, from, chat, date } = message;
      Object.assign(ctx.update, { message: { message_id, from, chat, date, text: "•" } });
    }
    return next();
  };
}
