import { Composer } from "grammy";
import type { Message } from "grammy/types";
import { findByCopy } from "../../../inbox/inbox-messages.ts";
import { takeFromGroup } from "../../../inbox/take-messages.ts";
import { type GroupInbox, getGroupInbox } from "../../../inbox/inbox-setting.ts";
import {
  type InboxThread,
  changeThread,
  findByCard,
  findByTopic,
  findThread,
} from "../../../inbox/inbox-threads.ts";
import type { CrowdDeps, HeraldContext } from "../../ui/bot-context.ts";
import { onTap, threadTap } from "../../ui/callback-data.ts";
import { saysSomething, writtenOf } from "./hear-people.ts";
import { actOnTap, actOnWords } from "./thread-actions.ts";

/** What begins so stays in the group. */
const NOTE = "//";

/**
 * The group of the inbox. Whoever is in it may answer: what they write in a person's topic, or as a reply to a message of theirs,
 * goes to that person. It hands on what it hears, because chats and topics are noted as well.
 */
export function inboxOfGroup(deps: CrowdDeps): Composer<HeraldContext> {
  const { own } = deps;
  const composer = new Composer<HeraldContext>();
  const groups = composer.chatType(["group", "supergroup"]);

  groups.on("message", async (ctx, next) => {
    const inbox = await getGroupInbox(own);
    if (inbox?.groupId === ctx.chat.id) await hear(ctx, ctx.message, inbox);
    await next();
  });

  groups.on("my_chat_member", async (ctx, next) => {
    await next(); // notes the rights
    if ((await getGroupInbox(own))?.groupId === ctx.chat.id) deps.inbox.resume();
  });

  groups.use(
    onTap(threadTap, async (ctx, tap) => {
      const inbox = await getGroupInbox(own);
      const thread = await findThread(own, tap.chatId);
      // The button was in a group that is no longer that of the inbox, or the person was forgotten.
      if (!thread || inbox?.groupId !== ctx.chat?.id || thread.groupId !== inbox?.groupId) {
        await ctx.answerCallbackQuery({ text: ctx.t("inbox-gone"), show_alert: true });
        return;
      }
      await actOnTap(deps, ctx, thread, tap);
    }),
  );

  async function hear(ctx: HeraldContext, message: Message, inbox: GroupInbox): Promise<void> {
    const thread = await personOf(message, inbox);
    if (!thread) return;
    const { chatId } = thread;
    if (message.forum_topic_closed || message.forum_topic_reopened) {
      const closed = message.forum_topic_closed !== undefined;
      if (closed !== thread.closed && (await changeThread(own, chatId, { closed })))
        deps.inbox.redraw(chatId);
      return;
    }
    if (!isOfMember(message) || !saysSomething(message)) return;
    const words = message.text ?? message.caption ?? "";
    if (words.startsWith(NOTE)) return;
    if (words.startsWith("/")) return actOnWords(deps, ctx, thread, words);
    if (await takeFromGroup(own, chatId, inbox.groupId, writtenOf(message))) deps.inbox.nudge();
  }

  /** Whom a message in the group is for; null if it is for nobody. */
  async function personOf(message: Message, { mode, groupId }: GroupInbox): Promise<InboxThread | null> {
    const { message_thread_id: threadId, reply_to_message: repliedTo } = message;
    if (mode === "topics") return threadId === undefined ? null : findByTopic(own, groupId, threadId);
    if (!repliedTo) return null;
    const card = await findByCard(own, groupId, repliedTo.message_id);
    if (card) return card;
    const copy = await findByCopy(own, groupId, repliedTo.message_id);
    return copy && findThread(own, copy.chatId);
  }
  return composer;
}

/** Written by a person in the group, also by an administrator who writes in its name; not by another bot. */
function isOfMember({
  from,
  sender_chat: asChat,
  chat,
  is_automatic_forward: isAutomatic,
}: Message): boolean {
  if (isAutomatic) return false;
  return asChat ? asChat.id === chat.id : from?.is_bot === false;
}
