import { type Middleware, Keyboard } from "grammy";
import { setTell } from "../../../campaign/settings.ts";
import { COMMANDS } from "../../ui/command-menu.ts";
import type { BotDeps, HeraldContext } from "../../ui/bot-context.ts";
import { runDialog } from "../../ui/dialogs.ts";
import { checkChat } from "../chats/membership.ts";
import { drawTell } from "./tell-screen.ts";
import { sendScreen } from "../../ui/screens.ts";
import { readChatMessage, removePicker } from "../chats/add-chat.ts";

/** The request id, which Telegram returns with the group that was picked. */
const PICK_GROUP = 1;

/** Asks for the group that is to be told of campaigns. */
export function tellGroupDialog(deps: BotDeps): Middleware<HeraldContext> {
  return runDialog("tellGroup", async (dialog) => {
    await dialog.act(ask);
    for (let done = false; !done;) {
      const ctx = await dialog.next();
      // After a command or a tap, the admin is doing something else.
      if (!ctx.message || ctx.hasCommand(COMMANDS)) {
        await dialog.act(removePicker);
        await dialog.end();
      }
      done = await dialog.act((ctx) => take(deps, ctx));
    }
  });
}

async function ask(ctx: HeraldContext): Promise<void> {
  const picker = new Keyboard()
    .requestChat(ctx.t("chats-pick-group"), PICK_GROUP, { chat_is_channel: false, bot_is_member: true })
    .oneTime()
    .resized();
  await ctx.reply(ctx.t("tell-group-ask"), { reply_markup: picker });
}

/** Resolves with true if a group was set. Anything else is answered, and the dialog keeps waiting. */
async function take(deps: BotDeps, ctx: HeraldContext): Promise<boolean> {
  const wanted = ctx.message ? readChatMessage(ctx.message) : null;
  const chat =
    wanted?.type === "chat" ? await checkChat({ scope: deps.own, api: ctx.api }, wanted.chat) : null;
  if (!chat?.canPost || chat.kind !== "group") {
    await ctx.reply(ctx.t("tell-group-none"));
    return false;
  }
  const by = ctx.from?.id ?? 0;
  await setTell(deps.scope, ctx.actor, { besides: { chatId: chat.chatId, by } });
  await removePicker(ctx);
  await sendScreen(ctx, (ctx) => drawTell(deps, ctx));
  return true;
}

declare module "../../ui/dialogs.ts" {
  interface DialogEntries {
    tellGroup: undefined;
  }
}
