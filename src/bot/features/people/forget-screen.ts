import { Composer } from "grammy";
import { forgetMe } from "../../../campaign/actions/erase-recipient.ts";
import type { CrowdDeps, HeraldContext } from "../../ui/bot-context.ts";
import { namesAnother } from "./person-file.ts";
import { type Drawn, type Screen, screenMenus, sendScreen } from "../../ui/screens.ts";

const NAME = "forget";

/** What confirms it when it is typed: `/forget yes`. */
const YES = /^(?:yes|да)$/i;

/** `/forget` deletes what the bot knows of a person, once they have confirmed it. */
export function forgetScreen(deps: CrowdDeps): Composer<HeraldContext> {
  const screen: Screen = {
    name: NAME,
    outdated: "list-outdated",
    draw: ask,
    async tapped(ctx, what) {
      if (what !== "yes" && what !== "no") return { outdated: ask };
      const text = what === "yes" ? await forget(deps, ctx) : ctx.t("forget-kept");
      return { draw: async () => ({ screen: NAME, text, rows: [] }) };
    },
  };

  const composer = new Composer<HeraldContext>();
  composer.use(screenMenus(screen));
  composer.command("forget", async (ctx, next) => {
    if (ctx.isAdmin && deps.homeUsername === null && namesAnother(ctx.match)) return next();
    if (!YES.test(ctx.match.trim())) return ctx.answer(() => sendScreen(ctx, ask));
    const text = await forget(deps, ctx);
    await ctx.answer(() => ctx.reply(text));
  });
  return composer;
}

async function ask({ t }: HeraldContext): Promise<Drawn> {
  const rows = [
    [
      { text: t("forget-yes"), what: "yes" },
      { text: t("forget-no"), what: "no" },
    ],
  ];
  return { screen: NAME, text: t("forget-ask"), rows };
}

/** Resolves with the answer, in the language that the person has just read. */
async function forget({ own, log }: CrowdDeps, ctx: HeraldContext): Promise<string> {
  await forgetMe(own, ctx.from?.id ?? 0);
  // Without the id, which is not to be kept anywhere.
  log.info("a person is forgotten at their request");
  return ctx.t("forget-done");
}
