import { getDraft } from "../../../../campaign/queries.ts";
import { LONGEST_STAY_HOURS } from "../../../../content/content.ts";
import type { BotDeps } from "../../../ui/bot-context.ts";
import { LIFETIMES } from "../../../ui/post-options.ts";
import type { At } from "../dialog/at.ts";
import { draftButton } from "../dialog/draft-button.ts";
import { showCard } from "../dialog/show-card.ts";
import { askOptions, saveOptions } from "./options.ts";
import type { NamesOf, Tap, StepContext } from "../dialog/step.ts";

/** `Delete after…`: without a number, asks for one; 0 means never. */
export async function chooseLifetime(
  deps: BotDeps,
  ctx: StepContext,
  draft: number,
  argument: string,
): Promise<At> {
  if (argument === "") return askLifetime(ctx, draft);
  const hours = Number(argument);
  if (argument !== "0" && !isLifetime(hours)) return askLifetime(ctx, draft);
  await setLifetime(deps, ctx, draft, hours);
  return askOptions(deps, ctx, draft);
}

async function askLifetime(ctx: StepContext, draft: number): Promise<At> {
  const { t } = ctx;
  const keyboard = [
    LIFETIMES.map((hours) => draftButton(draft, t("option-hours", { hours }), "after", String(hours))),
    [draftButton(draft, t("option-never"), "after", "0"), draftButton(draft, t("button-back"), "options")],
  ];
  await showCard(ctx, { text: t("lifetime-ask", { most: LONGEST_STAY_HOURS }), keyboard });
  return { draft, expects: "lifetime", keyboard };
}

/** Takes typed hours, such as "36", "36 h" or "36 ч". */
export async function takeLifetime(deps: BotDeps, ctx: StepContext, at: At): Promise<At> {
  if (at.draft === null) return at;
  const hours = Number(
    /^(\d{1,3})\s*(?:h|hours?|ч|час(?:а|ов)?)?\.?$/i.exec(ctx.message?.text?.trim() ?? "")?.[1],
  );
  if (!isLifetime(hours)) {
    await ctx.reply(ctx.t("lifetime-wrong", { most: LONGEST_STAY_HOURS }));
    return at;
  }
  await setLifetime(deps, ctx, at.draft, hours);
  return askOptions(deps, ctx, at.draft);
}

function isLifetime(hours: number): boolean {
  return Number.isInteger(hours) && hours >= 1 && hours <= LONGEST_STAY_HOURS;
}

/** 0 hours means that the post stays. */
async function setLifetime(deps: BotDeps, ctx: StepContext, draft: number, hours: number): Promise<void> {
  const campaign = await getDraft(deps.scope, draft);
  const { deleteAfterHours: _, ...others } = campaign.content.options ?? {};
  await saveOptions(deps, ctx, campaign, hours === 0 ? others : { ...others, deleteAfterHours: hours });
}

export const lifetimeStep = {
  takes: { lifetime: takeLifetime },
  taps: { after: ({ deps, ctx, draft, argument }: Tap) => chooseLifetime(deps, ctx, draft, argument) },
};

declare module "../dialog/step.ts" {
  interface Expectations extends NamesOf<typeof lifetimeStep.takes, "lifetime"> {}
  interface Verbs extends NamesOf<typeof lifetimeStep.taps, "lifetime"> {}
}
