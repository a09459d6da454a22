import { getDraft } from "../../../../campaign/queries.ts";
import type { BotDeps } from "../../../ui/bot-context.ts";
import { FREE_EFFECTS } from "../../../ui/post-summary.ts";
import type { At } from "../dialog/at.ts";
import { draftButton } from "../dialog/draft-button.ts";
import { showCard } from "../dialog/show-card.ts";
import { askOptions, saveOptions } from "./options.ts";
import type { NamesOf, Tap, StepContext } from "../dialog/step.ts";

/** `Effect…`: without an id, asks for an effect; 0 means none. */
export async function chooseEffect(
  deps: BotDeps,
  ctx: StepContext,
  draft: number,
  argument: string,
): Promise<At> {
  if (argument !== "0" && !FREE_EFFECTS.has(argument)) return askEffect(ctx, draft);
  await setEffect(deps, ctx, draft, argument === "0" ? null : argument);
  return askOptions(deps, ctx, draft);
}

async function askEffect(ctx: StepContext, draft: number): Promise<At> {
  const { t } = ctx;
  const keyboard = [
    [...FREE_EFFECTS].map(([id, emoji]) => draftButton(draft, emoji, "effect", id)),
    [draftButton(draft, t("effect-none"), "effect", "0"), draftButton(draft, t("button-back"), "options")],
  ];
  await showCard(ctx, { text: t("effect-ask"), keyboard });
  return { draft, expects: "effect", keyboard };
}

/** Takes the effect of a message, or one of the emoji that stand for effects. */
export async function takeEffect(deps: BotDeps, ctx: StepContext, at: At): Promise<At> {
  if (at.draft === null) return at;
  const { effect_id: attached, text = "" } = ctx.message ?? {};
  const effect = attached ?? [...FREE_EFFECTS].find(([, emoji]) => bareEmoji(emoji) === bareEmoji(text))?.[0];
  if (effect === undefined) {
    await ctx.reply(ctx.t("effect-wrong"));
    return at;
  }
  await setEffect(deps, ctx, at.draft, effect);
  return askOptions(deps, ctx, at.draft);
}

/** An emoji without the mark that asks for its coloured form, because ❤️ may be typed as ❤. */
function bareEmoji(emoji: string): string {
  return emoji.trim().replaceAll("\uFE0F", "");
}

async function setEffect(
  deps: BotDeps,
  ctx: StepContext,
  draft: number,
  effect: string | null,
): Promise<void> {
  const campaign = await getDraft(deps.scope, draft);
  const { effect: _, ...others } = campaign.content.options ?? {};
  await saveOptions(deps, ctx, campaign, effect === null ? others : { ...others, effect });
}

export const effectStep = {
  takes: { effect: takeEffect },
  taps: { effect: ({ deps, ctx, draft, argument }: Tap) => chooseEffect(deps, ctx, draft, argument) },
};

declare module "../dialog/step.ts" {
  interface Expectations extends NamesOf<typeof effectStep.takes, "effect"> {}
  interface Verbs extends NamesOf<typeof effectStep.taps, "effect"> {}
}
