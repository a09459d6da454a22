import type { KeyboardButtonRequestChat, User } from "@grammyjs/types";
import { personMember } from "./membership.ts";
import type { GroupPlace, PersonPlace } from "./places.ts";
import { type AdminRights, barest, type BotStanding, overlaid } from "./rights.ts";

/** What the reply keyboard's button with this `request_id` asks for. Throws when no such button is shown. */
export function requestOf(place: PersonPlace, requestId: number): KeyboardButtonRequestChat {
  for (const key of (place.keyboard?.keyboard ?? []).flat())
    if (typeof key !== "string" && "request_chat" in key && key.request_chat.request_id === requestId)
      return key.request_chat;
  throw new Error(`There is no button that asks for a chat with the request_id ${requestId}`);
}

/** Why Telegram's chat picker leaves a chat out for this person and this button; undefined when it offers it. */
export function unofferable(
  wanted: KeyboardButtonRequestChat,
  place: GroupPlace,
  user: User,
): string | undefined {
  const { chat } = place;
  const member = personMember(place, user);
  const isChannel = chat.type === "channel";
  if (wanted.chat_is_channel !== isChannel) return `the button asks for a ${isChannel ? "group" : "channel"}`;
  if (wanted.chat_is_forum !== undefined && wanted.chat_is_forum !== (chat.is_forum === true))
    return `the button asks for a group ${wanted.chat_is_forum ? "with" : "without"} topics`;
  if (wanted.chat_has_username !== undefined && wanted.chat_has_username !== (chat.username !== undefined))
    return `the button asks for a ${wanted.chat_has_username ? "public" : "private"} chat`;
  if (member.status === "left") return `${user.first_name} is not in it`;
  if (wanted.chat_is_created === true && member.status !== "creator")
    return `${user.first_name} does not own it`;
  if (wanted.user_administrator_rights !== undefined && member.status === "member")
    return `${user.first_name} is no administrator of it`;
  if (wanted.bot_administrator_rights !== undefined && member.status === "member")
    return `${user.first_name} cannot make the bot an administrator of it`;
  if (wanted.bot_is_member === true && !place.hasBot) return "the bot is not in it";
  return undefined;
}

/**
 * What the bot becomes when a chat is picked by a button that asks for these rights: an administrator with them and
 * whatever it had before. Undefined when it has them all already.
 */
export function raised(place: GroupPlace, wanted: AdminRights): BotStanding | undefined {
  const needed = Object.entries(wanted).filter(([, granted]) => granted === true);
  const { bot } = place;
  if (bot.status === "administrator" && needed.every(([right]) => place.grants(right as keyof AdminRights)))
    return undefined;
  const before = bot.status === "administrator" ? bot.rights : barest(place.chat.type);
  return { status: "administrator", rights: overlaid(before, Object.fromEntries(needed)) };
}
