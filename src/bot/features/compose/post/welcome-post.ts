import { setWelcome } from "../../../../campaign/actions/set-welcome.ts";
import { isSource } from "../../../../audience/source.ts";
import { DomainError } from "../../../../errors.ts";
import type { BotDeps, HeraldContext } from "../../../ui/bot-context.ts";
import { type At, type WelcomeFor, CLOSED } from "../dialog/at.ts";
import { showCard } from "../dialog/show-card.ts";
import type { NamesOf, StepContext, Tap } from "../dialog/step.ts";

/* A draft that is to answer /start: before there is one, and its end. What lies between is the composer's usual way. */

/** Asks for the post or, if it is to be for one source, first for that. */
export async function askForWelcome(
  ctx: HeraldContext,
  { bot, source }: Pick<WelcomeFor, "bot"> & Partial<WelcomeFor>,
): Promise<At> {
  const at = { draft: null, keyboard: [], bots: [bot], welcome: { bot, source: source ?? "" } };
  if (source !== undefined) return askWelcome(ctx, { ...at, expects: "post" });
  await ctx.reply(ctx.t("welcome-ask-source"), { reply_markup: { remove_keyboard: true } });
  return { ...at, expects: "source" };
}

async function askWelcome(ctx: HeraldContext, at: At): Promise<At> {
  await ctx.reply(ctx.t("welcome-ask", { source: at.welcome?.source || "none" }), {
    reply_markup: { remove_keyboard: true },
  });
  return { ...at, expects: "post" };
}

/** Takes what stands after `?start=` in a link, or the whole link. */
async function takeSource(_: BotDeps, ctx: StepContext, at: At): Promise<At> {
  const typed = ctx.message?.text?.trim() ?? "";
  const source = /[?&]start=([^&\s]+)/.exec(typed)?.[1] ?? typed;
  if (at.welcome && isSource(source)) return askWelcome(ctx, { ...at, welcome: { ...at.welcome, source } });
  await ctx.reply(ctx.t("welcome-source-unfit"));
  return at;
}

/** `Use as welcome` was tapped; the button says which revision was shown. */
async function useWelcome({ deps, ctx, draft, argument }: Tap): Promise<At> {
  const { t } = ctx;
  try {
    const { source } = await setWelcome(deps.scope, ctx.actor, { id: draft, revision: Number(argument) });
    deps.log.info({ draft, by: ctx.from?.id }, "a welcome is set");
    await showCard(ctx, { text: t("welcome-set", { source: source || "none" }), keyboard: [] });
    return CLOSED;
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    if (error.code === "changed") await ctx.reply(t("confirm-changed", { id: String(draft) }));
    else if (error.code !== "unsendable") throw error;
    return ctx.goTo("review", draft);
  }
}

export const welcomeStep = {
  takes: { source: takeSource },
  taps: { welcome: useWelcome },
};

declare module "../dialog/step.ts" {
  interface Expectations extends NamesOf<typeof welcomeStep.takes, "welcome"> {}
  interface Verbs extends NamesOf<typeof welcomeStep.taps, "welcome"> {}
}
