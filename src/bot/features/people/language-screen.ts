import { Composer } from "grammy";
import { chooseLanguage, languageOf, primaryLanguage } from "../../../audience/recipients.ts";
import { showCommands } from "../../ui/command-menu.ts";
import type { CrowdDeps, HeraldContext } from "../../ui/bot-context.ts";
import { type Button, type Drawn, type Screen, screenMenus, sendScreen } from "../../ui/screens.ts";
import { cut, languageName, localeFor } from "../../ui/words.ts";
import { pairs } from "../../ui/card.ts";

/** Offered as buttons: the languages most spoken on Telegram. Any other can be typed, such as /language ka. */
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

const NAME = "language";

/** `/language` asks for a language; a tap or `/language de` sets it. */
export function languageScreen(deps: CrowdDeps): Composer<HeraldContext> {
  const draw = (ctx: HeraldContext) => drawLanguage(deps, ctx);
  const screen: Screen = {
    name: NAME,
    outdated: "list-outdated",
    draw,
    async tapped(ctx, what) {
      if (!OFFERED.includes(what)) return { outdated: draw };
      const text = await choose(deps, ctx, what);
      return { draw: async () => ({ screen: NAME, text, rows: [] }) };
    },
  };

  const composer = new Composer<HeraldContext>();
  composer.use(screenMenus(screen));
  composer.command("language", async (ctx) => {
    const typed = ctx.match.trim();
    const language = findLanguage(typed);
    if (language) {
      const text = await choose(deps, ctx, language);
      await ctx.answer(() => ctx.reply(text));
    } else if (typed) {
      const text = ctx.t("language-unknown", { text: cut(typed, 40) });
      await ctx.answer(() => sendScreen(ctx, async () => offering(text)));
    } else await ctx.answer(() => sendScreen(ctx, draw));
  });
  return composer;
}

export async function drawLanguage(
  { own }: Pick<CrowdDeps, "own">,
  { t, chat }: HeraldContext,
): Promise<Drawn> {
  const current = (await languageOf(own, chat?.id ?? 0)) ?? "en";
  return offering(t("language-ask", { language: languageName(current) }));
}

/** A screen with this text and the offered languages, two per row. */
function offering(text: string): Drawn {
  const buttons = OFFERED.map((language): Button => ({ text: languageName(language), what: language }));
  return { screen: NAME, text, rows: pairs(buttons) };
}

/** Reads a code such as `de`, or the name of an offered language: its own, in English or in Russian. */
export function findLanguage(typed: string): string | null {
  const wanted = typed.toLowerCase();
  const english = new Intl.DisplayNames(["en"], { type: "language" });
  const russian = new Intl.DisplayNames(["ru"], { type: "language" });
  const named = OFFERED.find((code) =>
    [languageName(code), english.of(code), russian.of(code)].some((name) => name?.toLowerCase() === wanted),
  );
  if (named) return named;
  const code = primaryLanguage(typed);
  // Intl knows every registered language; for anything else it returns the code.
  return code !== null && typed.length <= 7 && english.of(code) !== code ? code : null;
}

/** Resolves with the answer, in that language if the bot speaks it. */
async function choose(deps: CrowdDeps, ctx: HeraldContext, language: string): Promise<string> {
  const userId = ctx.from?.id ?? 0;
  if (!(await chooseLanguage(deps.own, userId, language))) return ctx.t("subscription-none");
  ctx.locale = localeFor(language);
  ctx.t = deps.translator(ctx.locale);
  if (ctx.isAdmin && deps.homeUsername === null) await showCommands(deps, ctx.api, userId, ctx.isOwner);
  return ctx.t("language-set", { language: languageName(language) });
}
