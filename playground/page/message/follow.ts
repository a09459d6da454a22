import { showChat } from "../chat/show-message.ts";
import { openChat, overview } from "../live.ts";
import { say } from "../notices.ts";
import { targetOf } from "./telegram-link.ts";

/** Follows a link into Telegram as far as the playground goes: to its own chats. Of any other it is said where it leads. */
export function follow(href: string): void {
  const open = openChat.value?.summary;
  const chats = [...(overview.value?.chats ?? []), ...(open === undefined ? [] : [open])];
  const target = targetOf(href, chats);
  if (target === undefined) say(`In Telegram this opens ${href.replace(/^https?:\/\//, "")}`);
  else showChat(target.chat, target.message);
}
