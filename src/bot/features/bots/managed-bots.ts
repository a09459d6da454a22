import { Composer, Keyboard } from "grammy";
import type { User } from "grammy/types";
import { DomainError } from "../../../errors.ts";
import { addManagedSender } from "../../../senders/actions/add-managed-sender.ts";
import { renewManagedToken } from "../../../senders/managed-token.ts";
import type { BotDeps, HeraldContext } from "../../ui/bot-context.ts";
import { leaveDialog } from "../../ui/dialogs.ts";
import { sayRefusal } from "../../ui/refusal.ts";
import { sendScreen } from "../../ui/screens.ts";
import { drawBot, titleOf } from "./bot-card.ts";

/* Bots that an owner makes with Herald's button: the home manages them, and fetches their tokens by itself. */

/** The request id, which Telegram returns with the answer. There is only one kind of request in this chat's keyboard. */
const REQUEST = 1;

/**
 * Adds the bot that an owner has just made. The `managed_bot` update that comes as well adds none, because it does not say
 * what has happened: a stranger may have made the bot through a link, or it was removed here long ago.
 */
export function managedBots(deps: BotDeps): Composer<HeraldContext> {
  const composer = new Composer<HeraldContext>();
  composer.on("message:managed_bot_created", (ctx) => take(deps, ctx, ctx.message.managed_bot_created.bot));
  return composer;
}

/** A managed bot has got another token or owner, or was just made. Comes without a chat. */
export function managedBotUpdates({ senders, log }: BotDeps): Composer<HeraldContext> {
  const composer = new Composer<HeraldContext>();
  composer.on("managed_bot", (ctx) => renewManagedToken(senders, log, ctx.managedBot.bot.id));
  return composer;
}

async function take(deps: BotDeps, ctx: HeraldContext, bot: User): Promise<void> {
  // It had asked for a token, or for this.
  await leaveDialog(ctx, "botToken");
  try {
    const { sender, isNew, lacking } = await addManagedSender(deps.senders, ctx.actor, bot);
    if (isNew) {
      deps.log.info({ bot: bot.id, by: ctx.from?.id, lacking: lacking?.code }, "a bot is made and added");
      const text = ctx.t("bots-made", { name: titleOf(sender) });
      await ctx.reply(text, { reply_markup: { remove_keyboard: true } });
    }
    if (lacking) await sayRefusal(ctx, lacking);
    await sendScreen(ctx, (ctx) => drawBot(deps, ctx, sender));
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    await sayRefusal(ctx, error);
  }
}

/**
 * What the request for a token offers besides: a button that makes a bot, or how to get it. Asked anew each time, because
 * the setting is changed in @BotFather.
 */
export async function offerToMake(
  { log }: BotDeps,
  ctx: HeraldContext,
): Promise<{ words: string; keyboard: Keyboard | null }> {
  try {
    const me = await ctx.api.getMe();
    if (!me.can_manage_bots)
      return { words: ctx.t("bots-cannot-make", { home: `@${me.username}` }), keyboard: null };
    const keyboard = new Keyboard().requestManagedBot(ctx.t("bots-make"), REQUEST).oneTime().resized();
    return { words: ctx.t("bots-or-make"), keyboard };
  } catch (error) {
    // A token can be sent all the same.
    log.warn({ err: error }, "whether the home may manage bots cannot be asked");
    return { words: "", keyboard: null };
  }
}
