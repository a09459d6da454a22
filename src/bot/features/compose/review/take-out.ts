import { chooseBots } from "../../../../campaign/actions/choose-bots.ts";
import { botsOf } from "../../../../campaign/bundle.ts";
import { getDraft } from "../../../../campaign/queries.ts";
import type { BotDeps } from "../../../ui/bot-context.ts";
import { showToast } from "../../../ui/replies.ts";
import type { At } from "../dialog/at.ts";
import type { NamesOf, StepContext, Tap } from "../dialog/step.ts";
import { review } from "./review-card.ts";

/** Takes a bot out of those that are to send the draft. The id comes from outside. */
async function takeOut(deps: BotDeps, ctx: StepContext, draft: number, argument: string): Promise<At> {
  const campaign = await getDraft(deps.scope, draft);
  const left = botsOf(campaign).filter((botId) => String(botId) !== argument);
  if (left.length === 0 || left.length === botsOf(campaign).length)
    await showToast(ctx, ctx.t("screen-outdated"));
  else await chooseBots(deps.scope, ctx.actor, campaign, left);
  return review(deps, ctx, draft);
}

export const takeOutStep = {
  taps: {
    without: ({ deps, ctx, draft, argument }: Tap) => takeOut(deps, ctx, draft, argument),
  },
};

declare module "../dialog/step.ts" {
  interface Verbs extends NamesOf<typeof takeOutStep.taps, "takeout"> {}
}
