import { Menu } from "@grammyjs/menu";
import { Composer } from "grammy";
import { chooseLanguage, languageOf, primaryLanguage } from "../../audience/recipient.ts";
import { showCommands } from "../commands/menu.ts";
import type { BotDeps, HeraldContext } from "../context.ts";
import { cut, languageName, localeFor } from "../words.ts";

/** Offered as buttons: those most spoken on Telegram. Any other can be typed, such as /language ka. */
const OFFERED = [
  "en",
  "ru",
  "uk",
  "es",
  "pt",
  "de",
  "fr",
  "it",
  "tr",
  "fa",
  "ar",
  "hi",
  "id",
  "uz",
  "kk",
  "zh",
];

/** `/language` asks, a tap or `/language de` sets. */
export function languageScreen(deps: BotDeps): Composer<HeraldContext> {
  const menu = new Menu<HeraldContext>("language", { autoAnswer: false });
  for (const [index, language] of OFFERED.entries()) {
    menu.text(languageName(language), async (ctx) => {
      await choose(deps, ctx, language, (text) => ctx.editMessageText(text));
    });
    if (index % 2 === 1) menu.row();
  }

  const composer = new Composer<HeraldContext>();
  composer.use(menu);
  composer.command("language", async (ctx) => {
    const typed = ctx.match.trim();
    const language = findLanguage(typed);
    if (language) {
      await choose(deps, ctx, language, (text) => ctx.reply(text));
      return;
    }
    const current = (await languageOf(deps.scope, ctx.chat.id)) ?? "en";
    const text = typed
      ? ctx.t("language-unknown", { text: cut(typed, 40) })
      : ctx.t("language-ask", { language: languageName(current) });
    await ctx.reply(text, { reply_markup: menu });
  });
  return composer;
}

/** A code such as `de`, or the name of an offered language in that language, in English or in Russian. */
export function findLanguage(typed: string): string | null {
  const wanted = typed.toLowerCase();
  const english = new Intl.DisplayNames(["en"], { type: "language" });
  const russian = new Intl.DisplayNames(["ru"], { type: "language" });
  const named = OFFERED.find((code) =>
    [languageName(code), english.of(code), russian.of(code)].some((name) => name?.toLowerCase() === wanted),
  );
  if (named) return named;
  const code = primaryLanguage(typed);
  // Intl knows every registered language; for others it gives the code back.
  return code !== null && typed.length <= 7 && english.of(code) !== code ? code : null;
}

async function choose(
  deps: BotDeps,
  ctx: HeraldContext,
  language: string,
  say: (text: string) => Promise<unknown>,
): Promise<void> {
  const userId = ctx.from?.id ?? 0;
  await chooseLanguage(deps.scope, userId, language);
  ctx.locale = localeFor(language);
  ctx.t = deps.translator(ctx.locale);
  await say(ctx.t("language-set", { language: languageName(language) }));
  if (ctx.isAdmin) await showCommands(deps, ctx.api, userId, ctx.isOwner);
}
