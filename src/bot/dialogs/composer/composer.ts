import { DomainError } from "../../../errors.ts";
import type { BotDeps, Dialog, HeraldContext } from "../../context.ts";
import { sayRefusal } from "../../refusal.ts";
import { askAudience, continueFromAudience, toggle } from "./audience.ts";
import { askButtons, removeButtons, takeButtons } from "./buttons.ts";
import { askConfirmation, confirmTapped, confirmTyped } from "./confirm.ts";
import { type Answer, type At, type DraftTap, CLOSED, answerTo } from "./dialog.ts";
import { askPost, takePost } from "./post.ts";
import { discard, review, reviewAgain, sendTest } from "./review.ts";

/** How the composer begins: with a new post, or with a tap on a button of a draft's card. */
export type ComposerEntry = { draft: null } | { draft: number; tap: DraftTap };

/**
 * The dialog behind /broadcast: post, audience, review, confirmation. The draft lies in the database from the
 * post on; the dialog itself remembers only what a message that is not a tap would mean (`At`). So every button
 * works at any time, whichever step the dialog is in, and after a restart.
 */
export function createComposer(deps: BotDeps) {
  return async function composer(dialog: Dialog, _: unknown, entry: ComposerEntry): Promise<void> {
    let at: At = await dialog.external((ctx) =>
      respond(deps, ctx, () =>
        entry.draft === null
          ? askPost(ctx, null)
          : tapped(deps, ctx, { draft: entry.draft, expects: "label", keyboard: [] }, entry.tap),
      ),
    );
    while (at.expects !== "nothing") {
      const answer = await answerTo(dialog, at);
      const before = at;
      at = await dialog.external((ctx) =>
        respond(deps, ctx, () => answered(deps, ctx, before, answer), before),
      );
    }
  };
}

/** What the domain refuses is said, and the dialog stays where it was or, when there is nothing to go back to, ends. */
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
      await sayRefusal(ctx, error);
      return CLOSED;
    }
    deps.log.error({ err: error, update: ctx.update.update_id }, "a step of the composer failed");
    // Telegram may be what failed; the dialog stays where it was all the same.
    await ctx.reply(ctx.t("error-internal")).catch(() => undefined);
    return before;
  }
}

async function answered(deps: BotDeps, ctx: HeraldContext, at: At, answer: Answer): Promise<At> {
  if (answer.type === "tap") return tapped(deps, ctx, at, answer.tap);
  switch (at.expects) {
    case "post":
      return takePost(deps, ctx, at);
    case "buttons":
      return takeButtons(deps, ctx, at);
    case "number":
      return confirmTyped(deps, ctx, at);
    case "label":
      await ctx.reply(ctx.t("audience-typed"));
      return at;
    case "nothing":
      return at;
  }
}

async function tapped(deps: BotDeps, ctx: HeraldContext, at: At, { verb, argument }: DraftTap): Promise<At> {
  const draft = at.draft;
  if (draft === null) return at;
  switch (verb) {
    case "all":
    case "others":
    case "lang":
      return toggle(deps, ctx, draft, verb, argument);
    case "continue":
      return continueFromAudience(deps, ctx, draft);
    case "edit":
      return askPost(ctx, draft);
    case "audience":
      return askAudience(deps, ctx, draft);
    case "buttons":
      return askButtons(deps, ctx, draft);
    case "unbutton":
      return removeButtons(deps, ctx, draft);
    case "test":
      return sendTest(deps, ctx, at, draft);
    case "send":
      return askConfirmation(deps, ctx, draft);
    case "yes":
      return confirmTapped(deps, ctx, draft, argument);
    case "back":
      return reviewAgain(deps, ctx, draft);
    case "review":
      return review(deps, ctx, draft);
    case "discard":
      return discard(deps, ctx, draft);
  }
}
