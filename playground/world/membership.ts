import type { ChatMember, User } from "@grammyjs/types";
import type { GroupPlace } from "./places.ts";
import { type AdminRights, type BotStanding, overlaid, usualRights } from "./rights.ts";
import { seconds, type World } from "./world.ts";

/** GroupAnonymousBot, the sender of what an administrator does anonymously. */
export const ANONYMOUS: User = {
  id: 1087968824,
  is_bot: true,
  first_name: "Group",
  username: "GroupAnonymousBot",
};

/** A bot with this standing, as a ChatMember. */
export function botMember(standing: BotStanding, bot: User): ChatMember {
  switch (standing.status) {
    case "administrator":
      return administrator(bot, standing.rights);
    case "restricted":
      return { status: "restricted", user: bot, is_member: true, ...standing.permissions, until_date: 0 };
    case "kicked":
      return { status: "kicked", user: bot, until_date: 0 };
    case "left":
    case "member":
      return { status: standing.status, user: bot };
  }
}

/** A person in a group or channel, as a ChatMember. */
export function personMember(place: GroupPlace, user: User): ChatMember {
  if (place.creator?.id === user.id) return { status: "creator", user, is_anonymous: false };
  const rights = place.admins.get(user.id);
  if (rights !== undefined) return administrator(user, rights);
  return { status: place.members.has(user.id) ? "member" : "left", user };
}

function administrator(user: User, rights: AdminRights): ChatMember {
  return { status: "administrator", user, can_be_edited: false, ...rights };
}

/** Changes the bot's standing in a chat. The bot gets a `my_chat_member` update, even if it was removed. */
export function turnBot(world: World, place: GroupPlace, standing: BotStanding, by?: User): void {
  const before = place.bot;
  place.bot = standing;
  world.touch(place);
  world.deliver(
    (bot) => ({
      my_chat_member: {
        chat: place.chat,
        from: by ?? place.creator ?? ANONYMOUS,
        date: seconds(),
        old_chat_member: botMember(before, bot.user),
        new_chat_member: botMember(standing, bot.user),
      },
    }),
    place,
  );
}

/** Changes a person's standing in a chat. A bot that is an administrator there gets a `chat_member` update. */
export function turnPerson(world: World, place: GroupPlace, user: User, change: () => void): void {
  const before = personMember(place, user);
  change();
  const after = personMember(place, user);
  if (place.bot.status !== "administrator") return;
  const from = place.creator ?? ANONYMOUS;
  world.deliver(
    () => ({
      chat_member: {
        chat: place.chat,
        from,
        date: seconds(),
        old_chat_member: before,
        new_chat_member: after,
      },
    }),
    place,
  );
}

/** The standing of an administrator with the usual rights, overridden by `rights`. */
export function appointed(place: GroupPlace, rights: Partial<AdminRights> = {}): BotStanding {
  return { status: "administrator", rights: overlaid(usualRights(place.chat.type), rights) };
}
