import type { Middleware } from "grammy";
import { answerUntil } from "../../ui/answer-until.ts";
import { askBot } from "../../ui/ask-bot.ts";
import type { BotDeps, HeraldContext } from "../../ui/bot-context.ts";
import { runDialog } from "../../ui/dialogs.ts";
import { type GiveLink, LINKS } from "./links-screen.ts";

/** Asks for what is not known yet of a link: its bot, its source. */
export function newLinkDialog(deps: BotDeps, giveLink: GiveLink): Middleware<HeraldContext> {
  return runDialog("newLink", async (dialog, { botId: known, typed }) => {
    const botId = known ?? (await askBot(deps, dialog, LINKS));
    if (typed !== undefined && (await dialog.act((ctx) => giveLink(ctx, botId, typed)))) return;
    if (typed === undefined) await dialog.act((ctx) => ctx.reply(ctx.t("links-ask")));
    await answerUntil(dialog, async (ctx) =>
      (await giveLink(ctx, botId, ctx.message?.text?.trim() ?? "")) ? true : null,
    );
  });
}

declare module "../../ui/dialogs.ts" {
  interface DialogEntries {
    /** Without a bot, it is asked for; without a text, the source is. */
    newLink: { botId: number | null; typed?: string };
  }
}
