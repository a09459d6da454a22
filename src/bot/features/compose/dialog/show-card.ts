import { GrammyError } from "grammy";
import type { MessageEntity } from "grammy/types";
import type { HeraldContext } from "../../../ui/bot-context.ts";
import { draftTap } from "../../../ui/callback-data.ts";
import type { Card } from "../../../ui/card.ts";
import { editTapped } from "../../../ui/message-edits.ts";

/**
 * Shows a card in the message whose button was tapped. Sends a new message if there was none, or if the button was on the card
 * of a campaign, which stays as it is. Resolves with the id of the message.
 */
export async function showCard(ctx: HeraldContext, card: Card): Promise<number | undefined> {
  if (!draftTap.parse(ctx.callbackQuery?.data ?? "")) return sendCard(ctx, card);
  await withEntities(card, (entities) =>
    editTapped(ctx, card.text, { inline_keyboard: card.keyboard }, entities),
  );
  return ctx.callbackQuery?.message?.message_id;
}

/** Shows a card in a new message, even after a tap. Resolves with its id. */
export async function sendCard(ctx: HeraldContext, card: Card): Promise<number> {
  const reply_markup = { inline_keyboard: card.keyboard };
  const message = await withEntities(card, (entities) =>
    ctx.reply(card.text, { reply_markup, ...(entities.length > 0 && { entities }) }),
  );
  return message.message_id;
}

/** A self-hosted Bot API server may be too old to know an entity. The text says the same without it. */
async function withEntities<T>(
  { entities = [] }: Card,
  show: (entities: MessageEntity[]) => Promise<T>,
): Promise<T> {
  try {
    return await show(entities);
  } catch (error) {
    const isOld = error instanceof GrammyError && /MessageEntity/i.test(error.description);
    if (!isOld || entities.length === 0) throw error;
    return show([]);
  }
}
