import type { MiddlewareFn } from "grammy";
import { languageOf, refreshPerson } from "../../audience/recipients.ts";
import { startIn } from "../../audience/source.ts";
import { adminActor, findListedAdmin } from "../../access/actor.ts";
import { timezoneOf } from "../../access/preferences.ts";
import type { CrowdDeps, HeraldContext } from "../ui/bot-context.ts";
import { localeFor } from "../ui/words.ts";

/**
 * Records the person behind a private update, and looks up what they may do and which language they read; the latter also
 * for anyone who adds the bot to a group or channel. This happens for each update, so that an admin who is removed or
 * limited loses every old button at once.
 */
export function identify(deps: CrowdDeps): MiddlewareFn<HeraldContext> {
  const { scope, own, ownerIds, adminChats, timezone, translator } = deps;
  return async (ctx, next) => {
    // In groups and channels, only the person who adds the bot matters, because nothing else is answered there.
    const person = ctx.chat?.type === "private" || ctx.myChatMember ? ctx.from : undefined;
    // Not for my_chat_member: it may say that they have just blocked the bot. Skip bots, too: our own pins arrive as
    // messages from us.
    ctx.hasJoined =
      person !== undefined &&
      !person.is_bot &&
      !ctx.myChatMember &&
      (await refreshPerson(own, person, startIn(ctx.message?.text)));
    const stored = person ? await languageOf(own, person.id) : null;
    ctx.locale = localeFor(stored ?? ctx.from?.language_code);
    ctx.t = translator(ctx.locale);
    ctx.actor = adminActor(ctx.from?.id ?? 0, ownerIds);
    ctx.isOwner = person !== undefined && ownerIds.includes(person.id);
    const listed = person && !ctx.isOwner ? await findListedAdmin(scope, person.id) : null;
    ctx.isAdmin = ctx.isOwner || listed !== null;
    ctx.limit = listed?.limit ?? null;
    if (person && ctx.isAdmin) adminChats.add(person.id);
    else if (person) adminChats.delete(person.id);
    ctx.timezone = (ctx.isAdmin && person && (await timezoneOf(scope, person.id))) || timezone;
    await next();
  };
}
