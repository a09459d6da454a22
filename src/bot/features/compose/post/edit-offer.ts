import { Composer } from "grammy";
import type { Message } from "grammy/types";
import { type Campaign, canBeMended, hasNotStarted, isOver } from "../../../../campaign/campaign.ts";
import { duplicate } from "../../../../campaign/actions/duplicate.ts";
import { editDraft } from "../../../../campaign/actions/edit-draft.ts";
import { pause } from "../../../../campaign/actions/pause.ts";
import { getCampaign } from "../../../../campaign/queries.ts";
import { beginChange } from "../../../../campaign/actions/begin-change.ts";
import { type Content, versionsOf } from "../../../../content/content.ts";
import { type Recaptured, isFrom, recapture } from "../../../../content/recapture.ts";
import { DomainError } from "../../../../errors.ts";
import type { BotDeps, HeraldContext } from "../../../ui/bot-context.ts";
import { editOfferTap, onTap } from "../../../ui/callback-data.ts";
import { sayRefusal } from "../../../ui/refusal.ts";
import type { Translate } from "../../../ui/words.ts";
import { showAlert } from "../../../ui/replies.ts";
import { openDraft } from "../dialog/open-composer.ts";

/* An edit of the message that a confirmed post was taken from. */

/** Whether what the message says goes out as it stands at the time: it is copied or forwarded, not stored. */
export function isLive(content: Content, message: Message): boolean {
  return (
    content.options?.forward === true ||
    versionsOf(content).some(({ version }) => version.kind === "copy" && isFrom(version.source, message))
  );
}

type Refused = Exclude<Recaptured<unknown>, { type: "edited" | "unchanged" }>;

function isRefused(result: Recaptured<unknown>): result is Refused {
  return result.type !== "edited" && result.type !== "unchanged";
}

/** Why an edited message cannot be sent. */
export function refusalWords(t: Translate, result: Refused): string {
  if (result.type === "not-text") return t("below-not-text");
  const sizes = result.type === "too-long" ? { over: result.over, limit: result.limit } : {};
  return t(`refused-${result.reason}`, sizes);
}

/**
 * Says that a campaign goes out, or has gone out, without the edit, and what can be done. The answer replies to the
 * edited message: a tap on its button brings the message back as it then stands, so nothing has to be kept.
 */
export async function offerEdit(ctx: HeraldContext, campaign: Campaign, message: Message): Promise<void> {
  const { t } = ctx;
  const id = String(campaign.id);
  const reply_parameters = { message_id: message.message_id, allow_sending_without_reply: true };
  if (isLive(campaign.content, message)) {
    if (!isOver(campaign.state)) await ctx.reply(t("edit-live", { id }), { reply_parameters });
    return;
  }
  const result = recapture(campaign.content, message);
  if (!result || result.type === "unchanged") return;
  if (isRefused(result)) {
    const reason = refusalWords(t, result);
    if (!isOver(campaign.state))
      await ctx.reply(t("edit-refused-campaign", { id, reason }), { reply_parameters });
    return;
  }
  const [words, label] = offerFor(campaign);
  const button = { text: t(label), callback_data: editOfferTap.encode(campaign.id) };
  await ctx.reply(t(words, { id }), { reply_parameters, reply_markup: { inline_keyboard: [[button]] } });
}

/** What can still become of the edit: the sentence that says so, and the label of the button. */
function offerFor(campaign: Campaign): [words: string, label: string] {
  if (hasNotStarted(campaign)) return ["edit-offer-scheduled", "button-take-edit"];
  if (canBeMended(campaign)) return ["edit-offer-paused", "button-take-edit"];
  if (campaign.state === "running") return ["edit-offer-running", "button-pause-take-edit"];
  return ["edit-offer-over", "button-edit-anew"];
}

/** Takes an edit over when its button is tapped: as a change of the campaign, or as a new draft when it is over. */
export function editOffers(deps: BotDeps): Composer<HeraldContext> {
  const composer = new Composer<HeraldContext>();
  composer.use(
    onTap(editOfferTap, async (ctx, id) => {
      try {
        await takeOver(deps, ctx, id);
      } catch (error) {
        if (!(error instanceof DomainError)) throw error;
        await sayRefusal(ctx, error);
      }
    }),
  );
  return composer;
}

async function takeOver(deps: BotDeps, ctx: HeraldContext, id: number): Promise<void> {
  const { scope } = deps;
  const tapped = ctx.callbackQuery?.message;
  const message = tapped && "reply_to_message" in tapped ? tapped.reply_to_message : undefined;
  const by = ctx.from?.id ?? 0;
  const campaign = await getCampaign(scope, id);
  const wanted = message && recapture(campaign.content, message);
  if (!message || !wanted) return showAlert(ctx, ctx.t("edit-gone"));
  // Edited once more since: nothing is paused for what cannot be sent.
  if (isRefused(wanted)) return showAlert(ctx, refusalWords(ctx.t, wanted));
  const draft = await draftFor(deps, ctx, campaign, by);
  // The draft of an earlier change may hold another post by now.
  const result = recapture(draft.content, message);
  if (!result) return showAlert(ctx, ctx.t("edit-gone"));
  if (isRefused(result)) return showAlert(ctx, refusalWords(ctx.t, result));
  if (result.type === "edited") await editDraft(scope, ctx.actor, draft, { content: result.edited });
  await openDraft(ctx, draft.id, "review");
}

/** The draft that the edit goes into: a change of the campaign, which a running one is paused for, or a new one. */
async function draftFor(
  deps: BotDeps,
  ctx: HeraldContext,
  campaign: Campaign,
  by: number,
): Promise<Campaign> {
  const { scope, engine, log } = deps;
  const { id, revision, state } = campaign;
  if (isOver(state)) return duplicate(scope, ctx.actor, id, `update:${ctx.update.update_id}`);
  if (state === "running") {
    await pause(scope, ctx.actor, id);
    engine.poke(); // what is claimed already must not leave
    log.info({ campaign: id, by }, "campaign paused");
    await engine.refresh(id);
  }
  return beginChange(scope, ctx.actor, id, `change:${id}:${revision}:${by}`);
}
