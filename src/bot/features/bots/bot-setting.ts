import type { Middleware } from "grammy";
import { DomainError } from "../../../errors.ts";
import { renameSender } from "../../../senders/actions/rename-sender.ts";
import { setRate } from "../../../senders/actions/set-rate.ts";
import { findSender } from "../../../senders/sender-store.ts";
import type { Sender } from "../../../senders/sender.ts";
import type { BotDeps, HeraldContext } from "../../ui/bot-context.ts";
import { COMMANDS } from "../../ui/command-menu.ts";
import { runDialog } from "../../ui/dialogs.ts";
import { sayRefusal } from "../../ui/refusal.ts";
import { sendScreen } from "../../ui/screens.ts";
import { drawBot, titleOf } from "./bot-card.ts";
import { drawRateQuestion } from "./bot-questions.ts";

/** Asks an owner for the name or the rate of a bot. */
export function botSettingDialog(deps: BotDeps): Middleware<HeraldContext> {
  return runDialog("botSetting", async (dialog, entry) => {
    await dialog.act((ctx) => ask(deps, ctx, entry));
    for (let done = false; !done;) {
      const ctx = await dialog.next();
      // After a command, the owner is doing something else, and what is typed later must not change the bot.
      if (ctx.hasCommand(COMMANDS)) await dialog.end();
      if (!ctx.message) await dialog.passOn();
      done = await dialog.act((ctx) => take(deps, ctx, entry));
    }
  });
}

async function ask(
  { senders }: BotDeps,
  ctx: HeraldContext,
  { botId, what }: BotSettingEntry,
): Promise<void> {
  const sender = await findSender(senders.home, botId);
  await ctx.reply(ctx.t(`bots-ask-${what}`, { name: sender ? titleOf(sender) : String(botId) }));
}

/** Resolves with true if the dialog is over. */
async function take(deps: BotDeps, ctx: HeraldContext, { botId, what }: BotSettingEntry): Promise<boolean> {
  const { senders, log } = deps;
  const typed = ctx.message?.text?.trim() ?? "";
  try {
    const sender: Sender =
      what === "name"
        ? await renameSender(senders, ctx.actor, botId, typed)
        : await setRate(senders, ctx.actor, botId, readRate(typed));
    log.info({ bot: botId, what, by: ctx.from?.id }, "a setting of a bot is changed");
    await sendScreen(ctx, (ctx) => drawBot(deps, ctx, sender));
    return true;
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    if (error.code === "bot-rate-not-free") {
      await askAboveFree(deps, ctx, botId, Number(error.details["rate"]));
      return true;
    }
    await sayRefusal(ctx, error);
    return error.code !== "bot-name-unfit" && error.code !== "bot-rate-unfit";
  }
}

async function askAboveFree(deps: BotDeps, ctx: HeraldContext, botId: number, rate: number): Promise<void> {
  const sender = await findSender(deps.senders.home, botId);
  if (sender) await sendScreen(ctx, async (ctx) => drawRateQuestion(ctx, sender, rate));
}

/** NaN for what is not a number, which no rate is. */
function readRate(typed: string): number {
  return /^\d{1,4}(?:[.,]\d{1,3})?$/.test(typed) ? Number(typed.replace(",", ".")) : Number.NaN;
}

export interface BotSettingEntry {
  botId: number;
  what: "name" | "rate";
}

declare module "../../ui/dialogs.ts" {
  interface DialogEntries {
    botSetting: BotSettingEntry;
  }
}
