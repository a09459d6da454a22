import type { InlineKeyboardButton, RichMessageButton } from "@grammyjs/types";
import type { IconName } from "../ui/icon-paths.ts";
import { t } from "../state/locale.ts";

/** What pressing a button does. */
export type ButtonAction =
  | { type: "tap"; data: string }
  | { type: "open"; url: string; icon: IconName }
  | { type: "copy"; text: string }
  /** Telegram would do something that the playground cannot do. */
  | { type: "explain"; words: string; icon?: IconName }
  | { type: "none" };

/** The action of a button of an inline keyboard or a rich message; `bot` is the bot's username. */
export function actionOf(button: InlineKeyboardButton | RichMessageButton, bot: string): ButtonAction {
  if ("callback_data" in button) return { type: "tap", data: button.callback_data };
  if ("url" in button) return { type: "open", url: button.url, icon: "out" };
  if ("login_url" in button) return { type: "open", url: button.login_url.url, icon: "out" };
  if ("web_app" in button) return { type: "open", url: button.web_app.url, icon: "app" };
  if ("copy_text" in button) return { type: "copy", text: button.copy_text.text };
  if ("disabled" in button) return { type: "none" };
  if ("switch_inline_query_current_chat" in button) {
    const text = `@${bot} ${button.switch_inline_query_current_chat}`;
    return { type: "explain", words: t("explain-query-here", { text }) };
  }
  if ("pay" in button) return { type: "explain", words: t("explain-pay"), icon: "card" };
  if ("callback_game" in button) return { type: "explain", words: t("explain-game") };
  const query =
    "switch_inline_query" in button
      ? button.switch_inline_query
      : (button.switch_inline_query_chosen_chat.query ?? "");
  return { type: "explain", words: t("explain-query-there", { text: `@${bot} ${query}` }), icon: "share" };
}
