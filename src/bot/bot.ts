import { type BotConfig, Bot, Composer } from "grammy";
import { createLRU } from "lru.min";
import type { Limit } from "../access/actor.ts";
import { limitedTo } from "../db/scope.ts";
import { type Answers, createAnswers } from "./updates/answers.ts";
import { crowd, reportFailure } from "./crowd/crowd.ts";
import { chatUpdates } from "./features/chats/chat-updates.ts";
import { calendarCommand } from "./features/calendar/calendar.ts";
import { campaignCommands } from "./features/campaigns/campaign-commands.ts";
import { hereCommand } from "./features/chats/here.ts";
import { statsCommand } from "./features/stats/statistics-screen.ts";
import { statusCommand } from "./features/status/status-screen.ts";
import type { BotDeps, HeraldContext } from "./ui/bot-context.ts";
import { addAdminDialog } from "./features/admins/add-admin.ts";
import { composerDialog } from "./features/compose/composer.ts";
import { capDialog } from "./features/settings/cap-screen.ts";
import { categoryNameDialog } from "./features/settings/category-name.ts";
import { hoursDialog } from "./features/settings/default-hours.ts";
import { overdueDialog, overdueTaps } from "./features/campaigns/overdue.ts";
import { tellGroupDialog } from "./features/settings/tell-group.ts";
import { timezoneDialog, timezoneCommand } from "./features/timezone/timezone.ts";
import { listNameDialog, listPeopleDialog } from "./features/lists/list-dialogs.ts";
import { listsScreen } from "./features/lists/lists-screen.ts";
import { newLinkDialog } from "./features/links/link-dialog.ts";
import { linkGiver, linksScreen } from "./features/links/links-screen.ts";
import { changeSegmentDialog, newSegmentDialog } from "./features/segments/segment-dialogs.ts";
import { segmentsScreen } from "./features/segments/segments-screen.ts";
import { personFile } from "./features/people/person-file.ts";
import { keysScreen } from "./features/keys/keys-screen.ts";
import { webhooksScreen } from "./features/webhooks/webhooks-screen.ts";
import { newKeyDialog } from "./features/keys/new-key.ts";
import { adminsScreen } from "./features/admins/admins-screen.ts";
import { campaignsScreen } from "./features/campaigns/campaigns-screen.ts";
import { newcomersScreen } from "./features/newcomers/newcomers-screen.ts";
import { welcomeScreen } from "./features/welcome/welcome-screen.ts";
import { settingsDrawing, settingsScreen } from "./features/settings/settings-screen.ts";
import { botRemovalDialog } from "./features/bots/bot-removal.ts";
import { botSettingDialog } from "./features/bots/bot-setting.ts";
import { botTokenDialog } from "./features/bots/bot-token-dialog.ts";
import { botsScreen } from "./features/bots/bots-screen.ts";
import { inboxOfGroup } from "./features/inbox/hear-group.ts";
import { inboxOfPeople } from "./features/inbox/hear-people.ts";
import { inboxScreen } from "./features/inbox/inbox-screen.ts";
import { inboxAnswerDialog, inboxGroupDialog } from "./features/inbox/inbox-dialogs.ts";
import { managedBotUpdates, managedBots } from "./features/bots/managed-bots.ts";
import { hideAnswersTo } from "./updates/hide-secrets.ts";
import { composeCommands, postsOutside } from "./features/compose/compose-commands.ts";
import { dialogState, isInDialog, leaveDialogs } from "./ui/dialogs.ts";

/** How many choices of bots that admins are limited to are kept ready. Making one takes a millisecond. */
const MOST_LIMITS = 50;

/** The bot that admins and other people talk to. Reads from top to bottom as an update passes through it. */
export function createBot(
  token: string,
  config: BotConfig<HeraldContext>,
  deps: BotDeps,
): Bot<HeraldContext> {
  const bot = new Bot<HeraldContext>(token, config);
  const answers = createAnswers(deps);

  bot.use(crowd(deps, bot.api, answers));
  bot.use(hereCommand(deps));
  bot.use(inboxOfGroup(deps));
  bot.use(chatUpdates(deps));
  bot.use(managedBotUpdates(deps));
  // Before the dialogs, so that it is answered in the middle of one, and the dialog's question stays open.
  bot.chatType("private").command("help", (ctx) => ctx.answer(() => ctx.reply(helpFor(ctx, deps))));

  const admins = bot.chatType("private").filter((ctx) => ctx.isAdmin);
  admins.filter(
    (ctx) => ctx.limit?.length === 0,
    (ctx) => sayNoBots(ctx),
  );
  const everything = adminFeatures(deps, answers);
  const limited = createLRU<string, Composer<HeraldContext>>({ max: MOST_LIMITS });
  admins.lazy(({ limit }) => {
    if (limit === null) return everything;
    const key = limit.join(" ");
    const features = limited.get(key) ?? adminFeatures(limitedDeps(deps, limit), answers);
    limited.set(key, features);
    return features;
  });

  bot.on("callback_query", async (ctx) => {
    const text = ctx.t(ctx.isAdmin ? "error-no-dialog" : "error-not-admin");
    await ctx.answerCallbackQuery({ text, show_alert: true });
  });
  bot.chatType("private").on("message::bot_command", async (ctx, next) => {
    if (!ctx.message.text?.startsWith("/")) return next();
    await ctx.answer(() => ctx.reply(`${ctx.t("unknown-command")} ${helpFor(ctx, deps)}`));
  });

  bot.use(inboxOfPeople(deps));

  bot.catch(reportFailure(deps));
  return bot;
}

/**
 * What admins can do. It is made once for all who may use every bot, and once for each choice of bots that others are
 * limited to, so that no feature has a scope in which it could find more.
 */
function adminFeatures(deps: BotDeps, answers: Answers): Composer<HeraldContext> {
  const admins = new Composer<HeraldContext>();
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
  admins.filter((ctx) => ctx.isOwner).use(managedBots(deps));
  admins.use(hideAnswersTo("botToken"));
  admins.use(composerDialog(deps));
  admins.use(addAdminDialog(deps));
  admins.use(newKeyDialog(deps));
  admins.use(botTokenDialog(deps));
  admins.use(botSettingDialog(deps));
  admins.use(botRemovalDialog(deps));
  admins.use(hoursDialog(deps));
  admins.use(tellGroupDialog(deps));
  admins.use(categoryNameDialog(deps));
  admins.use(inboxGroupDialog(deps));
  admins.use(inboxAnswerDialog(deps));
  admins.use(capDialog(deps));
  admins.use(timezoneDialog(deps));
  admins.use(overdueDialog(deps));
  admins.use(listPeopleDialog(deps));
  admins.use(listNameDialog(deps));
  const giveLink = linkGiver(deps);
  admins.use(newLinkDialog(deps, giveLink));
  admins.use(newSegmentDialog(deps));
  admins.use(changeSegmentDialog(deps));
  admins.use(timezoneCommand(deps));
  admins.use(personFile(deps));
  admins.use(campaignsScreen(deps));
  admins.use(listsScreen(deps));
  admins.use(segmentsScreen(deps));
  admins.use(linksScreen(deps, giveLink));
  admins.use(calendarCommand(deps));
  admins
    .filter((ctx) => ctx.isOwner)
    .use(adminsScreen(deps), botsScreen(deps), keysScreen(deps), webhooksScreen(deps));
  admins.use(campaignCommands(deps));
  admins.use(overdueTaps(deps));
  admins.use(statsCommand(deps));
  admins.use(statusCommand(deps, answers));
  const back = deps.scope.only === undefined ? settingsDrawing(deps) : null;
  admins.use(welcomeScreen(deps, back));
  admins.use(newcomersScreen(deps, back));
  admins.use(inboxScreen(deps, back));
  if (deps.scope.only === undefined) admins.use(settingsScreen(deps));
  else admins.command("settings", (ctx) => ctx.reply(ctx.t("settings-of-all-bots")));
  admins.use(composeCommands(deps));
  admins.use(postsOutside(deps));
  return admins;
}

function limitedDeps(deps: BotDeps, limit: Limit): BotDeps {
  const { senders } = deps;
  return {
    ...deps,
    scope: limitedTo(deps.scope, limit),
    senders: { ...senders, home: limitedTo(senders.home, limit) },
  };
}

/** An owner took the last bot away from this admin, or removed it. */
async function sayNoBots(ctx: HeraldContext): Promise<void> {
  const text = ctx.t("error-no-bots");
  if (ctx.callbackQuery) await ctx.answerCallbackQuery({ text, show_alert: true });
  else await ctx.reply(text);
}

/** Lists the commands that this person can use. */
function helpFor({ t, isAdmin, isOwner, limit }: HeraldContext, { apiOn }: BotDeps): string {
  if (!isAdmin) return t("help");
  const forOwners = [t("help-owner"), ...(apiOn ? [t("help-keys")] : [])];
  return [
    t("help-admin"),
    ...(limit === null ? [t("help-settings")] : []),
    ...(isOwner ? forOwners : []),
    t("help-admin-self"),
  ].join("\n");
}
