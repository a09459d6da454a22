import { mend } from "../../../../campaign/actions/mend.ts";
import { saveChange } from "../../../../campaign/actions/save-change.ts";
import type { Reach } from "../../../../campaign/apply-changes.ts";
import { changeFactsOf } from "../../../../campaign/change-facts.ts";
import { instantFrom } from "../../../ui/times.ts";
import { duplicate } from "../../../../campaign/actions/duplicate.ts";
import { discardDraft } from "../../../../campaign/actions/discard-draft.ts";
import type { Campaign } from "../../../../campaign/campaign.ts";
import { getDraft } from "../../../../campaign/queries.ts";
import { DomainError } from "../../../../errors.ts";
import type { BotDeps } from "../../../ui/bot-context.ts";
import { describeRepeat } from "../../../ui/repeat-words.ts";
import { withoutFaults } from "../audience/chosen-chats.ts";
import { useTappedMessage, showLiveCard } from "./live-card.ts";
import { type At, CLOSED } from "../dialog/at.ts";
import { type ConfirmationRequest, encodeRequest, readRequest } from "../dialog/confirmation-request.ts";
import { draftButton } from "../dialog/draft-button.ts";
import { showCard } from "../dialog/show-card.ts";
import type { NamesOf, Tap, StepContext } from "../dialog/step.ts";
import { review, reviewAgain } from "./review-card.ts";
import type { Keyboard } from "../../../ui/card.ts";
import { countChangedKey } from "../../../ui/audience-words.ts";
import { showAlert } from "../../../ui/replies.ts";

/**
 * `Save changes` was tapped; its button carries what the admin was asked to confirm. For a run of a series, asks which
 * runs to change. If the audience is large and has changed since it was shown, its number has to be typed.
 */
export async function saveTapped(
  deps: BotDeps,
  ctx: StepContext,
  draft: number,
  argument: string,
): Promise<At> {
  return save(deps, ctx, draft, readRequest(argument), null);
}

/** Saves a change as it was confirmed, or asks again. `typedCount` is null if a button was tapped. */
export async function save(
  deps: BotDeps,
  ctx: StepContext,
  draft: number,
  request: ConfirmationRequest,
  typedCount: number | null,
): Promise<At> {
  const { scope, clock, confirmTypedFrom: typedFrom } = deps;
  const campaign = await getDraft(scope, draft);
  const now = clock.now();
  const change = await changeFactsOf(scope, campaign, now);
  if (!change?.possible) return review(deps, ctx, draft);
  if (!change.mends && !(await withoutFaults(deps, ctx, campaign))) return reviewAgain(deps, ctx, draft);
  const { count, revision, reach } = request;
  const seen = { id: draft, revision };
  const startsAt = instantFrom(String(request.startsAt));
  try {
    // A mended campaign continues only when someone taps `Resume` on its card.
    if (change.mends) await mend(scope, ctx.actor, seen);
    else
      await saveChange(
        scope,
        ctx.actor,
        seen,
        { count, typedCount, startsAt, ...(reach && { reach }) },
        { now, typedFrom },
      );
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    return askAgain(deps, ctx, campaign, change.id, request, error);
  }
  deps.log.info({ campaign: change.id, by: ctx.from?.id ?? 0 }, "a campaign was changed");
  deps.engine.poke();
  await useTappedMessage(deps, ctx, change.id);
  await showLiveCard(deps, ctx, change.id, "change-saved");
  return CLOSED;
}

/** What was confirmed no longer holds, or more has to be asked. A change that can no longer be saved stays as a draft. */
async function askAgain(
  deps: BotDeps,
  ctx: StepContext,
  { id: draft, audience, recurrence }: Campaign,
  campaign: number,
  request: ConfirmationRequest,
  error: DomainError,
): Promise<At> {
  const { t } = ctx;
  const { code, details } = error;
  switch (code) {
    case "forbidden":
      throw error;
    case "unsendable":
      return review(deps, ctx, draft);
    case "later-run":
      await showAlert(ctx, t("error-later-run", { id: String(campaign), later: details["later"] ?? "" }));
      return reviewAgain(deps, ctx, draft);
    case "no-audience":
      await showAlert(ctx, t("audience-nobody"));
      return { draft, expects: "label", keyboard: [] };
    case "reach-needed":
      return askReach(ctx, draft, request, recurrence);
    case "count-moved": {
      const { before = 0, after = 0 } = details;
      await ctx.reply(t(countChangedKey(audience), { before, after }));
      return review(deps, ctx, draft);
    }
    case "count-not-typed":
      // The reach tells the step that takes the number that this is a change; outside a series, saveChange() ignores it.
      return askNumber(ctx, draft, campaign, { ...request, reach: request.reach ?? "run" });
    case "needs-time":
      await showAlert(ctx, t("error-needs-time"));
      return ctx.goTo("when", draft);
    default:
      if (code === "changed" && details["id"] === draft) {
        await ctx.reply(t("confirm-changed", { id: String(draft) }));
        return review(deps, ctx, draft);
      }
      deps.log.info({ campaign, refused: code, by: ctx.from?.id ?? 0 }, "a change came too late");
      // The review shows the campaign's state now, and what can still be done with the draft.
      await showAlert(ctx, t("change-refused", { id: String(campaign) }));
      return review(deps, ctx, draft);
  }
}

async function askReach(
  ctx: StepContext,
  draft: number,
  request: ConfirmationRequest,
  recurrence: Parameters<typeof describeRepeat>[0] | null,
): Promise<At> {
  const { t } = ctx;
  const button = (label: string, reach: Reach) =>
    draftButton(draft, t(label), "save", encodeRequest({ ...request, reach }));
  const keyboard: Keyboard = [
    [button("button-only-run", "run")],
    [button("button-later-runs", "series")],
    [draftButton(draft, t("button-back"), "back")],
  ];
  const repeats = recurrence ? describeRepeat(recurrence, ctx) : "";
  await showCard(ctx, { text: t("change-reach", { repeats }), keyboard });
  return { draft, expects: "label", keyboard };
}

async function askNumber(
  ctx: StepContext,
  draft: number,
  id: number,
  request: ConfirmationRequest,
): Promise<At> {
  const { t } = ctx;
  const { count } = request;
  const keyboard = [[draftButton(draft, t("button-back"), "back")]];
  const text = t("change-type", { id: String(id), people: t("people", { count }), number: String(count) });
  await showCard(ctx, { text, keyboard });
  return { draft, expects: "number", keyboard, agreement: request };
}

/** A change that came too late for its campaign becomes a separate draft. */
export async function copyToNewDraft(deps: BotDeps, ctx: StepContext, draft: number): Promise<At> {
  const copy = await duplicate(deps.scope, ctx.actor, draft, `own:${draft}`);
  await discardDraft(deps.scope, ctx.actor, draft);
  return review(deps, ctx, copy.id);
}

export const saveStep = {
  taps: {
    save: ({ deps, ctx, draft, argument }: Tap) => saveTapped(deps, ctx, draft, argument),
    copy: ({ deps, ctx, draft }: Tap) => copyToNewDraft(deps, ctx, draft),
  },
};

declare module "../dialog/step.ts" {
  interface Verbs extends NamesOf<typeof saveStep.taps, "save"> {}
}
