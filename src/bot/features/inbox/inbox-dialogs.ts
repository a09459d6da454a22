import { type Middleware, Keyboard } from "grammy";
import type { BotDeps, HeraldContext } from "../../ui/bot-context.ts";
import { COMMANDS } from "../../ui/command-menu.ts";
import { runDialog } from "../../ui/dialogs.ts";
import { sendScreen } from "../../ui/screens.ts";
import { readChatMessage, removePicker } from "../chats/add-chat.ts";
import { drawInbox } from "./inbox-screen.ts";
import { chooseAnswer, chooseGroup } from "./inbox-setup.ts";

/** The request id, which Telegram returns with the group that was picked. */
const PICK_GROUP = 1;

/** Bot API, sendMessage. */
const LONGEST_ANSWER = 4_096;

/** Asks for the group to which what people write goes. */
export function inboxGroupDialog(deps: BotDeps): Middleware<HeraldContext> {
  return runDialog("inboxGroup", async (dialog, { bot }) => {
    await dialog.act((ctx) => askGroup(deps, ctx, bot));
    for (let done = false; !done;) {
      const ctx = await dialog.next();
      // After a command or a tap, the admin is doing something else.
      if (!ctx.message || ctx.hasCommand(COMMANDS)) {
        await dialog.act(removePicker);
        await dialog.end();
      }
      done = await dialog.act((ctx) => takeGroup(deps, ctx, bot));
    }
  });
}

async function askGroup({ scope }: BotDeps, ctx: HeraldContext, bot: number): Promise<void> {
  // The picker offers the groups of the bot that shows it, which is the home's.
  const membership = bot === scope.homeId ? { bot_is_member: true } : {};
  const picker = new Keyboard()
    .requestChat(ctx.t("chats-pick-group"), PICK_GROUP, { chat_is_channel: false, ...membership })
    .oneTime()
    .resized();
  await ctx.reply(ctx.t("inbox-group-ask"), { reply_markup: picker });
}

/** Resolves with true if a group was set. Anything else is answered, and the dialog keeps waiting. */
async function takeGroup(deps: BotDeps, ctx: HeraldContext, bot: number): Promise<boolean> {
  const wanted = ctx.message ? readChatMessage(ctx.message) : null;
  const result =
    wanted?.type === "chat"
      ? await chooseGroup(deps, ctx, bot, wanted.chat, false)
      : { unfit: "inbox-group-none" as const };
  if ("unfit" in result) {
    await ctx.reply(ctx.t(result.unfit));
    return false;
  }
  await removePicker(ctx);
  await sendScreen(ctx, (ctx) => drawInbox(deps, ctx, bot, false));
  return true;
}

/** Asks for the text that answers what people write. */
export function inboxAnswerDialog(deps: BotDeps): Middleware<HeraldContext> {
  return runDialog("inboxAnswer", async (dialog, { bot }) => {
    await dialog.act((ctx) => ctx.reply(ctx.t("inbox-answer-ask")));
    for (let done = false; !done;) {
      const ctx = await dialog.next();
      if (!ctx.message || ctx.hasCommand(COMMANDS)) await dialog.end();
      done = await dialog.act((ctx) => takeAnswer(deps, ctx, bot));
    }
  });
}

async function takeAnswer(deps: BotDeps, ctx: HeraldContext, bot: number): Promise<boolean> {
  const { text = "", entities } = ctx.message ?? {};
  if (text.trim() === "" || text.length > LONGEST_ANSWER) {
    await ctx.reply(ctx.t("inbox-answer-unfit"));
    return false;
  }
  await chooseAnswer(deps, ctx, bot, { text, ...(entities && { entities }) });
  await sendScreen(ctx, (ctx) => drawInbox(deps, ctx, bot, false));
  return true;
}

declare module "../../ui/dialogs.ts" {
  interface DialogEntries {
    inboxGroup: { bot: number };
    inboxAnswer: { bot: number };
  }
}
