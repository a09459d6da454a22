import type { InlineKeyboardButton, RichMessageButton } from "@grammyjs/types";
import type { IconName } from "../icons.ts";

/** What pressing a button does. */
export type Deed =
  | { type: "tap"; data: string }
  | { type: "open"; url: string; icon: IconName }
  | { type: "copy"; text: string }
  /** Telegram would do something that there is nobody here to do. */
  | { type: "explain"; words: string; icon?: IconName }
  | { type: "none" };

/** What a button of an inline keyboard or of a rich message does; `bot` is the bot's username. */
export function deedOf(button: InlineKeyboardButton | RichMessageButton, bot: string): Deed {
  if ("callback_data" in button) return { type: "tap", data: button.callback_data };
  if ("url" in button) return { type: "open", url: button.url, icon: "out" };
  if ("login_url" in button) return { type: "open", url: button.login_url.url, icon: "out" };
  if ("web_app" in button) return { type: "open", url: button.web_app.url, icon: "app" };
  if ("copy_text" in button) return { type: "copy", text: button.copy_text.text };
  if ("disabled" in button) return { type: "none" };
  if ("switch_inline_query_current_chat" in button) {
    const words = `Telegram would put “@${bot} ${button.switch_inline_query_current_chat}” into the input field.`;
    return { type: "explain", words };
  }
  if ("pay" in button) return { type: "explain", words: "Nobody can pay in the playground.", icon: "card" };
  if ("callback_game" in button) return { type: "explain", words: "There are no games in the playground." };
  const query =
    "switch_inline_query" in button
      ? button.switch_inline_query
      : (button.switch_inline_query_chosen_chat.query ?? "");
  const words = `Telegram would ask for a chat and put “@${bot} ${query}” there.`;
  return { type: "explain", words, icon: "share" };
}
