import { tagName } from "../../../../audience/tags.ts";
import { retimeStep } from "../../../../campaign/actions/change-newcomers.ts";
import { MOST_DAYS } from "../../../../campaign/step-plan.ts";
import { isSource } from "../../../../audience/source.ts";
import { readDelay } from "../../../../schedule/typed/read-delay.ts";
import type { BotDeps, HeraldContext } from "../../../ui/bot-context.ts";
import { describePlan } from "../../../ui/plan-words.ts";
import { cut } from "../../../ui/words.ts";
import { type At, type Plan, type StepFor, CLOSED } from "../dialog/at.ts";
import type { NamesOf, StepContext } from "../dialog/step.ts";

/* A step of the series for newcomers, before there is a draft: when people get it, and who. */

/** Asks for the time or, if that is known, for the post. */
export async function askForStep(ctx: HeraldContext, step: StepFor): Promise<At> {
  const at: At = { draft: null, expects: "delay", keyboard: [], bots: [step.bot], step };
  if (step.plan) return askStepPost(ctx, at, step.plan);
  await ctx.reply(ctx.t("newcomers-ask-when"), { reply_markup: { remove_keyboard: true } });
  return at;
}

async function askStepPost(ctx: HeraldContext, at: At, plan: Plan): Promise<At> {
  await ctx.reply(ctx.t("newcomers-ask-post", { when: describePlan(ctx.t, plan) }), {
    reply_markup: { remove_keyboard: true },
  });
  return { ...at, expects: "post", ...(at.step && { step: { ...at.step, plan } }) };
}

/**
 * Reads `3 days at 10:00 source:promo`: a length of time, and whom the step is for. Days count in the zone of the home. Null if
 * it cannot be read.
 */
export function readPlan(text: string, zone: string): Plan | null {
  const words = [...text.matchAll(/(?:^|\s)(source|tag|источник|тег):(\S+)/giu)];
  const of = (...keys: string[]) => words.find(([, key = ""]) => keys.includes(key.toLowerCase()))?.[2];
  const source = of("source", "источник");
  const typedTag = of("tag", "тег");
  const tag = typedTag === undefined ? undefined : tagName(typedTag);
  const rest = words.reduce((left, [word]) => left.replace(word, " "), text);
  const delay = readDelay(rest);
  if (!delay || tag === null || (source !== undefined && !isSource(source))) return null;
  const isLong = "hours" in delay ? delay.hours > MOST_DAYS * 24 : delay.days > MOST_DAYS;
  if (isLong) return null;
  return {
    after:
      "hours" in delay
        ? { in: "hours", count: delay.hours }
        : { in: "days", count: delay.days, at: delay.at, zone },
    ...(source !== undefined && { source }),
    ...(tag !== undefined && { tag }),
  };
}

/** Takes the time: of a new step, or of the one that is to get another. */
async function takeDelay(deps: BotDeps, ctx: StepContext, at: At): Promise<At> {
  const { t } = ctx;
  const text = ctx.message?.text?.trim() ?? "";
  const plan = readPlan(text, deps.timezone);
  if (!at.step || !plan) {
    await ctx.reply(t("newcomers-when-unknown", { text: cut(text, 40) }));
    return at;
  }
  const { of } = at.step;
  if (of === undefined) return askStepPost(ctx, at, plan);
  await retimeStep(deps.scope, ctx.actor, of, plan);
  await ctx.reply(t("newcomers-retimed", { id: String(of), when: describePlan(t, plan) }));
  return CLOSED;
}

export const newcomersStep = {
  takes: { delay: takeDelay },
};

declare module "../dialog/step.ts" {
  interface Expectations extends NamesOf<typeof newcomersStep.takes, "newcomers"> {}
}
