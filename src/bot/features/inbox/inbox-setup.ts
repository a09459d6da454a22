import type { KnownChat } from "../../../audience/chats.ts";
import { type Answer, setInbox } from "../../../inbox/inbox-setting.ts";
import { scopeOf } from "../../../db/scope.ts";
import type { BotDeps, HeraldContext } from "../../ui/bot-context.ts";
import { checkChat, mayPost, posterOf } from "../chats/membership.ts";

/** Why a group cannot be that of an inbox; a key of the words. */
export type Unfit = "inbox-group-none" | "inbox-group-not-yours" | "inbox-group-no-topics";

/**
 * Sets the group to which what people write to a bot goes. It has to be one that the admin administers, since everyone in it
 * reads and answers what people write. With topics if it has some, unless `replies` is wanted.
 */
export async function chooseGroup(
  deps: BotDeps,
  ctx: HeraldContext,
  botId: number,
  chat: number | string,
  replies: boolean,
): Promise<{ unfit: Unfit; chat?: KnownChat } | { mode: "topics" | "replies" }> {
  const poster = await posterOf(deps, ctx, { botId });
  const found = await checkChat(poster, chat);
  if (!found?.canPost || found.kind !== "group") return { unfit: "inbox-group-none" };
  if (!(await mayPost(poster, found, ctx.from?.id ?? 0))) return { unfit: "inbox-group-not-yours" };
  if (found.isForum && !replies && !found.rights.topics)
    return { unfit: "inbox-group-no-topics", chat: found };
  const mode = found.isForum && !replies ? "topics" : "replies";
  const inbox = { mode, groupId: found.chatId, locale: ctx.locale } as const;
  await setInbox(poster.scope, ctx.actor, inbox, ctx.locale);
  deps.log.info({ bot: botId, chat: found.chatId, mode, by: ctx.from?.id }, "an inbox is set");
  if (botId === deps.own.botId) deps.inbox.resume();
  return { mode };
}

/** The text that answers what people write; null turns the inbox off. */
export async function chooseAnswer(
  deps: BotDeps,
  ctx: HeraldContext,
  botId: number,
  answer: Answer | null,
): Promise<void> {
  const scope = scopeOf(deps.scope, { botId });
  await setInbox(scope, ctx.actor, answer && { mode: "answer", answer }, ctx.locale);
  deps.log.info({ bot: botId, answers: answer !== null, by: ctx.from?.id }, "an inbox is set");
}
