import { conversations, createConversation } from "@grammyjs/conversations";
import { sequentialize } from "@grammyjs/runner";
import { Bot, type BotConfig, type Context } from "grammy";
import { deleteDialog, readDialog, writeDialog } from "../db/dialogs.ts";
import { capture } from "../content/capture.ts";
import { identify } from "./access.ts";
import { gatherAlbums, messagesIn } from "./albums.ts";
import { chatUpdates } from "./chats.ts";
import { calendarCommand } from "./commands/calendar.ts";
import { campaignCommands } from "./commands/campaigns.ts";
import { peopleCommands } from "./commands/people.ts";
import { statsCommand } from "./commands/stats.ts";
import { statusCommand } from "./commands/status.ts";
import type { BotDeps, HeraldContext } from "./context.ts";
import { createAddAdmin } from "./dialogs/add-admin.ts";
import { createComposer } from "./dialogs/composer/composer.ts";
import { CLOSED, NO_DRAFT, parseDraftTap } from "./dialogs/composer/dialog.ts";
import { takeLatePart } from "./dialogs/composer/late-part.ts";
import { createHours } from "./dialogs/hours.ts";
import { createTimezone, timezoneCommand } from "./dialogs/timezone.ts";
import { adminsScreen } from "./menus/admins.ts";
import { campaignsScreen } from "./menus/campaigns.ts";
import { settingsScreen } from "./menus/settings.ts";
import { isPostTap, postButtons } from "./post-buttons.ts";
import { answerTaps } from "./taps.ts";

/** Updates that Herald asks Telegram for. */
export const ALLOWED_UPDATES = ["message", "callback_query", "my_chat_member"] as const;

/**
 * Raised whenever a change to a dialog makes its stored answers unreadable. Running dialogs are then closed,
 * and their admins told; the drafts are kept.
 */
const DIALOG_VERSION = 1;

/** The bot that admins and people talk to. Reads top to bottom as an update passes through it. */
export function createBot(
  token: string,
  config: BotConfig<HeraldContext>,
  deps: BotDeps,
): Bot<HeraldContext> {
  const bot = new Bot<HeraldContext>(token, config);

  bot.use(gatherAlbums(deps));
  bot.use(sequentialize((ctx) => chatKey(ctx)));
  bot.use(answerTaps());
  bot.use(identify(deps));
  bot.use(postButtons(deps, bot.api));
  bot.use(peopleCommands(deps));
  bot.use(chatUpdates(deps));
  // Ahead of the dialogs: in the middle of one it is answered, and what was asked stays open.
  bot.chatType("private").command("help", (ctx) => ctx.reply(ctx.t(helpOf(ctx))));

  const admins = bot.chatType("private").filter((ctx) => ctx.isAdmin);
  admins.use(conversations({ storage: dialogStorage(deps) }));
  admins.command(["broadcast", "schedule"], async (ctx, next) => {
    await ctx.conversation.exitAll();
    await next();
  });
  admins.command("cancel").filter(
    (ctx) => ctx.match.trim() === "",
    async (ctx) => {
      const open = Object.keys(ctx.conversation.active()).length > 0;
      await ctx.conversation.exitAll();
      await ctx.reply(ctx.t(open ? "dialog-left" : "dialog-none"), {
        reply_markup: { remove_keyboard: true },
      });
    },
  );
  // A running dialog takes what is meant for it. Only what comes behind these lines can enter one.
  admins.use(createConversation(createComposer(deps), "composer"));
  admins.use(createConversation(createAddAdmin(deps), "addAdmin"));
  admins.use(createConversation(createHours(deps), "hours"));
  admins.use(createConversation(createTimezone(deps), "timezone"));
  admins.command("broadcast", (ctx) => ctx.conversation.enter("composer", { draft: null }));
  admins.command("schedule", (ctx) => ctx.conversation.enter("composer", { draft: null, timed: true }));
  admins.use(timezoneCommand(deps));
  admins.use(campaignsScreen(deps));
  admins.use(calendarCommand(deps));
  admins.filter((ctx) => ctx.isOwner).use(adminsScreen(deps));
  admins.use(campaignCommands(deps));
  admins.use(statsCommand(deps));
  admins.use(statusCommand(deps));
  admins.use(settingsScreen(deps));
  admins.callbackQuery(/^d:/, async (ctx) => {
    const own = parseDraftTap(ctx.callbackQuery.data);
    if (!own) return;
    // What was offered before there was a draft, and is no more.
    if (own.draft === NO_DRAFT) return ctx.answerCallbackQuery({ text: ctx.t("offer-gone") });
    await ctx.conversation.exitAll();
    await ctx.conversation.enter("composer", own);
  });

  admins.on("message", async (ctx, next) => {
    // A post sent without /broadcast, or a part of an album that comes behind its dialog.
    const captured = capture(messagesIn(ctx));
    const isService = captured.type === "refused" && captured.reason === "service";
    if (isService || ctx.message.text?.startsWith("/")) return next();
    if (!(await takeLatePart(deps, ctx, CLOSED))) await ctx.reply(ctx.t("outside-dialog"));
  });

  bot.on("callback_query", async (ctx) => {
    const text = ctx.t(ctx.isAdmin ? "error-no-dialog" : "error-not-admin");
    await ctx.answerCallbackQuery({ text, show_alert: true });
  });
  bot.chatType("private").on("message::bot_command", async (ctx) => {
    if (!ctx.message.text?.startsWith("/")) return;
    await ctx.reply(`${ctx.t("unknown-command")} ${ctx.t(helpOf(ctx))}`);
  });

  bot.catch(async ({ ctx, error }) => {
    deps.log.error({ err: error, update: ctx.update.update_id }, "an update could not be handled");
    if (ctx.chat?.type !== "private" || ctx.myChatMember) return;
    const key = /replay/i.test(String(error)) ? "dialog-broken" : "error-internal";
    // ctx.t is missing when the database failed before the language was known.
    const t = ctx.t ?? deps.translator("en");
    await ctx.reply(t(key)).catch((failure: unknown) => deps.log.warn({ err: failure }, "nor be answered"));
  });
  return bot;
}

/** The key of the list of commands that somebody can use. */
function helpOf({ isAdmin }: HeraldContext): string {
  return isAdmin ? "help-admin" : "help";
}

/**
 * One update of a chat at a time: dialogs and quick taps keep their order. Under a post in a channel thousands may vote
 * at once, and wait for their own taps only.
 */
function chatKey(ctx: Context): string | undefined {
  const own = isPostTap(ctx.callbackQuery?.data);
  return ((own ? undefined : ctx.chat?.id) ?? ctx.from?.id)?.toString();
}

/** Keeps dialogs in the database, so that a restart resumes them. */
function dialogStorage({ scope }: BotDeps) {
  return {
    type: "context" as const,
    version: DIALOG_VERSION,
    adapter: {
      async read(ctx: HeraldContext) {
        const stored = (await readDialog(scope, chatOf(ctx))) as { version: [number, number] } | undefined;
        if (stored && stored.version[1] !== DIALOG_VERSION) {
          // The plugin would forget it without a word.
          await deleteDialog(scope, chatOf(ctx));
          await ctx.reply(ctx.t("dialog-lost"));
          return undefined;
        }
        return stored as never;
      },
      write: (ctx: HeraldContext, state: unknown) => writeDialog(scope, chatOf(ctx), state),
      delete: (ctx: HeraldContext) => deleteDialog(scope, chatOf(ctx)),
    },
  };
}

/** The chat of an update behind the private-chat filter, where there always is one. */
function chatOf(ctx: Context): number {
  return ctx.chat?.id ?? 0;
}
