import { timezoneOf } from "../../../../access/preferences.ts";
import type { Campaign } from "../../../../campaign/campaign.ts";
import { editDraft } from "../../../../campaign/actions/edit-draft.ts";
import { getDraft } from "../../../../campaign/queries.ts";
import { timeFault } from "../../../../campaign/start-time.ts";
import { waitsUntil } from "../../../../schedule/window.ts";
import type { BotDeps } from "../../../ui/bot-context.ts";
import {
  type Reader,
  briefTime,
  echoTime,
  fullTime,
  instantFrom,
  readerOf,
  timeEntity,
} from "../../../ui/times.ts";
import type { At } from "../dialog/at.ts";
import { preset, whenCard } from "./when-card.ts";
import { askZone } from "./zone-card.ts";
import type { Card } from "../../../ui/card.ts";
import { showAlert } from "../../../ui/replies.ts";
import type { DraftVerb, StepContext, NamesOf, Tap } from "../dialog/step.ts";
import { showCard } from "../dialog/show-card.ts";

/**
 * Step 3: asks for the time, and first for the zone of an admin who never chose one. `back` is "review" before the first
 * review, when no time has been chosen yet, not even "now".
 */
export async function askWhen(
  deps: BotDeps,
  ctx: StepContext,
  draft: number,
  back: DraftVerb = "back",
): Promise<At> {
  const campaign = await getDraft(deps.scope, draft);
  if ((await timezoneOf(deps.scope, ctx.from?.id ?? 0)) === null) return askZone(ctx, draft, back);
  const reader = readerOf(deps, ctx);
  const card = whenCard(campaign, reader, back, deps.lateLimitHours);
  await showCard(ctx, card);
  return { draft, expects: "moment", keyboard: card.keyboard };
}

export async function presetTapped(
  deps: BotDeps,
  ctx: StepContext,
  at: At,
  draft: number,
  name: string,
): Promise<At> {
  const instant = preset(name, deps.clock.now(), ctx.timezone);
  return instant ? chooseTime(deps, ctx, at, draft, instant) : at;
}

/** Takes one of several times that the bot offered. */
export async function timeTapped(
  deps: BotDeps,
  ctx: StepContext,
  at: At,
  draft: number,
  seconds: string,
): Promise<At> {
  const instant = instantFrom(seconds);
  return instant ? chooseTime(deps, ctx, at, draft, instant) : at;
}

/** Takes a time for the draft, repeats it in full, and continues with the review. */
export async function chooseTime(
  deps: BotDeps,
  ctx: StepContext,
  at: At,
  draft: number,
  instant: Date,
): Promise<At> {
  const { t } = ctx;
  const reader = readerOf(deps, ctx);
  const fault = instant <= reader.now ? "past" : timeFault(instant, reader.now);
  if (fault) {
    await showAlert(ctx, t(`when-${fault}`, { time: fullTime(instant, reader) }));
    return at;
  }
  const campaign = await getDraft(deps.scope, draft);
  // A run of a series can be moved without ending the series; anything else is sent once.
  const recurrence = campaign.changes === null ? null : campaign.recurrence;
  const same =
    campaign.startsAt?.getTime() === instant.getTime() &&
    (campaign.recurrence === null || recurrence !== null);
  // An impatient second tap: the review is there already.
  if (same && ctx.callbackQuery && at.expects === "label") return at;
  if (!same) await editDraft(deps.scope, ctx.actor, campaign, { startsAt: instant, recurrence });
  const isDropped = campaign.recurrence !== null && recurrence === null;
  await showCard(ctx, chosenCard(campaign, instant, reader, isDropped));
  return ctx.goTo("review", draft);
}

function chosenCard({ window }: Campaign, instant: Date, reader: Reader, isDropped: boolean): Card {
  const { t } = reader;
  const opensAt = waitsUntil(window, instant);
  const text = [
    echoTime(instant, reader),
    ...(opensAt ? [t("when-outside", { opens: briefTime(opensAt, reader) })] : []),
    ...(isDropped ? [t("when-repeat-dropped")] : []),
  ].join("\n");
  return { text, keyboard: [], entities: timeEntity(text, fullTime(instant, reader), instant) };
}

/** Makes the draft one that is sent at once, and only once. */
export async function sendNowInstead(deps: BotDeps, ctx: StepContext, draft: number): Promise<At> {
  const campaign = await getDraft(deps.scope, draft);
  if (campaign.startsAt || campaign.recurrence)
    await editDraft(deps.scope, ctx.actor, campaign, { startsAt: null, recurrence: null });
  if (campaign.recurrence) await showAlert(ctx, ctx.t("when-repeat-dropped"));
  return ctx.goTo("review", draft);
}

export const whenStep = {
  taps: {
    when: ({ deps, ctx, draft, argument }: Tap) =>
      askWhen(deps, ctx, draft, argument === "review" ? "review" : "back"),
    preset: ({ deps, ctx, at, draft, argument }: Tap) => presetTapped(deps, ctx, at, draft, argument),
    at: ({ deps, ctx, at, draft, argument }: Tap) => timeTapped(deps, ctx, at, draft, argument),
    now: ({ deps, ctx, draft }: Tap) => sendNowInstead(deps, ctx, draft),
  },
};

declare module "../dialog/step.ts" {
  interface Verbs extends NamesOf<typeof whenStep.taps, "when"> {}
}
