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

/* Edits of the message that a confirmed post was taken from. */

/** Whether the campaign copies or forwards this message instead of storing it, so that an edit takes effect by itself. */
export function isSentFromSource(content: Content, message: Message): boolean {
  return (
    content.options?.forward === true ||
    versionsOf(content).some(({ version }) => version.kind === "copy" && isFrom(version.source, message))
  );
}

type Refused = Exclude<Recaptured<unknown>, { type: "edited" | "unchanged" }>;

function isRefused(result: Recaptured<unknown>): result is Refused {
  return result.type !== "edited" && result.type !== "unchanged";
}

/** Says why an edited message cannot be sent. */
export function refusalWords(t: Translate, result: Refused): string {
  if (result.type === "not-text") return t("below-not-text");
  const sizes = result.type === "too-long" ? { over: result.over, limit: result.limit } : {};
  return t(`refused-${result.reason}`, sizes);
}

/**
 * Says that a campaign is sent, or was sent, without the edit, and offers what can be done. The answer replies to the edited
 * message, so a tap on its button brings the message as it is then, and nothing has to be stored.
 */
export async function offerEdit(ctx: HeraldContext, campaign: Campaign, message: Message): Promise<void> {
  const { t } = ctx;
  const id = String(campaign.id);
  const reply_parameters = { message_id: message.message_id, allow_sending_without_reply: true };
  if (isSentFromSource(campaign.content, message)) {
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

/** What can still be done with the edit: the key of the sentence, and that of the button's label. */
function offerFor(campaign: Campaign): [words: string, label: string] {
  if (hasNotStarted(campaign)) return ["edit-offer-scheduled", "button-take-edit"];
  if (canBeMended(campaign)) return ["edit-offer-paused", "button-take-edit"];
  if (campaign.state === "running") return ["edit-offer-running", "button-pause-take-edit"];
  return ["edit-offer-over", "button-edit-anew"];
}

/** Takes over an edit when its button is tapped: as a change of the campaign, or as a new draft if it is over. */
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
  // It may have been edited again. A campaign is not paused for a post that cannot be sent.
  if (isRefused(wanted)) return showAlert(ctx, refusalWords(ctx.t, wanted));
  const draft = await draftFor(deps, ctx, campaign, by);
  // The draft of an earlier change may have another post by now.
  const result = recapture(draft.content, message);
  if (!result) return showAlert(ctx, ctx.t("edit-gone"));
  if (isRefused(result)) return showAlert(ctx, refusalWords(ctx.t, result));
  if (result.type === "edited") await editDraft(scope, ctx.actor, draft, { content: result.edited });
  await openDraft(ctx, draft.id, "review");
}

/** The draft that takes the edit: a change of the campaign, which is paused for it, or a new draft if it is over. */
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
    engine.poke(); // deliveries that are claimed already must not leave
    log.info({ campaign: id, by }, "campaign paused");
    await engine.refresh(id);
  }
  return beginChange(scope, ctx.actor, id, `change:${id}:${revision}:${by}`);
}
