import { Composer } from "grammy";
import type { Message } from "grammy/types";
import { POST_KINDS } from "../../../content/post-kinds.ts";
import { type Written, takeFromPerson, wasTaken } from "../../../inbox/take-messages.ts";
import { getInbox } from "../../../inbox/inbox-setting.ts";
import { mayAnswer } from "../../../inbox/inbox-threads.ts";
import type { CrowdDeps, HeraldContext } from "../../ui/bot-context.ts";
import { messagesIn } from "../../updates/albums.ts";

/**
 * What people write and nothing else answers. It has to come behind everything that does. Admins write to the home's bot for its
 * own sake; to the other bots they write like everyone else.
 */
export function inboxOfPeople(deps: CrowdDeps): Composer<HeraldContext> {
  const { own, log, homeUsername } = deps;

  async function take(ctx: HeraldContext, chatId: number): Promise<void> {
    const written = messagesIn(ctx).filter(saysSomething).map(writtenOf);
    const taken = await takeFromPerson(own, chatId, written);
    if (taken === "taken") deps.inbox.nudge();
    if (typeof taken === "string" || !taken.first) return;
    log.warn({ person: chatId }, "somebody writes more than the inbox takes");
    deps.inbox.nudge();
    await ctx.answer(() => ctx.reply(ctx.t("inbox-too-many")));
  }

  const composer = new Composer<HeraldContext>();
  const people = composer
    .chatType("private")
    .filter((ctx) => !ctx.from?.is_bot && (!ctx.isAdmin || homeUsername !== null));

  people.on("message", async (ctx, next) => {
    if (!saysSomething(ctx.message) || ctx.message.text?.startsWith("/")) return next();
    const inbox = await getInbox(own);
    if (!inbox) return next();
    if (inbox.mode !== "answer") return take(ctx, ctx.chat.id);
    const { text, entities } = inbox.answer;
    if (!(await mayAnswer(own, ctx.chat.id))) return;
    await ctx.answer(() => ctx.reply(text, { ...(entities && { entities }) }));
  });

  people.on("edited_message", async (ctx, next) => {
    const { message_id: id, location } = ctx.editedMessage;
    // A live location is edited every few seconds. What was no message of the inbox, such as a command, is none after an edit.
    if (location || !(await wasTaken(own, ctx.chat.id, id))) return next();
    const inbox = await getInbox(own);
    if (!inbox || inbox.mode === "answer") return next();
    await take(ctx, ctx.chat.id);
  });
  return composer;
}

/** False for service messages, and for those in which a bot sees nothing. */
export function saysSomething(message: Message): boolean {
  return Object.keys(message).some((field) => {
    const kind = (POST_KINDS as Record<string, string>)[field];
    return kind !== undefined && kind !== "service";
  });
}

export function writtenOf(message: Message): Written {
  const { message_id: messageId, edit_date: editedAt = 0, media_group_id: albumId = null } = message;
  const { reply_to_message: repliedTo, is_topic_message: isInTopic, message_thread_id: threadId } = message;
  // What replies to nothing in a topic replies to the message that made the topic.
  const isRoot = isInTopic === true && repliedTo?.message_id === threadId;
  return { messageId, editedAt, albumId, replyTo: isRoot ? null : (repliedTo?.message_id ?? null) };
}
