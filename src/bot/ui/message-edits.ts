import { GrammyError } from "grammy";
import type { InlineKeyboardMarkup, MessageEntity } from "grammy/types";
import { placeCard } from "../../campaign/card-places.ts";
import type { BotDeps, HeraldContext } from "./bot-context.ts";

/**
 * Shows text and buttons in the message whose button was tapped. The same as before is no error; a message that is
 * gone or too old to be edited is sent anew.
 */
export async function editTapped(
  ctx: HeraldContext,
  text: string,
  reply_markup: InlineKeyboardMarkup,
  entities: MessageEntity[] = [],
): Promise<void> {
  const other = { reply_markup, ...(entities.length > 0 && { entities }) };
  try {
    await ctx.editMessageText(text, other);
  } catch (error) {
    if (!(error instanceof GrammyError) || error.error_code !== 400) throw error;
    if (!/message is not modified/i.test(error.description)) await ctx.reply(text, other);
  }
}

/**
 * A message of this chat becomes the live card of a campaign. The one before it no longer follows it, and says where the
 * card is instead of what was true then. `draw` shows the new one first: a drawing of the old one that is under way when
 * the place changes is then over, and cannot put back what was there.
 */
export async function placeLiveCard(
  { scope }: Pick<BotDeps, "scope">,
  ctx: HeraldContext,
  campaignId: number,
  messageId: number,
  draw: () => Promise<void> = async () => undefined,
): Promise<void> {
  const chatId = ctx.chat?.id ?? 0;
  const before = await placeCard(scope, campaignId, chatId, messageId);
  await draw();
  if (before === null || before === messageId) return;
  const where = messageId > before ? "below" : "above";
  const text = ctx.t("card-elsewhere", { id: String(campaignId), where });
  await ctx.api.editMessageText(chatId, before, text).catch(() => undefined);
}

/** Removes the buttons of a message of this chat, unless the message is gone or has none. */
export async function clearButtons(ctx: HeraldContext, messageId: number): Promise<void> {
  await ctx.api.editMessageReplyMarkup(ctx.chat?.id ?? 0, messageId).catch(() => undefined);
}
