import { setWelcome } from "../../../../campaign/actions/set-welcome.ts";
import { isSource } from "../../../../audience/source.ts";
import { putStep } from "../../../../campaign/actions/change-newcomers.ts";
import { getDraft } from "../../../../campaign/queries.ts";
import { DomainError } from "../../../../errors.ts";
import type { BotDeps, HeraldContext } from "../../../ui/bot-context.ts";
import { describePlan } from "../../../ui/plan-words.ts";
import { type At, type WelcomeFor, CLOSED } from "../dialog/at.ts";
import { showCard } from "../dialog/show-card.ts";
import type { NamesOf, StepContext, Tap } from "../dialog/step.ts";

/*
 * A draft that is no campaign: what is asked before there is one that answers /start, and how it, or a step of the series for
 * newcomers, is put to use. What lies between is the composer's usual way.
 */

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

/** `Use as welcome` or `Add to the series` was tapped; the button says which revision was shown. */
async function useTapped(tap: Tap): Promise<At> {
  const { deps, ctx, draft } = tap;
  const { t } = ctx;
  try {
    const text = await putToUse(tap);
    deps.log.info({ draft, by: ctx.from?.id }, "a draft is put to use");
    await showCard(ctx, { text, keyboard: [] });
    return CLOSED;
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    if (error.code === "changed") await ctx.reply(t("confirm-changed", { id: String(draft) }));
    else if (error.code !== "unsendable") throw error;
    return ctx.goTo("review", draft);
  }
}

/** Resolves with what the admin is told. */
async function putToUse({ deps: { scope, clock }, ctx, draft, argument }: Tap): Promise<string> {
  const { t, actor } = ctx;
  const seen = { id: draft, revision: Number(argument) };
  const { step } = await getDraft(scope, draft);
  if (!step) {
    const { source } = await setWelcome(scope, actor, seen);
    return t("welcome-set", { source: source || "none" });
  }
  const used = await putStep(scope, actor, seen, clock.now());
  const key = step.replaces === undefined ? "newcomers-added" : "newcomers-changed";
  return t(key, { id: String(used.id), when: describePlan(t, used.step) });
}

export const useStep = {
  takes: { source: takeSource },
  taps: { use: useTapped },
};

declare module "../dialog/step.ts" {
  interface Expectations extends NamesOf<typeof useStep.takes, "use"> {}
  interface Verbs extends NamesOf<typeof useStep.taps, "use"> {}
}
