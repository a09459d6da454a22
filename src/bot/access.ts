import type { MiddlewareFn } from "grammy";
import { languageOf, refreshPerson } from "../audience/recipient.ts";
import { isListedAdmin } from "../campaign/admins.ts";
import type { BotDeps, HeraldContext } from "./context.ts";
import { localeFor } from "./words.ts";

/**
 * Refreshes the person behind a private update, and finds out what they may do and which language they read.
 * Asked anew for each update: who was removed loses every old button at once.
 */
export function identify({ scope, ownerIds, translator }: BotDeps): MiddlewareFn<HeraldContext> {
  return async (ctx, next) => {
    const person = ctx.chat?.type === "private" ? ctx.from : undefined;
    // Not for my_chat_member: it may say that they have just blocked the bot.
    if (person && !ctx.myChatMember) await refreshPerson(scope, person);
    const stored = person ? await languageOf(scope, person.id) : null;
    ctx.locale = localeFor(stored ?? ctx.from?.language_code);
    ctx.t = translator(ctx.locale);
    ctx.isOwner = person !== undefined && ownerIds.includes(person.id);
    ctx.isAdmin = ctx.isOwner || (person !== undefined && (await isListedAdmin(scope, person.id)));
    await next();
  };
}
