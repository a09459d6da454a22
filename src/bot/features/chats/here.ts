import { Composer } from "grammy";
import { languageOf } from "../../../audience/recipients.ts";
import { findListedAdmin } from "../../../access/actor.ts";
import { setTell } from "../../../campaign/settings.ts";
import type { BotDeps, HeraldContext } from "../../ui/bot-context.ts";
import { checkChat } from "./membership.ts";
import { localeFor } from "../../ui/words.ts";

/**
 * `/here` in a group or in one of its topics: from now on, it is told of campaigns. Only admins of all bots who write under
 * their own name can do this; nobody else gets an answer. If the bot may not write there, the admin is told in private.
 */
export function hereCommand(deps: BotDeps): Composer<HeraldContext> {
  const { scope, own, log, ownerIds, translator } = deps;
  const composer = new Composer<HeraldContext>();
  composer.chatType(["group", "supergroup"]).command("here", async (ctx) => {
    const by = ctx.from.id;
    const listed = ownerIds.includes(by) ? { limit: null } : await findListedAdmin(scope, by);
    // The group is told of campaigns of all bots.
    if (listed?.limit !== null) return;
    const { message_thread_id: thread, is_topic_message: isInTopic } = ctx.msg;
    const topic = isInTopic && thread !== undefined ? { threadId: thread } : {};
    const t = translator(localeFor((await languageOf(own, by)) ?? ctx.from.language_code));
    const found = await checkChat({ scope: own, api: ctx.api }, ctx.chat.id); // also records its title
    if (!found?.canPost) {
      const text = t("chat-cannot-post", { title: ctx.chat.title });
      await ctx.api
        .sendMessage(by, text)
        .catch((error: unknown) =>
          log.debug({ err: error, admin: by }, "an admin could not be told of a chat"),
        );
      return;
    }
    await setTell(scope, ctx.actor, { besides: { chatId: ctx.chat.id, ...topic, by } });
    log.info({ chat: ctx.chat.id, by }, "a group hears of campaigns");
    await ctx.reply(t("tell-here"));
  });
  return composer;
}
