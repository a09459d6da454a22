import { clearButtons } from "./message-edits.ts";
import type { BotDeps, HeraldContext } from "./bot-context.ts";
import { type ScreenName, screenTap } from "./callback-data.ts";
import { COMMANDS } from "./command-menu.ts";
import type { Dialog } from "./dialogs.ts";
import { sendScreen } from "./screens.ts";
import { allBots, botIn } from "./sending-bots.ts";
import { cut, firstFew } from "./words.ts";

/** Bots that have a button; any other can be typed. */
const MOST_SHOWN = 40;

const CHOICE = /^for\.(\d{1,15})$/;

/** Asks which bot is meant, by a button or its typed @username. `screen` is that of the command, whose buttons these are. */
export async function askBot(deps: BotDeps, dialog: Dialog, screen: ScreenName): Promise<number> {
  await dialog.act((ctx) =>
    sendScreen(ctx, async () => ({
      screen,
      text: ctx.t("ask-bot"),
      rows: (await allBots(deps.scope))
        .slice(0, MOST_SHOWN)
        .map(({ botId, name }) => [{ text: name, what: `for.${botId}` }]),
    })),
  );
  for (;;) {
    const ctx = await dialog.next();
    if (ctx.hasCommand(COMMANDS)) await dialog.end();
    const data = ctx.callbackQuery?.data;
    const tapped =
      data === undefined ? null : (CHOICE.exec(screenTap(screen).parse(data)?.what ?? "")?.[1] ?? null);
    if (tapped === null && !ctx.message) await dialog.passOn();
    const chosen = await dialog.act((ctx) => take(deps, ctx, tapped ?? ctx.message?.text?.trim() ?? ""));
    if (chosen !== null) return chosen;
  }
}

/** Null if there is no such bot, and the admin has been told which there are. */
async function take({ scope }: BotDeps, ctx: HeraldContext, typed: string): Promise<number | null> {
  const bots = await allBots(scope);
  const bot = botIn(bots, typed);
  const names = firstFew(
    ctx.t,
    bots.map(({ name }) => name),
  ).join(", ");
  const unknown = ctx.t("from-unknown", { text: cut(typed, 32, "…"), bots: names });
  if (ctx.callbackQuery) {
    await ctx.answerCallbackQuery(bot ? {} : { text: unknown });
    if (bot && ctx.callbackQuery.message) await clearButtons(ctx, ctx.callbackQuery.message.message_id);
  } else if (!bot) await ctx.reply(unknown);
  return bot?.botId ?? null;
}
