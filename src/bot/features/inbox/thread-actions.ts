import { InlineKeyboard } from "grammy";
import { findRecipient } from "../../../audience/recipient-list.ts";
import { commonValues } from "../../../audience/segment/common-values.ts";
import { readTags } from "../../../audience/tags.ts";
import { blockInInbox, retagFromInbox } from "../../../inbox/act-on-person.ts";
import { sendAgain } from "../../../inbox/inbox-messages.ts";
import { type InboxThread, changeThread } from "../../../inbox/inbox-threads.ts";
import type { CrowdDeps, HeraldContext } from "../../ui/bot-context.ts";
import { type ThreadVerb, threadTap } from "../../ui/callback-data.ts";
import { editTapped } from "../../ui/message-edits.ts";
import { readerOf } from "../../ui/times.ts";
import { cut } from "../../ui/words.ts";
import { resultOf } from "./inbox-call.ts";
import { drawPerson } from "./thread-card.ts";

/** Tags that are offered as buttons, besides those that the person has. */
const OFFERED = 8;

/** Bytes of a tag that fit into a button; longer ones are typed. */
const LONGEST_TAG = 30;

const LONGEST_TEXT = 4_000;

/** A button below a card, or below what Herald said in the topic. */
export async function actOnTap(
  deps: CrowdDeps,
  ctx: HeraldContext,
  thread: InboxThread,
  { verb, argument }: { verb: ThreadVerb; argument: string },
): Promise<void> {
  const { chatId } = thread;
  switch (verb) {
    case "tag": {
      const { text, keyboard } = await drawTags(deps, ctx, chatId);
      await ctx.reply(text, { ...inThread(thread), reply_markup: keyboard });
      return;
    }
    case "tagged":
    case "untagged": {
      await retag(
        deps,
        ctx,
        chatId,
        verb === "tagged" ? [argument] : [],
        verb === "untagged" ? [argument] : [],
      );
      const { text, keyboard } = await drawTags(deps, ctx, chatId);
      await editTapped(ctx, text, keyboard);
      return;
    }
    case "person":
      await ctx.reply(await personText(deps, ctx, chatId), inThread(thread));
      return;
    case "again": {
      const isAgain = await sendAgain(deps.own, chatId, Number(argument));
      if (isAgain) deps.inbox.nudge();
      await ctx.answerCallbackQuery({ text: ctx.t(isAgain ? "inbox-again-done" : "inbox-gone") });
      await ctx.editMessageReplyMarkup();
      return;
    }
    default: {
      const said = await change(deps, ctx, thread, verb);
      await ctx.answerCallbackQuery({ text: said });
    }
  }
}

/** The same, typed: `/close`, `/reopen`, `/block`, `/unblock`, `/tag vip, -old`, `/person`. Other commands are not for here. */
export async function actOnWords(
  deps: CrowdDeps,
  ctx: HeraldContext,
  thread: InboxThread,
  words: string,
): Promise<void> {
  const [, command = "", bot, rest = ""] = /^\/(\w+)(?:@(\w+))?\s*(.*)$/s.exec(words) ?? [];
  if (bot !== undefined && bot.toLowerCase() !== ctx.me.username.toLowerCase()) return;
  const answer = (text: string) => ctx.reply(text, inThread(thread, ctx.msg?.message_id));
  const { chatId } = thread;
  switch (command.toLowerCase()) {
    case "close":
    case "reopen":
    case "block":
    case "unblock":
      await answer(await change(deps, ctx, thread, command.toLowerCase() as "close"));
      return;
    case "person":
      await answer(await personText(deps, ctx, chatId));
      return;
    case "tag": {
      const { tags, refused } = readTags(rest.replaceAll(/(^|,)\s*-\s*/g, "$1-"));
      if (refused.length > 0)
        return void (await answer(ctx.t("inbox-tag-refused", { tags: refused.join(", ") })));
      const removed = tags.filter((tag) => tag.startsWith("-")).map((tag) => tag.slice(1));
      if (tags.length > 0)
        await retag(
          deps,
          ctx,
          chatId,
          tags.filter((tag) => !tag.startsWith("-")),
          removed,
        );
      const { text, keyboard } = await drawTags(deps, ctx, chatId);
      await ctx.reply(text, { ...inThread(thread, ctx.msg?.message_id), reply_markup: keyboard });
      return;
    }
    default:
      // Nobody is left to believe that it went to the person.
      await answer(ctx.t("inbox-command-unknown"));
  }
}

async function change(
  deps: CrowdDeps,
  ctx: HeraldContext,
  thread: InboxThread,
  verb: "close" | "reopen" | "block" | "unblock",
): Promise<string> {
  const { own } = deps;
  const { chatId, groupId, threadId } = thread;
  if (verb === "block" || verb === "unblock") await blockInInbox(own, ctx.actor, chatId, verb === "block");
  else {
    await changeThread(own, chatId, { closed: verb === "close" });
    if (groupId !== null && threadId !== null) {
      const done = await resultOf(() =>
        verb === "close"
          ? ctx.api.closeForumTopic(groupId, threadId)
          : ctx.api.reopenForumTopic(groupId, threadId),
      );
      if (done.type === "refused" && !/NOT_MODIFIED/i.test(done.description))
        deps.log.info({ what: done.description }, "a topic of the inbox cannot be closed or reopened");
    }
  }
  deps.inbox.redraw(chatId);
  return ctx.t(`inbox-${verb}-done`);
}

async function retag(
  deps: CrowdDeps,
  ctx: HeraldContext,
  chatId: number,
  addedTags: string[],
  removedTags: string[],
): Promise<void> {
  if (await retagFromInbox(deps.own, ctx.actor, chatId, { addedTags, removedTags }))
    deps.inbox.redraw(chatId);
}

async function drawTags(
  { own }: CrowdDeps,
  { t }: HeraldContext,
  chatId: number,
): Promise<{ text: string; keyboard: InlineKeyboard }> {
  const has = (await findRecipient(own, chatId))?.tags.toSorted() ?? [];
  const { tags } = await commonValues(own, OFFERED);
  const offered = [...new Set([...has, ...tags])].filter((tag) => Buffer.byteLength(tag) <= LONGEST_TAG);
  const buttons = offered.map((tag) => {
    const isOn = has.includes(tag);
    const data = threadTap.encode({ chatId, verb: isOn ? "untagged" : "tagged", argument: tag });
    return InlineKeyboard.text(`${isOn ? "✅ " : ""}${tag}`, data);
  });
  return {
    text: t("inbox-tags", { tags: has.join(", ") || "none" }),
    keyboard: InlineKeyboard.from(buttons.map((button) => [button])).toFlowed(2),
  };
}

async function personText(deps: CrowdDeps, ctx: HeraldContext, chatId: number): Promise<string> {
  const text = await drawPerson(deps.own, chatId, readerOf(deps, ctx));
  const home = deps.homeUsername;
  return `${cut(text, LONGEST_TEXT, "…")}${home === null ? "" : ` (@${home})`}`;
}

const inThread = ({ threadId }: InboxThread, replyTo?: number) => ({
  ...(threadId !== null && { message_thread_id: threadId }),
  ...(replyTo !== undefined && {
    reply_parameters: { message_id: replyTo, allow_sending_without_reply: true },
  }),
  link_preview_options: { is_disabled: true },
});
