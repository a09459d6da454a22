import { GrammyError, HttpError, type Middleware } from "grammy";
import { DomainError, type ErrorCode } from "../../../errors.ts";
import { addSender } from "../../../senders/actions/add-sender.ts";
import { replaceToken } from "../../../senders/actions/replace-token.ts";
import { findSender } from "../../../senders/sender-store.ts";
import type { BotDeps, HeraldContext } from "../../ui/bot-context.ts";
import { COMMANDS } from "../../ui/command-menu.ts";
import { runDialog } from "../../ui/dialogs.ts";
import { sayRefusal } from "../../ui/refusal.ts";
import { sendScreen } from "../../ui/screens.ts";
import { drawBot, titleOf } from "./bot-card.ts";
import { offerToMake } from "./managed-bots.ts";

/** After these, another token can help. */
const ASKED_AGAIN: readonly ErrorCode[] = [
  "bot-token-malformed",
  "bot-token-of-another",
  "bot-token-refused",
  "telegram-unreachable",
  "bot-known",
  "bot-is-home",
  "bot-leaving",
  "bot-elsewhere",
];

/**
 * Asks an owner for a bot's token: of a new bot, or another one of a bot that is there. Each answer is deleted from the
 * chat at once. The dialog itself never sees a token: hideSecrets takes it out of the update, and hideAnswersTo the rest.
 */
export function botTokenDialog(deps: BotDeps): Middleware<HeraldContext> {
  return runDialog("botToken", async (dialog, { botId }) => {
    await dialog.act((ctx) => ask(deps, ctx, botId));
    for (let done = false; !done;) {
      const ctx = await dialog.next();
      // After a command, the owner is doing something else.
      if (ctx.hasCommand(COMMANDS)) await dialog.end();
      if (!ctx.message) await dialog.passOn();
      // What `act` resolves with is stored, so the token stays inside.
      done = await dialog.act((ctx) => take(deps, ctx, botId));
    }
  });
}

async function ask(deps: BotDeps, ctx: HeraldContext, botId: number | null): Promise<void> {
  const sender = botId === null ? null : await findSender(deps.senders.home, botId);
  if (sender) {
    await ctx.reply(ctx.t("bots-ask-new-token", { name: titleOf(sender) }));
    return;
  }
  const { words, keyboard } = await offerToMake(deps, ctx);
  const text = [ctx.t("bots-ask-token"), words].filter(Boolean).join("\n\n");
  await ctx.reply(text, keyboard ? { reply_markup: keyboard } : {});
}

/** Resolves with true if the dialog is over. */
async function take(deps: BotDeps, ctx: HeraldContext, botId: number | null): Promise<boolean> {
  const { tokens, t } = ctx;
  await deleteAnswer(deps, ctx);
  const [token, ...others] = tokens;
  if (token === undefined || others.length > 0) {
    await ctx.reply(t(token === undefined ? "bots-no-token" : "bots-several-tokens"));
    return false;
  }
  try {
    if (botId === null) await add(deps, ctx, token);
    else await replace(deps, ctx, botId, token);
    return true;
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    await sayRefusal(ctx, error);
    return !ASKED_AGAIN.includes(error.code);
  }
}

/** Telegram lets bots delete what people write to them, but may be out of reach right now. */
async function deleteAnswer({ log }: BotDeps, ctx: HeraldContext): Promise<void> {
  try {
    await ctx.deleteMessage();
  } catch (error) {
    if (!(error instanceof GrammyError) && !(error instanceof HttpError)) throw error;
    log.warn({ err: error }, "a message with a bot's token is not deleted");
    await ctx.reply(ctx.t("bots-token-stays"));
  }
}

async function add(deps: BotDeps, ctx: HeraldContext, token: string): Promise<void> {
  const { sender, looked } = await addSender(deps.senders, ctx.actor, token);
  const { botId } = sender;
  deps.log.info({ bot: botId, by: ctx.from?.id, receiver: looked.receiver.type }, "a bot is added");
  const text = ctx.t("bots-is-added", { name: titleOf(sender) });
  await ctx.reply(text, { reply_markup: { remove_keyboard: true } });
  await sendScreen(ctx, (ctx) => drawBot(deps, ctx, sender, looked.receiver));
}

async function replace(deps: BotDeps, ctx: HeraldContext, botId: number, token: string): Promise<void> {
  const sender = await replaceToken(deps.senders, ctx.actor, botId, token);
  deps.log.info({ bot: botId, by: ctx.from?.id }, "a bot has another token");
  await ctx.reply(ctx.t("bots-token-replaced", { name: titleOf(sender) }));
  await sendScreen(ctx, (ctx) => drawBot(deps, ctx, sender));
}

declare module "../../ui/dialogs.ts" {
  interface DialogEntries {
    /** The bot that gets another token; null for a new bot. */
    botToken: { botId: number | null };
  }
}
