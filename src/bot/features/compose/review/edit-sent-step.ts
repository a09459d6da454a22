import { editSent } from "../../../../campaign/actions/edit-sent.ts";
import { changeFactsOf } from "../../../../campaign/change-facts.ts";
import type { Campaign } from "../../../../campaign/campaign.ts";
import { secondsFor } from "../../../../campaign/progress.ts";
import { getDraft } from "../../../../campaign/queries.ts";
import { messagesOf } from "../../../../content/content.ts";
import { DomainError } from "../../../../errors.ts";
import type { BotDeps } from "../../../ui/bot-context.ts";
import { asPrimary } from "../../../ui/card.ts";
import { showAlert } from "../../../ui/replies.ts";
import { paceOf } from "../../../ui/sender-pace.ts";
import { duration } from "../../../ui/words.ts";
import { type At, CLOSED } from "../dialog/at.ts";
import { draftButton } from "../dialog/draft-button.ts";
import { showCard } from "../dialog/show-card.ts";
import type { NamesOf, StepContext, Tap } from "../dialog/step.ts";
import { showLiveCard, useTappedMessage } from "./live-card.ts";

/** `Edit 4,806 sent…` of a change: the post is replaced also for those who have it. */
export function everywhereArgument({ revision }: Pick<Campaign, "revision">, agreed: boolean): string {
  return `${agreed ? "yes" : "ask"}.${revision}`;
}

function readArgument(argument: string): { agreed: boolean; revision: number } {
  const [, word, revision] = /^(yes|ask)\.(\d{1,9})$/.exec(argument) ?? [];
  return { agreed: word === "yes", revision: Number(revision ?? 0) };
}

async function everywhere({ deps, ctx, draft, argument }: Tap): Promise<At> {
  const { agreed, revision } = readArgument(argument);
  return agreed ? edit(deps, ctx, draft, revision) : ask(deps, ctx, draft);
}

/** Asks first: what people read changes before their eyes. */
async function ask(deps: BotDeps, ctx: StepContext, draft: number): Promise<At> {
  const { t } = ctx;
  const campaign = await getDraft(deps.scope, draft);
  const change = await changeFactsOf(deps.scope, campaign, deps.clock.now());
  const mends = change?.mends;
  if (!change?.possible || !mends || mends.sent === null || mends.obstacle) return ctx.goTo("review", draft);
  const { rate } = paceOf(deps.engine.status(), campaign);
  const seconds = secondsFor(mends.sent * messagesOf(campaign.content, campaign.content), rate.now);
  const text = t("ask-edit-sent", {
    id: String(change.id),
    count: mends.sent,
    left: mends.left,
    duration: duration(t, seconds),
  });
  const yes = t("button-yes-edit-sent", { count: mends.sent });
  const keyboard = [
    [
      asPrimary(draftButton(draft, yes, "everywhere", everywhereArgument(campaign, true))),
      draftButton(draft, t("button-back"), "back"),
    ],
  ];
  await showCard(ctx, { text, keyboard });
  return { draft, expects: "label", keyboard };
}

async function edit(deps: BotDeps, ctx: StepContext, draft: number, revision: number): Promise<At> {
  const { scope, engine, log } = deps;
  try {
    const { campaignId: id } = await editSent(scope, ctx.actor, { id: draft, revision });
    log.info({ campaign: id, by: ctx.from?.id ?? 0 }, "sent posts are being edited");
    engine.poke();
    await useTappedMessage(deps, ctx, id);
    await showLiveCard(deps, ctx, id, "change-saved");
    return CLOSED;
  } catch (error) {
    if (!(error instanceof DomainError) || error.code === "forbidden" || error.code === "not-found")
      throw error;
    log.info({ draft, refused: error.code, by: ctx.from?.id ?? 0 }, "sent posts cannot be edited");
    // The review shows what has changed, and what can still be done with the draft.
    await showAlert(ctx, ctx.t("confirm-changed", { id: String(draft) }));
    return ctx.goTo("review", draft);
  }
}

export const editSentStep = { taps: { everywhere } };

declare module "../dialog/step.ts" {
  interface Verbs extends NamesOf<typeof editSentStep.taps, "edit-sent"> {}
}
