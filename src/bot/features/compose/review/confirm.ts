import { isForChats } from "../../../../audience/segment/audience.ts";
import { subjectOfBundle } from "../../../../campaign/bundle.ts";
import { mustBeTyped } from "../../../../campaign/confirmation.ts";
import { isSendable } from "../../../../campaign/findings.ts";
import { launch } from "../../../../campaign/actions/launch.ts";
import { DomainError } from "../../../../errors.ts";
import { getDraft } from "../../../../campaign/queries.ts";
import { startOf } from "../../../../campaign/start-time.ts";
import { waitsUntil } from "../../../../schedule/window.ts";
import type { BotDeps } from "../../../ui/bot-context.ts";
import { questionLines } from "../../../ui/plan-lines.ts";
import { type Reader, epoch, fullTime, instantFrom, nearTime, readerOf } from "../../../ui/times.ts";
import { cut } from "../../../ui/words.ts";
import { withoutFaults } from "../audience/chosen-chats.ts";
import { type At, CLOSED } from "../dialog/at.ts";
import { releaseTappedMessage, useTappedMessage, showLiveCard } from "./live-card.ts";
import { review, reviewAgain } from "./review-card.ts";
import { countChangedKey, reachOf } from "../../../ui/audience-words.ts";
import { asPrimary } from "../../../ui/card.ts";
import { showAlert } from "../../../ui/replies.ts";
import { type ConfirmationRequest, encodeRequest, readRequest } from "../dialog/confirmation-request.ts";
import { draftButton } from "../dialog/draft-button.ts";
import { showCard } from "../dialog/show-card.ts";
import type { NamesOf, Tap, StepContext } from "../dialog/step.ts";
import { save } from "./save-tapped.ts";
import { countRecipients } from "../../../../campaign/recipients-of.ts";

/** Step 5: asks once more, naming the time and the number of people; a large number has to be typed. */
export async function askConfirmation(
  deps: BotDeps,
  ctx: StepContext,
  draft: number,
  before?: number,
): Promise<At> {
  const { t } = ctx;
  const campaign = await getDraft(deps.scope, draft);
  // An old button may still say `Send`, but a change is saved, not sent.
  if (campaign.changes !== null) return review(deps, ctx, draft);
  if (!(await isSendable(deps.scope, campaign))) return review(deps, ctx, draft);
  const { audience, revision } = campaign;
  const reader = readerOf(deps, ctx);
  const start = startOf(campaign, reader.now);
  if (start && start < reader.now) return askAnotherTime(ctx, draft, start, reader);
  const { reachable: count } = await countRecipients(deps.scope, campaign, reader.now);
  if (count === 0) {
    await showAlert(ctx, t(isForChats(audience) ? "chats-none-usable" : "audience-nobody"));
    return { draft, expects: "label", keyboard: [] };
  }
  const request: ConfirmationRequest = { count, revision, startsAt: start ? epoch(start) : 0 };
  const typed = mustBeTyped(count, deps.confirmTypedFrom);
  const values = {
    id: String(draft),
    people: reachOf(t, audience, { reachable: count }),
    number: String(count),
    time: start ? `${fullTime(start, reader)} (${reader.timezone})` : "",
  };
  const opens = waitsUntil(campaign.window, reader.now);
  const question = start
    ? t(typed ? "confirm-schedule-type" : "confirm-schedule", values)
    : opens // the question names the hours, because it is not sent now
      ? t(typed ? "confirm-waits-type" : "confirm-waits", values)
      : t(typed ? "confirm-type" : "confirm-ask", values);
  const agree = start
    ? t("button-yes-schedule", { time: nearTime(start, reader) })
    : t("button-yes-send", { count });
  const yes = asPrimary(draftButton(draft, agree, "yes", encodeRequest(request)));
  const keyboard = [...(typed ? [] : [[yes]]), [draftButton(draft, t("button-back"), "back")]];
  const moved = before === undefined ? [] : [t(countChangedKey(audience), { before, after: count })];
  const asked = [question, ...questionLines(campaign, start, reader)].join("\n");
  await showCard(ctx, { text: [...moved, asked].join("\n\n"), keyboard });
  return { draft, expects: typed ? "number" : "label", keyboard, agreement: request };
}

/** The chosen time has passed meanwhile. */
async function askAnotherTime(ctx: StepContext, draft: number, start: Date, reader: Reader): Promise<At> {
  await showAlert(ctx, ctx.t("when-past", { time: fullTime(start, reader) }));
  return ctx.goTo("when", draft);
}

/** `Yes` was tapped; its button carries what the admin was asked to confirm. */
export async function confirmTapped(
  deps: BotDeps,
  ctx: StepContext,
  draft: number,
  argument: string,
): Promise<At> {
  return confirmed(deps, ctx, draft, readRequest(argument), null);
}

/** The number was typed, or something else. `onConfirmed` does what it confirms. */
export async function confirmTyped(
  deps: BotDeps,
  ctx: StepContext,
  at: At,
  onConfirmed = confirmed,
): Promise<At> {
  if (at.draft === null || !at.agreement) return at;
  const text = ctx.message?.text ?? "";
  const { count } = at.agreement;
  if (isNumber(text, count)) return onConfirmed(deps, ctx, at.draft, at.agreement, count);
  await ctx.reply(ctx.t("confirm-wrong", { text: cut(text, 40), number: String(count) }));
  return at;
}

/** Whether a text is that number in any common notation: 4812, 4,812 or 4 812. */
export function isNumber(text: string, count: number): boolean {
  return text.replace(/[\s,.'’]/g, "") === String(count);
}

/** Launches the campaign as it was confirmed, or asks again. `typedCount` is null if a button was tapped. */
async function confirmed(
  deps: BotDeps,
  ctx: StepContext,
  draft: number,
  request: ConfirmationRequest,
  typedCount: number | null,
): Promise<At> {
  const campaign = await getDraft(deps.scope, draft);
  // Checked before the count, which a lost right changes as well, so that the admin reads what is wrong.
  if (!(await withoutFaults(deps, ctx, campaign))) return reviewAgain(deps, ctx, draft);
  const { count, revision } = request;
  const startsAt = instantFrom(String(request.startsAt));
  // The question becomes the card. Recorded first: if the process is killed, the next one draws it. Drafts are not drawn.
  const subject = campaign.bots ? subjectOfBundle(draft) : draft;
  await useTappedMessage(deps, ctx, subject);
  try {
    await launch(
      deps.scope,
      ctx.actor,
      { id: draft, revision },
      { count, typedCount, startsAt },
      { now: deps.clock.now(), typedFrom: deps.confirmTypedFrom, mostScheduled: deps.maxScheduled },
    );
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    await releaseTappedMessage(deps, ctx, subject);
    return askAgain(deps, ctx, draft, request, error);
  }
  deps.log.info({ campaign: draft, by: ctx.from?.id, startsAt }, "campaign confirmed");
  deps.engine.poke();
  await showLiveCard(deps, ctx, subject, startsAt ? "confirm-scheduled" : "confirm-started");
  return CLOSED;
}

/** What was confirmed no longer holds. @throws DomainError if there is nothing to ask again */
async function askAgain(
  deps: BotDeps,
  ctx: StepContext,
  draft: number,
  request: ConfirmationRequest,
  error: DomainError,
): Promise<At> {
  switch (error.code) {
    case "changed":
      await ctx.reply(ctx.t("confirm-changed", { id: String(draft) }));
      return review(deps, ctx, draft);
    case "unsendable":
      return review(deps, ctx, draft);
    case "no-audience":
    case "count-moved":
      return askConfirmation(deps, ctx, draft, request.count);
    case "count-not-typed":
      return askConfirmation(deps, ctx, draft);
    default:
      throw error;
  }
}

export const confirmStep = {
  takes: {
    number: (deps: BotDeps, ctx: StepContext, at: At) =>
      confirmTyped(deps, ctx, at, at.agreement?.reach ? save : undefined),
  },
  taps: {
    send: ({ deps, ctx, draft }: Tap) => askConfirmation(deps, ctx, draft),
    yes: ({ deps, ctx, draft, argument }: Tap) => confirmTapped(deps, ctx, draft, argument),
  },
};

declare module "../dialog/step.ts" {
  interface Expectations extends NamesOf<typeof confirmStep.takes, "confirm"> {}
  interface Verbs extends NamesOf<typeof confirmStep.taps, "confirm"> {}
}
