import { closeCard } from "../../../../campaign/card-places.ts";
import { bundleIn, listBundle } from "../../../../campaign/bundle.ts";
import { bundleTitle } from "../../../cards/bundle-card.ts";
import { getCampaign } from "../../../../campaign/queries.ts";
import { cardTitle } from "../../../cards/campaign-card.ts";
import type { BotDeps, HeraldContext } from "../../../ui/bot-context.ts";
import { placeLiveCard } from "../../../ui/message-edits.ts";

/*
 * Turns a message of a dialog into the live card of a campaign or, by its negated id, of a bundle, once a draft is confirmed or
 * a change saved.
 */

/** Makes the message whose button was tapped the live card of a campaign. */
export async function useTappedMessage(deps: BotDeps, ctx: HeraldContext, id: number): Promise<void> {
  const message = ctx.callbackQuery?.message;
  if (message) await placeLiveCard(deps, ctx, id, message.message_id);
}

/** Undoes that, because what was tapped was refused. */
export async function releaseTappedMessage(
  { scope }: BotDeps,
  ctx: HeraldContext,
  id: number,
): Promise<void> {
  const message = ctx.callbackQuery?.message;
  const chatId = ctx.chat?.id ?? 0;
  if (message) await closeCard(scope, { campaignId: id, chatId, messageId: message.message_id }, "gone");
}

/**
 * Draws the card; after a typed answer, in a new message. If that fails, says in `otherwise` that the campaign was confirmed
 * all the same.
 */
export async function showLiveCard(
  deps: BotDeps,
  ctx: HeraldContext,
  id: number,
  otherwise: string,
): Promise<void> {
  try {
    if (ctx.callbackQuery) await deps.engine.refresh(id);
    else await replyWithCard(deps, ctx, id);
  } catch (error) {
    // An error message would make the admin believe that nothing was sent, and send it again.
    deps.log.warn({ err: error, campaign: id }, "a campaign was confirmed without a card");
    await ctx.reply(ctx.t(otherwise, { id: String(Math.abs(id)) })).catch(() => undefined);
  }
}

async function replyWithCard(deps: BotDeps, ctx: HeraldContext, id: number): Promise<void> {
  const bundleId = bundleIn(id);
  const title =
    bundleId === null
      ? cardTitle(ctx.t, await getCampaign(deps.scope, id), deps.clock.now())
      : bundleTitle(ctx.t, await listBundle(deps.scope, bundleId));
  const card = await ctx.reply(title);
  await placeLiveCard(deps, ctx, id, card.message_id, () => deps.engine.refresh(id));
}
