import { showChat } from "../state/show-message.ts";
import { openChat, overview } from "../state/stream.ts";
import { say } from "../state/notices.ts";
import { targetOf } from "./telegram-link.ts";
import { t } from "../state/locale.ts";

/** Follows a link into Telegram if it leads to a chat of the playground. For any other, tells where it leads. */
export function follow(href: string): void {
  const open = openChat.value?.summary;
  const chats = [...(overview.value?.chats ?? []), ...(open === undefined ? [] : [open])];
  const target = targetOf(href, chats);
  if (target === undefined) say(t("opens-in-telegram", { link: href.replace(/^https?:\/\//, "") }));
  else showChat(target.chat, target.message);
}
