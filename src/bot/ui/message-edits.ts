import { GrammyError } from "grammy";
import type { InlineKeyboardMarkup, MessageEntity } from "grammy/types";
import { placeCard } from "../../campaign/card-places.ts";
import type { BotDeps, HeraldContext } from "./bot-context.ts";
import { nameSubject } from "./bundle-words.ts";

/**
 * Shows text and buttons in the message whose button was tapped. Showing the same as before is not an error; if the message
 * is gone or too old to be edited, a new one is sent.
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
 * Makes a message of this chat the live card of a campaign or, by its negated id, of a bundle. The previous card is no longer updated, and says where the live
 * one is. `draw` draws the new card first: by then, no drawing of the old card is under way any longer that could overwrite
 * this text.
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
  const text = ctx.t("card-elsewhere", { id: await nameSubject(scope, campaignId), where });
  await ctx.api.editMessageText(chatId, before, text).catch(() => undefined);
}

/** Removes the buttons of a message of this chat, unless the message is gone or has none. */
export async function clearButtons(ctx: HeraldContext, messageId: number): Promise<void> {
  await ctx.api.editMessageReplyMarkup(ctx.chat?.id ?? 0, messageId).catch(() => undefined);
}
