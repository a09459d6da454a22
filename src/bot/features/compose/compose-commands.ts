import { Composer } from "grammy";
import { capture } from "../../../content/capture.ts";
import { messagesIn } from "../../updates/albums.ts";
import type { BotDeps, HeraldContext } from "../../ui/bot-context.ts";
import { draftTap, onTap } from "../../ui/callback-data.ts";
import { withSteps } from "./composer.ts";
import { CLOSED, NO_DRAFT } from "./dialog/at.ts";
import { editOffers } from "./post/edit-offer.ts";
import { takeLatePart } from "./post/late-part.ts";
import { takeEdit } from "./post/take-edit.ts";
import { readDraftTap } from "./read-answer.ts";
import { openComposer } from "./dialog/open-composer.ts";

/** What opens the composer: /broadcast, /schedule, and the buttons of drafts. */
export function composeCommands(deps: BotDeps): Composer<HeraldContext> {
  const composer = new Composer<HeraldContext>();
  composer.command("broadcast", (ctx) => openComposer(ctx, { draft: null }));
  composer.command("schedule", (ctx) => openComposer(ctx, { draft: null, timed: true }));
  composer.use(editOffers(deps));
  composer.use(
    onTap(draftTap, async (ctx) => {
      const tapped = readDraftTap(ctx.callbackQuery.data);
      if (!tapped) return;
      // The button is from a dialog that is over, from before there was a draft.
      if (tapped.draft === NO_DRAFT) return ctx.answerCallbackQuery({ text: ctx.t("offer-gone") });
      await openComposer(ctx, tapped);
    }),
  );
  return composer;
}

/** Handles posts and edits while no dialog is open; otherwise the composer takes them. */
export function postsOutside(deps: BotDeps): Composer<HeraldContext> {
  const composer = new Composer<HeraldContext>();
  composer.on("edited_message", async (ctx) => void (await takeEdit(deps, withSteps(deps, ctx), CLOSED)));
  composer.on("message", async (ctx, next) => {
    // A post sent without /broadcast, or a part of an album that arrives after its dialog.
    const captured = capture(messagesIn(ctx));
    const isService = captured.type === "refused" && captured.reason === "service";
    if (isService || ctx.message.text?.startsWith("/")) return next();
    if (!(await takeLatePart(deps, withSteps(deps, ctx), CLOSED))) await ctx.reply(ctx.t("outside-dialog"));
  });
  return composer;
}
