import type { BotCommand, BotCommandScope, User } from "@grammyjs/types";
import { GroupPlace, PersonPlace, type Place } from "../world/places.ts";
import type { World } from "../world/world.ts";

/**
 * The commands in the bot's menu for this viewer: the first list that is set (Bot API, "Determining list of
 * commands"). None in a channel.
 */
export function commandsFor(world: World, place: Place, viewer: User | undefined): BotCommand[] {
  const lists = [...world.commands.values()];
  const language = viewer?.language_code?.split("-")[0] ?? "";
  for (const wanted of scopesOf(place, viewer)) {
    for (const code of new Set([language, ""])) {
      const list = lists.find(({ scope, languageCode }) => languageCode === code && isSame(scope, wanted));
      if (list !== undefined) return list.commands;
    }
  }
  return [];
}

/** The people for whom the bot has set commands of their own. */
export function peopleWithCommands(world: World): Set<PersonPlace> {
  const places = [...world.commands.values()].map(({ scope }) =>
    scope.type === "chat" ? world.find(scope.chat_id) : undefined,
  );
  return new Set(places.filter((place) => place instanceof PersonPlace));
}

/** The narrowest first. */
function scopesOf(place: Place, viewer: User | undefined): BotCommandScope[] {
  const chat = { chat_id: place.id };
  if (place instanceof PersonPlace)
    return [{ type: "chat", ...chat }, { type: "all_private_chats" }, { type: "default" }];
  if (!(place instanceof GroupPlace) || place.chat.type === "channel") return [];
  const id = viewer?.id ?? 0;
  const isAdmin = place.creator?.id === id || place.admins.has(id);
  return [
    { type: "chat_member", ...chat, user_id: id },
    ...(isAdmin ? [{ type: "chat_administrators", ...chat } as const] : []),
    { type: "chat", ...chat },
    ...(isAdmin ? [{ type: "all_chat_administrators" } as const] : []),
    { type: "all_group_chats" },
    { type: "default" },
  ];
}

function isSame(one: BotCommandScope, other: BotCommandScope): boolean {
  return one.type === other.type && idsOf(one) === idsOf(other);
}

/** As one string, because ids from HTTP may be numbers or digits. */
function idsOf(scope: BotCommandScope): string {
  return `${"chat_id" in scope ? scope.chat_id : ""} ${"user_id" in scope ? scope.user_id : ""}`;
}
