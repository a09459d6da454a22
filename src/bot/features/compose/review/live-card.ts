import { closeCard } from "../../../../campaign/card-places.ts";
import { getCampaign } from "../../../../campaign/queries.ts";
import { cardTitle } from "../../../cards/campaign-card.ts";
import type { BotDeps, HeraldContext } from "../../../ui/bot-context.ts";
import { placeLiveCard } from "../../../ui/message-edits.ts";

/* What confirming a draft and saving a change have in common. */

/** The message whose button was tapped becomes the live card of a campaign. */
export async function placeHere(deps: BotDeps, ctx: HeraldContext, id: number): Promise<void> {
  const message = ctx.callbackQuery?.message;
  if (message) await placeLiveCard(deps, ctx, id, message.message_id);
}

/** It does not, after all: what was tapped was refused. */
export async function leaveHere({ scope }: BotDeps, ctx: HeraldContext, id: number): Promise<void> {
  const message = ctx.callbackQuery?.message;
  const chatId = ctx.chat?.id ?? 0;
  if (message) await closeCard(scope, { campaignId: id, chatId, messageId: message.message_id }, "gone");
}

/** Draws the card; a typed answer gets it below. Whatever becomes of it, what was confirmed stands, and that is said. */
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
    // Nobody may read that it did not happen and send it again.
    deps.log.warn({ err: error, campaign: id }, "a campaign was confirmed without a card");
    await ctx.reply(ctx.t(otherwise, { id: String(id) })).catch(() => undefined);
  }
}

/** A typed answer gets a card below it. */
async function replyWithCard(deps: BotDeps, ctx: HeraldContext, id: number): Promise<void> {
  const campaign = await getCampaign(deps.scope, id);
  const card = await ctx.reply(cardTitle(ctx.t, campaign, deps.clock.now()));
  await placeLiveCard(deps, ctx, id, card.message_id, () => deps.engine.refresh(id));
}
