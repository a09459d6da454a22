import { sequentialize } from "@grammyjs/runner";
import { type BotConfig, type Context, Bot } from "grammy";
import { identify } from "./updates/identify.ts";
import { gatherAlbums } from "./updates/albums.ts";
import { answersInTurn, createAnswers } from "./updates/answers.ts";
import { boundBacklog } from "./updates/backlog.ts";
import { chatUpdates } from "./features/chats/chat-updates.ts";
import { calendarCommand } from "./features/calendar/calendar.ts";
import { campaignCommands } from "./features/campaigns/campaign-commands.ts";
import { hereCommand } from "./features/chats/here.ts";
import { peopleCommands } from "./features/people/people.ts";
import { statsCommand } from "./features/stats/statistics-screen.ts";
import { statusCommand } from "./features/status/status-screen.ts";
import type { BotDeps, HeraldContext } from "./ui/bot-context.ts";
import { addAdminDialog } from "./features/admins/add-admin.ts";
import { composerDialog } from "./features/compose/composer.ts";
import { hoursDialog } from "./features/settings/default-hours.ts";
import { overdueDialog, overdueTaps } from "./features/campaigns/overdue.ts";
import { tellGroupDialog } from "./features/settings/tell-group.ts";
import { timezoneDialog, timezoneCommand } from "./features/timezone/timezone.ts";
import { keysScreen } from "./features/keys/keys-screen.ts";
import { webhooksScreen } from "./features/webhooks/webhooks-screen.ts";
import { newKeyDialog } from "./features/keys/new-key.ts";
import { adminsScreen } from "./features/admins/admins-screen.ts";
import { campaignsScreen } from "./features/campaigns/campaigns-screen.ts";
import { settingsScreen } from "./features/settings/settings-screen.ts";
import { maskKeys } from "../access/keys.ts";
import { rewriteStrings, storable } from "../storable.ts";
import { isPostTap, postButtons } from "./features/votes/post-buttons.ts";
import { answerTaps } from "./updates/answer-taps.ts";
import { turnstile } from "./updates/turnstile.ts";
import { composeCommands, postsOutside } from "./features/compose/compose-commands.ts";
import { dialogState, isInDialog, leaveDialogs } from "./ui/dialogs.ts";

/** The bot that admins and other people talk to. Reads from top to bottom as an update passes through it. */
export function createBot(
  token: string,
  config: BotConfig<HeraldContext>,
  deps: BotDeps,
): Bot<HeraldContext> {
  const bot = new Bot<HeraldContext>(token, config);
  const answers = createAnswers(deps);

  // Nothing that anyone sends may prevent an update from being stored or answered. A dialog stores the updates that it
  // has seen, and with a tap below a message or an answer to it, the whole message: no API key gets further than here.
  bot.use((ctx, next) => {
    rewriteStrings(ctx.update, (text) => maskKeys(storable(text)));
    return next();
  });
  // Before everything that waits or asks the database: votes need no answer, and come as fast as a crowd votes.
  bot.on(["poll", "poll_answer"], (ctx) => deps.ballots.hear(ctx.update));
  bot.use(boundBacklog(deps));
  bot.use(gatherAlbums(deps));
  bot.use(sequentialize((ctx) => chatKey(ctx)));
  bot.use(turnstile(deps));
  bot.use(answersInTurn(answers));
  bot.use(answerTaps(deps));
  bot.use(identify(deps));
  bot.use(postButtons(deps, bot.api));
  bot.use(peopleCommands(deps));
  bot.use(hereCommand(deps));
  bot.use(chatUpdates(deps));
  // Before the dialogs, so that it is answered in the middle of one, and the dialog's question stays open.
  bot.chatType("private").command("help", (ctx) => ctx.answer(() => ctx.reply(helpFor(ctx, deps))));

  const admins = bot.chatType("private").filter((ctx) => ctx.isAdmin);
  admins.use(dialogState(deps));
  admins.command(["broadcast", "schedule"], async (ctx, next) => {
    await leaveDialogs(ctx);
    await next();
  });
  admins.command("cancel").filter(
    (ctx) => ctx.match.trim() === "",
    async (ctx) => {
      const wasOpen = isInDialog(ctx);
      await leaveDialogs(ctx);
      await ctx.reply(ctx.t(wasOpen ? "dialog-left" : "dialog-none"), {
        reply_markup: { remove_keyboard: true },
      });
    },
  );
  // A running dialog takes what is meant for it. Only handlers after these lines can open one.
  admins.use(composerDialog(deps));
  admins.use(addAdminDialog(deps));
  admins.use(newKeyDialog(deps));
  admins.use(hoursDialog(deps));
  admins.use(tellGroupDialog(deps));
  admins.use(timezoneDialog(deps));
  admins.use(overdueDialog(deps));
  admins.use(timezoneCommand(deps));
  admins.use(campaignsScreen(deps));
  admins.use(calendarCommand(deps));
  admins.filter((ctx) => ctx.isOwner).use(adminsScreen(deps), keysScreen(deps), webhooksScreen(deps));
  admins.use(campaignCommands(deps));
  admins.use(overdueTaps(deps));
  admins.use(statsCommand(deps));
  admins.use(statusCommand(deps, answers));
  admins.use(settingsScreen(deps));
  admins.use(composeCommands(deps));
  admins.use(postsOutside(deps));

  bot.on("callback_query", async (ctx) => {
    const text = ctx.t(ctx.isAdmin ? "error-no-dialog" : "error-not-admin");
    await ctx.answerCallbackQuery({ text, show_alert: true });
  });
  bot.chatType("private").on("message::bot_command", async (ctx) => {
    if (!ctx.message.text?.startsWith("/")) return;
    await ctx.answer(() => ctx.reply(`${ctx.t("unknown-command")} ${helpFor(ctx, deps)}`));
  });

  bot.catch(async ({ ctx, error }) => {
    deps.log.error({ err: error, update: ctx.update.update_id }, "an update could not be handled");
    if (ctx.chat?.type !== "private" || ctx.myChatMember) return;
    const key = /replay/i.test(String(error)) ? "dialog-broken" : "error-internal";
    // ctx.t is missing if the database failed before the language was known.
    const t = ctx.t ?? deps.translator("en");
    await ctx
      .answer(() => ctx.reply(t(key)))
      .catch((failure: unknown) => deps.log.warn({ err: failure }, "nor be answered"));
  });
  return bot;
}

/** Lists the commands that this person can use. */
function helpFor({ t, isAdmin, isOwner }: HeraldContext, { apiOn }: BotDeps): string {
  if (!isAdmin) return t("help");
  const forOwners = [t("help-owner"), ...(apiOn ? [t("help-keys")] : [])];
  return [t("help-admin"), ...(isOwner ? forOwners : []), t("help-admin-self")].join("\n");
}

/**
 * One update of a chat at a time, so that dialogs and quick taps keep their order. Below a post in a channel, thousands may
 * vote at once, and each person waits only for their own taps.
 */
function chatKey(ctx: Context): string | undefined {
  const isVote = isPostTap(ctx.callbackQuery?.data);
  return ((isVote ? undefined : ctx.chat?.id) ?? ctx.from?.id)?.toString();
}
