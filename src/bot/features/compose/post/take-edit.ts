import { type Campaign, isOver } from "../../../../campaign/campaign.ts";
import { editDraft } from "../../../../campaign/actions/edit-draft.ts";
import { findByMessage } from "../../../../campaign/queries.ts";
import { recapture } from "../../../../content/recapture.ts";
import type { BotDeps } from "../../../ui/bot-context.ts";
import type { At } from "../dialog/at.ts";
import { isSentFromSource, offerEdit, refusalWords } from "./edit-offer.ts";
import { redraw } from "./redraw.ts";
import { takePost } from "./take-post.ts";
import { withLateChanges } from "./together.ts";
import { numberOf } from "../dialog/draft-button.ts";
import type { StepContext } from "../dialog/step.ts";

/** How many campaigns made from one message are considered: duplicates, and the runs of a series. */
const MOST_CAMPAIGNS = 20;

/**
 * Handles an admin's edit of one of their messages. Drafts made from that message take the edit, no matter what the dialog is
 * asking for; for a confirmed campaign, the edit is offered. Edits of other messages are ignored.
 */
export async function takeEdit(deps: BotDeps, ctx: StepContext, at: At): Promise<At> {
  const { editedMessage: message } = ctx;
  // Without a date, nobody edited it: Telegram reports other changes in the same way.
  if (message?.edit_date === undefined) return at;
  if (message.message_id === at.refused) return takePost(deps, ctx, at);
  const taken = await findByMessage(deps.scope, message.chat.id, message.message_id, MOST_CAMPAIGNS);
  const drafts = taken.filter(({ state }) => state === "draft");
  let next = withLateChanges(at, [message]);
  for (const draft of drafts) next = await takeIntoDraft(deps, ctx, next, draft);
  const confirmed = taken.filter(
    ({ id, state }) => state !== "draft" && !drafts.some(({ changes }) => changes === id),
  );
  const open = confirmed.filter(({ state }) => !isOver(state));
  // If there is no draft and all campaigns of the message are over, the edit is offered only for the newest.
  const told = open.length > 0 || drafts.length > 0 ? open : confirmed.slice(0, 1);
  for (const campaign of told) await offerEdit(ctx, campaign, message);
  return next;
}

async function takeIntoDraft(deps: BotDeps, ctx: StepContext, at: At, draft: Campaign): Promise<At> {
  const { t, editedMessage: message } = ctx;
  const result = message && recapture(draft.content, message);
  if (!message || !result) return at;
  const id = numberOf(draft);
  if (result.type !== "edited" && result.type !== "unchanged") {
    await ctx.reply(t("edit-refused", { id, reason: refusalWords(t, result) }));
    return at;
  }
  // A post that is copied or forwarded has changed, although nothing of it is stored.
  if (result.type === "unchanged" && !isSentFromSource(draft.content, message)) return at;
  const content = result.type === "edited" ? result.edited : draft.content;
  await editDraft(deps.scope, ctx.actor, draft, { content });
  const isHere = draft.id === at.draft;
  await ctx.reply(isHere ? t("edit-taken") : t("edit-taken-draft", { id, draft: String(draft.id) }));
  return isHere ? redraw(deps, ctx, at, draft.id, content) : at;
}
