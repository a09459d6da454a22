import { editDraft } from "../../../../campaign/actions/edit-draft.ts";
import type { Campaign } from "../../../../campaign/campaign.ts";
import { getDraft } from "../../../../campaign/queries.ts";
import { LATE_POLICIES } from "../../../../db/states.ts";
import type { BotDeps } from "../../../ui/bot-context.ts";
import type { Keyboard } from "../../../ui/card.ts";
import type { At } from "../dialog/at.ts";
import { draftButton, numberOf } from "../dialog/draft-button.ts";
import { showCard } from "../dialog/show-card.ts";
import type { NamesOf, Tap, StepContext } from "../dialog/step.ts";

/** Asks what to do if the campaign is found due too late, or takes the answer that was tapped. */
export async function lateTapped(
  deps: BotDeps,
  ctx: StepContext,
  draft: number,
  argument: string,
): Promise<At> {
  const latePolicy = LATE_POLICIES.find((policy) => policy === argument);
  const campaign = await getDraft(deps.scope, draft);
  if (!latePolicy) return askLate(deps, ctx, campaign);
  if (latePolicy !== campaign.latePolicy) await editDraft(deps.scope, ctx.actor, campaign, { latePolicy });
  if (ctx.callbackQuery) await ctx.answerCallbackQuery({ text: ctx.t(`late-is-${latePolicy}`) });
  return ctx.goTo("when", draft);
}

async function askLate({ lateLimitHours }: BotDeps, ctx: StepContext, campaign: Campaign): Promise<At> {
  const { t } = ctx;
  const draft = campaign.id;
  const keyboard: Keyboard = [
    ...(["send", "ask", "expire"] as const).map((policy) => [
      draftButton(
        draft,
        `${policy === campaign.latePolicy ? "✅ " : ""}${t(`button-late-${policy}`)}`,
        "late",
        policy,
      ),
    ]),
    [draftButton(draft, t("button-back"), "when")],
  ];
  const text = t("late-ask", { id: numberOf(campaign), hours: lateLimitHours });
  await showCard(ctx, { text, keyboard });
  return { draft, expects: "label", keyboard };
}

export const lateStep = {
  taps: { late: ({ deps, ctx, draft, argument }: Tap) => lateTapped(deps, ctx, draft, argument) },
};

declare module "../dialog/step.ts" {
  interface Verbs extends NamesOf<typeof lateStep.taps, "late"> {}
}
