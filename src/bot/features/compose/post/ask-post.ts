import { getDraft } from "../../../../campaign/queries.ts";
import type { BotDeps, HeraldContext } from "../../../ui/bot-context.ts";
import { languageName } from "../../../ui/words.ts";
import type { At } from "../dialog/at.ts";
import { draftButton } from "../dialog/draft-button.ts";
import { sendCard } from "../dialog/show-card.ts";
import { fromCard } from "./from-bot.ts";

/** Step 1: asks for the post and, where the home has several bots, says from which it will be sent. */
export async function askPost(deps: BotDeps, ctx: HeraldContext): Promise<At> {
  const lines = [ctx.t("post-ask"), ...(ctx.hasCommand("schedule") ? [ctx.t("post-then-time")] : [])];
  // The dialog that this one replaces may have left its keyboard.
  await ctx.reply(lines.join("\n"), { reply_markup: { remove_keyboard: true } });
  const from = await fromCard(deps, ctx);
  if (from) await sendCard(ctx, from);
  return { draft: null, expects: "post", keyboard: from?.keyboard ?? [] };
}

/** Asks for another post to replace a draft's default version, or its version in a `language`. */
export async function askAnotherPost(
  deps: BotDeps,
  ctx: HeraldContext,
  draft: number,
  language?: string,
): Promise<At> {
  const { t } = ctx;
  const { content } = await getDraft(deps.scope, draft);
  const keyboard = [[draftButton(draft, t("button-back"), "review")]];
  const ofDefault = content.versions ? "post-replace-default" : "post-replace";
  const text =
    language === undefined ? t(ofDefault) : t("post-version", { language: languageName(language) });
  await ctx.reply(text, { reply_markup: { inline_keyboard: keyboard } });
  return { draft, expects: "post", keyboard, ...(language !== undefined && { language }) };
}
