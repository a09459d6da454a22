import { type BotConfig, Bot } from "grammy";
import { chatUpdates } from "../features/chats/chat-updates.ts";
import { inboxOfGroup } from "../features/inbox/hear-group.ts";
import { inboxOfPeople } from "../features/inbox/hear-people.ts";
import type { CrowdDeps, HeraldContext } from "../ui/bot-context.ts";
import { COMMANDS, PEOPLE_COMMANDS } from "../ui/command-menu.ts";
import { createAnswers } from "../updates/answers.ts";
import { crowd, reportFailure } from "./crowd.ts";

/** A sender that Herald answers: its people, and the groups and channels that it is in. Admins work in the home's chat. */
export function createSenderBot(
  token: string,
  config: BotConfig<HeraldContext>,
  deps: CrowdDeps & { homeUsername: string },
): Bot<HeraldContext> {
  const bot = new Bot<HeraldContext>(token, config);
  bot.use(crowd(deps, bot.api, createAnswers(deps)));
  bot.use(inboxOfGroup(deps));
  bot.use(chatUpdates(deps));
  const people = bot.chatType("private");
  people
    .filter((ctx) => ctx.isAdmin)
    .command(
      COMMANDS.filter((command) => !PEOPLE_COMMANDS.includes(command)),
      (ctx) =>
        ctx.reply(ctx.t("sender-home", { bot: deps.homeUsername }), {
          link_preview_options: { is_disabled: true },
        }),
    );
  people.command("help", (ctx) => ctx.answer(() => ctx.reply(ctx.t("help"))));
  people.on("message::bot_command", async (ctx, next) => {
    if (!ctx.message.text?.startsWith("/")) return next();
    await ctx.answer(() => ctx.reply(`${ctx.t("unknown-command")} ${ctx.t("help")}`));
  });
  bot.use(inboxOfPeople(deps));
  bot.catch(reportFailure(deps));
  return bot;
}
