import type { HeraldContext } from "../../context.ts";
import { languageName } from "../../words.ts";
import { type At, draftButton } from "./dialog.ts";

/**
 * Step 1: asks for the post, or for another one in the place of a draft's: of its default version, or of that of a
 * `language`.
 */
export async function askPost(ctx: HeraldContext, draft: number | null, language?: string): Promise<At> {
  if (draft === null) {
    const lines = [ctx.t("post-ask"), ...(ctx.hasCommand("schedule") ? [ctx.t("post-then-time")] : [])];
    await ctx.reply(lines.join("\n"));
    return { draft, expects: "post", keyboard: [] };
  }
  const keyboard = [[draftButton(draft, ctx.t("button-back"), "review")]];
  const text =
    language === undefined
      ? ctx.t("post-replace")
      : ctx.t("post-version", { language: languageName(language) });
  await ctx.reply(text, { reply_markup: { inline_keyboard: keyboard } });
  return { draft, expects: "post", keyboard, ...(language !== undefined && { language }) };
}
