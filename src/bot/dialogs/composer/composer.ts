import { DomainError, type ErrorCode } from "../../../errors.ts";
import type { BotDeps, Dialog, HeraldContext } from "../../context.ts";
import { clearButtons } from "../../edit.ts";
import { sayRefusal } from "../../refusal.ts";
import { removePicker } from "./add-chat.ts";
import { askAudience, continueFromAudience, peopleInstead, toggle } from "./audience.ts";
import { askBelow, askButtons, removeBelow, removeButtons, takeBelow, takeButtons } from "./buttons.ts";
import {
  askForChat,
  takeChat,
  takeTopic,
  toggleChat,
  toggleTopic,
  turnChats,
  turnTopics,
} from "./chat-list.ts";
import { askConfirmation, confirmTapped, confirmTyped } from "./confirm.ts";
import { type Answer, type At, type DraftTap, CLOSED, answerTo, offers, parseDraftTap } from "./dialog.ts";
import {
  askOptions,
  chooseEffect,
  chooseLifetime,
  takeEffect,
  takeLifetime,
  toggleOption,
} from "./options.ts";
import { ownDraft, saveTyped, saveTapped } from "./change.ts";
import { askHours, lateTapped, takeHours, windowTapped } from "./hours.ts";
import { takeLatePart } from "./late-part.ts";
import { askAnotherPost, askPost } from "./post.ts";
import {
  askDays,
  askEnds,
  askMonthday,
  askRepeat,
  ends,
  repeatNoMore,
  ruleTapped,
  runsTapped,
  takeEnd,
  takeHour,
  takeMonthday,
  takeRepeat,
  untilTapped,
} from "./repeat.ts";
import { askDiscard, discard, review, reviewAgain, sendTest } from "./review.ts";
import { splitTapped, takePost } from "./take-post.ts";
import { askVersion, removeVersion, showVersions, takeVersion } from "./versions.ts";
import {
  askWhen,
  presetTapped,
  sendNowInstead,
  takeMoment,
  takeZone,
  timeTapped,
  zoneChosen,
} from "./when.ts";

/** How the composer begins: with a new post, or with a tap on a button of a draft's card. */
export type ComposerEntry =
  | { draft: null; /** Begun with /schedule: the time is asked for. */ timed?: boolean }
  | { draft: number; tap: DraftTap };

/**
 * The dialog behind /broadcast and /schedule: post, audience, time, review, confirmation. The draft lies in the database from the
 * post on; the dialog itself remembers only what a message that is not a tap would mean (`At`). So every button
 * works at any time, whichever step the dialog is in, and after a restart.
 */
export function createComposer(deps: BotDeps) {
  return async function composer(dialog: Dialog, _: unknown, entry: ComposerEntry): Promise<void> {
    let at: At = await dialog.external((ctx) =>
      respond(deps, ctx, async () =>
        entry.draft === null
          ? { ...(await askPost(ctx)), timed: entry.timed ?? false }
          : carrying(ctx, entered(ctx, entry.draft), (before) => tapped(deps, ctx, before, entry.tap)),
      ),
    );
    while (at.expects !== "nothing") {
      const answer = await answerTo(dialog, at);
      const before = at;
      at = await dialog.external((ctx) =>
        respond(deps, ctx, () => carrying(ctx, before, () => answered(deps, ctx, before, answer)), before),
      );
    }
  };
}

/** Where a tap on a draft finds the dialog that begins with it. */
function entered({ callbackQuery }: HeraldContext, draft: number): At {
  const card = parseDraftTap(callbackQuery?.data ?? "") ? callbackQuery?.message?.message_id : undefined;
  return { draft, expects: "label", keyboard: [], reviewed: true, ...(card !== undefined && { card }) };
}

/** Goes on from step to step with what belongs to the dialog as a whole. */
async function carrying(ctx: HeraldContext, before: At, step: (before: At) => Promise<At>): Promise<At> {
  const at = await step(before);
  const { card } = before;
  if (before.picker && at.picker === undefined) await removePicker(ctx);
  // The one that was tapped at the end has become the live card.
  const goesOn = at.expects === "nothing" ? ctx.callbackQuery?.message?.message_id : (at.card ?? card);
  if (card !== undefined && goesOn !== card) await clearButtons(ctx, card);
  // Only the review has the button that discards the draft.
  const reviewed = before.reviewed === true || offers(at.keyboard, "discard");
  return { timed: before.timed ?? false, ...(card !== undefined && { card }), ...at, reviewed };
}

/** Refused for its time, a draft is still there to be given another one. */
const STILL_OPEN: ReadonlySet<ErrorCode> = new Set(["past", "too-far", "too-many"]);

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
      if (STILL_OPEN.has(error.code)) return before;
      if (before.picker) await removePicker(ctx);
      return CLOSED;
    }
    deps.log.error({ err: error, update: ctx.update.update_id }, "a step of the composer failed");
    // Telegram may be what failed; the dialog stays where it was all the same.
    await ctx.reply(ctx.t("error-internal")).catch(() => undefined);
    return before;
  }
}

async function answered(deps: BotDeps, ctx: HeraldContext, at: At, answer: Answer): Promise<At> {
  if (answer.type === "tap") {
    // Whatever was tapped, it was not the picker.
    const { picker: _, ...elsewhere } = at;
    return tapped(deps, ctx, elsewhere, answer.tap);
  }
  // Whatever is asked for, a part of the album that the post is does not answer it.
  const late = await takeLatePart(deps, ctx, at);
  if (late) return late;
  switch (at.expects) {
    case "post":
      return takePost(deps, ctx, at);
    case "buttons":
      return takeButtons(deps, ctx, at);
    case "below":
      return takeBelow(deps, ctx, at);
    case "effect":
      return takeEffect(deps, ctx, at);
    case "version":
      return takeVersion(deps, ctx, at);
    case "number":
      return confirmTyped(deps, ctx, at, at.agreement?.reach ? saveTyped : undefined);
    case "chats":
      return takeChat(deps, ctx, at);
    case "topics":
      return takeTopic(deps, ctx, at);
    case "lifetime":
      return takeLifetime(deps, ctx, at);
    case "moment":
      return takeMoment(deps, ctx, at);
    case "repeat":
      return takeRepeat(deps, ctx, at);
    case "monthday":
      return takeMonthday(deps, ctx, at);
    case "hour":
      return takeHour(deps, ctx, at);
    case "ends":
      return takeEnd(deps, ctx, at);
    case "hours":
      return takeHours(deps, ctx, at);
    case "zone":
      return takeZone(deps, ctx, at);
    case "label":
      await ctx.reply(ctx.t("audience-typed"));
      return at;
    case "nothing":
      return at;
  }
}

async function tapped(deps: BotDeps, ctx: HeraldContext, at: At, { verb, argument }: DraftTap): Promise<At> {
  const draft = at.draft;
  if (draft === null) return verb === "split" ? splitTapped(deps, ctx, at, argument) : at;
  switch (verb) {
    case "all":
    case "others":
    case "lang":
      return toggle(deps, ctx, draft, verb, argument);
    case "continue":
      return continueFromAudience(deps, ctx, draft, argument, at.timed ? timeFirst : review);
    case "chats":
      return turnChats(deps, ctx, at, draft, argument);
    case "chat":
      return toggleChat(deps, ctx, at, draft, argument);
    case "addchat":
      return askForChat(ctx, at, draft);
    case "topics":
      return turnTopics(deps, ctx, draft, argument);
    case "topic":
      return toggleTopic(deps, ctx, draft, argument);
    case "people":
      return peopleInstead(deps, ctx, draft);
    case "options":
      return askOptions(deps, ctx, draft);
    case "option":
      return toggleOption(deps, ctx, draft, argument);
    case "after":
      return chooseLifetime(deps, ctx, draft, argument);
    case "effect":
      return chooseEffect(deps, ctx, draft, argument);
    case "versions":
      return showVersions(deps, ctx, draft);
    case "version":
      return askVersion(deps, ctx, draft, argument);
    case "unversion":
      return removeVersion(deps, ctx, draft, argument);
    case "edit":
      return askAnotherPost(deps, ctx, draft);
    case "split":
      return splitTapped(deps, ctx, at, argument);
    case "audience":
      return askAudience(deps, ctx, draft);
    case "buttons":
      return askButtons(deps, ctx, draft, argument);
    case "unbutton":
      return removeButtons(deps, ctx, draft, argument);
    case "below":
      return askBelow(deps, ctx, draft, argument);
    case "unbelow":
      return removeBelow(deps, ctx, draft, argument);
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
      return argument === "yes" ? discard(deps, ctx, draft) : askDiscard(deps, ctx, draft);
    case "when":
      return askWhen(deps, ctx, draft);
    case "preset":
      return presetTapped(deps, ctx, at, draft, argument);
    case "at":
      return timeTapped(deps, ctx, at, draft, argument);
    case "now":
      return sendNowInstead(deps, ctx, draft);
    case "repeat":
      return askRepeat(deps, ctx, draft);
    case "days":
      return askDays(ctx, draft, argument);
    case "month":
      return askMonthday(ctx, draft);
    case "rule":
      return ruleTapped(deps, ctx, at, draft, argument);
    case "once":
      return repeatNoMore(deps, ctx, draft);
    case "ends":
      return askEnds(deps, ctx, draft);
    case "runs":
      return runsTapped(deps, ctx, at, draft, argument);
    case "until":
      return untilTapped(deps, ctx, at, draft, argument);
    case "endless":
      return ends(deps, ctx, at, draft, {});
    case "hours":
      return askHours(deps, ctx, draft);
    case "window":
      return windowTapped(deps, ctx, draft, argument);
    case "late":
      return lateTapped(deps, ctx, draft, argument);
    case "zone":
      return zoneChosen(deps, ctx, at, draft, argument);
    case "save":
      return saveTapped(deps, ctx, draft, argument);
    case "copy":
      return ownDraft(deps, ctx, draft);
  }
}

/** After /schedule the time comes before the first review, and only then. */
async function timeFirst(deps: BotDeps, ctx: HeraldContext, draft: number): Promise<At> {
  return { ...(await askWhen(deps, ctx, draft, "review")), timed: false };
}
