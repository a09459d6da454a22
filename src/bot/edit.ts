import { GrammyError } from "grammy";
import type { InlineKeyboardMarkup, MessageEntity } from "grammy/types";
import type { HeraldContext } from "./context.ts";

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
