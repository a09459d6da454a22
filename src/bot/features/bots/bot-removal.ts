import type { Middleware } from "grammy";
import { DomainError } from "../../../errors.ts";
import { removeSender } from "../../../senders/actions/remove-sender.ts";
import { isNamedBy, lossOf, nameToType } from "../../../senders/loss.ts";
import { findSender } from "../../../senders/sender-store.ts";
import type { BotDeps, HeraldContext } from "../../ui/bot-context.ts";
import { COMMANDS } from "../../ui/command-menu.ts";
import { type Dialog, runDialog } from "../../ui/dialogs.ts";
import { sayRefusal } from "../../ui/refusal.ts";
import { sendScreen } from "../../ui/screens.ts";
import { cut } from "../../ui/words.ts";
import { titleOf } from "./bot-card.ts";
import { drawRemoval } from "./bot-questions.ts";
import { drawList } from "./bots-list.ts";

/** What the question said. */
interface Asked {
  botId: number;
  /** The campaigns that end. */
  ending: number[];
}

/** Asks an owner to type the name of a bot before much is lost with it. */
export function botRemovalDialog(deps: BotDeps): Middleware<HeraldContext> {
  return runDialog("botRemoval", async (dialog, { botId }) => {
    for (let isOver = false; !isOver;) {
      const asked = await dialog.act((ctx) => ask(deps, ctx, botId));
      isOver = asked === null || (await waitForName(deps, dialog, asked));
    }
  });
}

/** Null if there is nothing left to ask. */
async function ask(deps: BotDeps, ctx: HeraldContext, botId: number): Promise<Asked | null> {
  const { home } = deps.senders;
  const sender = await findSender(home, botId);
  if (!sender) {
    await sendScreen(ctx, (ctx) => drawList(deps, ctx, 0));
    return null;
  }
  const loss = await lossOf(home, botId);
  await sendScreen(ctx, async (ctx) => drawRemoval(deps, ctx, sender, loss));
  return { botId, ending: loss.ending.map(({ id }) => id) };
}

/** Resolves with false if it has to be asked again. */
async function waitForName(deps: BotDeps, dialog: Dialog, asked: Asked): Promise<boolean> {
  for (;;) {
    const ctx = await dialog.next();
    // After a command or a tap, the owner is doing something else, and what is typed later must not remove the bot.
    if (!ctx.message || ctx.hasCommand(COMMANDS)) await dialog.end();
    const done = await dialog.act((ctx) => take(deps, ctx, asked));
    if (done !== "wrong") return done === "over";
  }
}

async function take(
  deps: BotDeps,
  ctx: HeraldContext,
  { botId, ending }: Asked,
): Promise<"wrong" | "again" | "over"> {
  const { senders, log } = deps;
  const typed = ctx.message?.text ?? "";
  const sender = await findSender(senders.home, botId);
  if (!sender) return "again";
  if (!isNamedBy(sender, typed)) {
    const values = { text: cut(typed, 40), name: nameToType(sender) };
    await ctx.reply(ctx.t("bots-wrong-name", values));
    return "wrong";
  }
  try {
    await removeSender(senders, ctx.actor, { botId, ending, typed }, deps.confirmTypedFrom);
  } catch (error) {
    if (isMore(error)) {
      await ctx.reply(ctx.t("bots-campaigns-moved"));
      return "again";
    }
    if (!(error instanceof DomainError)) throw error;
    await sayRefusal(ctx, error);
    return "over";
  }
  log.info({ bot: botId, by: ctx.from?.id }, "a bot is removed");
  await ctx.reply(ctx.t("bots-removed", { name: titleOf(sender) }));
  await sendScreen(ctx, (ctx) => drawList(deps, ctx, 0));
  return "over";
}

/** True if more would be lost than the question said. */
export function isMore(error: unknown): boolean {
  return (
    error instanceof DomainError &&
    (error.code === "bot-campaigns-moved" || error.code === "bot-removal-not-typed")
  );
}

declare module "../../ui/dialogs.ts" {
  interface DialogEntries {
    botRemoval: { botId: number };
  }
}
