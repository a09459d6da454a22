import { type ErrorCode, DomainError } from "../../../errors.ts";
import type { BotDeps, HeraldContext } from "../../ui/bot-context.ts";
import { runDialog } from "../../ui/dialogs.ts";
import { clearButtons } from "../../ui/message-edits.ts";
import { sayRefusal } from "../../ui/refusal.ts";
import { removePicker } from "../chats/add-chat.ts";
import { type At, CLOSED, NO_DRAFT } from "./dialog/at.ts";
import { offers } from "./dialog/draft-button.ts";
import type { DraftVerb, StepContext } from "./dialog/step.ts";
import { askPost } from "./post/ask-post.ts";
import { askForStep } from "./post/newcomers-step.ts";
import { askForWelcome } from "./post/use-draft.ts";
import { takeLatePart } from "./post/late-part.ts";
import { takeEdit } from "./post/take-edit.ts";
import { takeTogether } from "./post/together.ts";
import { type Answer, answerTo, readDraftTap } from "./read-answer.ts";
import { handlerOf, isEarly, takerOf } from "./composer-steps.ts";
import type { Middleware } from "grammy";
import type { ComposerEntry, DraftTap } from "./dialog/open-composer.ts";

/**
 * The dialog behind /broadcast and /schedule: post, audience, time, review, confirmation. The draft is in the database from
 * the post on, and the dialog itself remembers only what the next message would mean (`At`). So every button works at any
 * time: in every step, and after a restart.
 */
export function composerDialog(deps: BotDeps): Middleware<HeraldContext> {
  return runDialog("composer", async (dialog, entry: ComposerEntry) => {
    let at: At = await dialog.act((ctx) =>
      respond(deps, ctx, async () =>
        entry.draft === null
          ? await began(deps, ctx, entry)
          : carrying(ctx, entered(ctx, entry.draft), (before) =>
              tapped(deps, withSteps(deps, ctx), before, entry.tap),
            ),
      ),
    );
    while (at.expects !== "nothing") {
      const answer = await answerTo(dialog, at);
      const before = at;
      at = await dialog.act((ctx) =>
        respond(
          deps,
          ctx,
          () => carrying(ctx, before, () => answered(deps, withSteps(deps, ctx), before, answer)),
          before,
        ),
      );
    }
  });
}

/** Where a dialog is that begins without a draft. */
async function began(
  deps: BotDeps,
  ctx: HeraldContext,
  { timed = false, welcome, step }: Extract<ComposerEntry, { draft: null }>,
): Promise<At> {
  if (step) return askForStep(ctx, step);
  return welcome ? askForWelcome(ctx, welcome) : { ...(await askPost(deps, ctx)), timed };
}

/** Where a dialog is that begins with a tap on a draft. */
function entered({ callbackQuery }: HeraldContext, draft: number): At {
  const card = readDraftTap(callbackQuery?.data ?? "") ? callbackQuery?.message?.message_id : undefined;
  return { draft, expects: "label", keyboard: [], reviewed: true, ...(card !== undefined && { card }) };
}

/** Takes what belongs to the whole dialog along from step to step. */
async function carrying(ctx: HeraldContext, before: At, step: (before: At) => Promise<At>): Promise<At> {
  const at = await step(before);
  const { card, together } = before;
  if (before.picker && at.picker === undefined) await removePicker(ctx);
  // At the end, the tapped message has become the live card.
  const goesOn = at.expects === "nothing" ? ctx.callbackQuery?.message?.message_id : (at.card ?? card);
  if (card !== undefined && goesOn !== card) await clearButtons(ctx, card);
  // Only the review has a button that discards the draft.
  const reviewed = before.reviewed === true || offers(at.keyboard, "discard");
  return {
    timed: before.timed ?? false,
    ...(card !== undefined && { card }),
    ...(together && { together }),
    ...at,
    reviewed,
  };
}

/** Refusals after which the draft is still open and can be given another time. */
const STILL_OPEN: ReadonlySet<ErrorCode> = new Set(["past", "too-far", "too-many"]);

/** What has to be done elsewhere, perhaps by somebody else: it is said in a message, which stays, also after a tap. */
const NEEDS_OTHERS: ReadonlySet<ErrorCode> = new Set(["bot-needs-token"]);

/** Says what the domain refuses. The dialog then ends, unless the draft can be given another time. */
async function respond(
  deps: BotDeps,
  ctx: HeraldContext,
  work: () => Promise<At>,
  before: At = CLOSED,
): Promise<At> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof DomainError) {
      if (NEEDS_OTHERS.has(error.code)) await ctx.reply(ctx.t(`error-${error.code}`));
      else await sayRefusal(ctx, error);
      if (STILL_OPEN.has(error.code)) return before;
      if (before.picker) await removePicker(ctx);
      return CLOSED;
    }
    deps.log.error({ err: error, update: ctx.update.update_id }, "a step of the composer failed");
    // Telegram itself may have failed; the dialog stays where it was in any case.
    await ctx.reply(ctx.t("error-internal")).catch(() => undefined);
    return before;
  }
}

async function answered(deps: BotDeps, ctx: StepContext, at: At, answer: Answer): Promise<At> {
  if (answer.type === "tap") {
    // A tap leaves the picker, which is then removed.
    const { picker: _, ...elsewhere } = at;
    return tapped(deps, ctx, elsewhere, answer.tap);
  }
  if (answer.type === "edit") return takeEdit(deps, ctx, at);
  // A late part of the post's own album does not answer the question, whatever it is.
  const late = await takeLatePart(deps, ctx, at);
  if (late) return late;
  const together = at.expects === "label" ? await takeTogether(deps, ctx, at) : null;
  if (together) return together;
  return at.expects === "nothing" ? at : takerOf(at.expects)(deps, ctx, at);
}

async function tapped(deps: BotDeps, ctx: StepContext, at: At, { verb, argument }: DraftTap): Promise<At> {
  if (at.draft === null && !isEarly(verb)) return at;
  return handlerOf(verb)({ deps, ctx, at, draft: at.draft ?? NO_DRAFT, argument });
}

/** Adds the way to other steps to an update. */
export function withSteps(deps: BotDeps, ctx: HeraldContext): StepContext {
  const steps: StepContext = Object.assign(ctx, {
    goTo: (verb: DraftVerb, draft: number, argument = "") =>
      tapped(deps, steps, { draft, expects: "label", keyboard: [] }, { verb, argument }),
  });
  return steps;
}
