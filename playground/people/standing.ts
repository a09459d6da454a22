import type { User } from "@grammyjs/types";
import { GroupPlace, type PersonPlace } from "../world/places.ts";
import { seconds, type World } from "../world/world.ts";

/** Blocks or unblocks the bot, which gets a `my_chat_member` update if that changes anything. */
export function setBlocked(world: World, place: PersonPlace, blocked: boolean): void {
  if (place.blocked === blocked) return;
  place.blocked = blocked;
  world.touch(place);
  world.deliver(
    (bot) => ({
      my_chat_member: {
        chat: place.chat,
        from: place.user,
        date: seconds(),
        old_chat_member: botMember(bot.user, !blocked),
        new_chat_member: botMember(bot.user, blocked),
      },
    }),
    place,
  );
}

function botMember(bot: User, blocked: boolean) {
  return blocked
    ? ({ status: "kicked", user: bot, until_date: 0 } as const)
    : ({ status: "member", user: bot } as const);
}

/** Changes the language of a person's Telegram, everywhere they are a member. */
export function setLanguage(world: World, person: PersonPlace, languageCode: string): void {
  const user = { ...person.user, language_code: languageCode };
  person.user = user;
  for (const place of world.places.values()) {
    if (!(place instanceof GroupPlace)) continue;
    if (place.members.has(user.id)) place.members.set(user.id, user);
    if (place.creator?.id === user.id) place.creator = user;
  }
  world.touch(person);
}
