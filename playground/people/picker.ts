import type {
  ChatShared,
  KeyboardButton,
  KeyboardButtonRequestChat,
  ManagedBotCreated,
  SharedUser,
  User,
  UsersShared,
} from "@grammyjs/types";
import type { BotFacts } from "../world/bot.ts";
import { createManagedBot } from "../world/managed-bots.ts";
import { personMember, turnBot } from "../world/membership.ts";
import type { GroupPlace, PersonPlace } from "../world/places.ts";
import { type AdminRights, barest, type BotStanding, overlaid } from "../world/rights.ts";
import type { World } from "../world/world.ts";

/**
 * What is shared when a person picks a group or channel with the button of this `request_id`. Promotes the bot there
 * if the button asks for it. Throws if no such button is shown, or if the picker would not offer this chat.
 */
export function sharedChat(
  world: World,
  person: PersonPlace,
  requestId: number,
  place: GroupPlace,
): ChatShared {
  const wanted = keysOf(person)
    .flatMap((key) => ("request_chat" in key ? [key.request_chat] : []))
    .find((asked) => asked.request_id === requestId);
  if (wanted === undefined)
    throw new Error(`There is no button that asks for a chat with the request_id ${requestId}.`);
  const obstacle = unofferable(wanted, place, person.user);
  if (obstacle !== undefined) throw new Error(`Telegram does not offer ${place.chat.title}: ${obstacle}.`);
  const { bot_administrator_rights: rights } = wanted;
  const standing = rights && raised(place, rights);
  if (standing !== undefined) turnBot(world, place, standing, person.user);
  const { id, title, username } = place.chat;
  return {
    request_id: requestId,
    chat_id: id,
    ...(wanted.request_title === true && { title }),
    ...(wanted.request_username === true && username !== undefined && { username }),
  };
}

/** The same for people. Throws for more people than the button asks for. */
export function sharedUsers(person: PersonPlace, requestId: number, users: readonly User[]): UsersShared {
  const wanted = keysOf(person)
    .flatMap((key) => ("request_users" in key ? [key.request_users] : []))
    .find((asked) => asked.request_id === requestId);
  if (wanted === undefined)
    throw new Error(`There is no button that asks for people with the request_id ${requestId}.`);
  const { max_quantity: most = 1, request_name: byName, request_username: byUsername } = wanted;
  if (users.length === 0 || users.length > most)
    throw new Error(most === 1 ? "Choose one person." : `Choose from one to ${most} people.`);
  return {
    request_id: requestId,
    users: users.map(({ id, first_name, last_name, username }) => ({
      user_id: id,
      ...(byName === true && { first_name }),
      ...(byName === true && last_name !== undefined && { last_name }),
      ...(byUsername === true && username !== undefined && { username }),
    })),
  };
}

/**
 * Makes a bot with the button of this `request_id`, which the bot that shows it will manage. Throws if no such button is
 * shown, or if Telegram would not make the bot.
 */
export function madeBot(
  world: World,
  person: PersonPlace,
  requestId: number,
  facts: Required<BotFacts>,
): ManagedBotCreated {
  const isAsked = keysOf(person).some(
    (key) => "request_managed_bot" in key && key.request_managed_bot.request_id === requestId,
  );
  const manager = world.botOf(person);
  if (!isAsked || manager === undefined)
    throw new Error(`There is no button that asks for a new bot with the request_id ${requestId}.`);
  return { bot: createManagedBot(world, manager, person.user, facts).user };
}

/** A person as a button that asks for all their names shares them. */
export function namedUser({ id, first_name, last_name, username }: User): SharedUser {
  return {
    user_id: id,
    first_name,
    ...(last_name !== undefined && { last_name }),
    ...(username !== undefined && { username }),
  };
}

/** The buttons of the reply keyboard that are more than a text. */
function keysOf({ keyboard }: PersonPlace): Exclude<KeyboardButton, string>[] {
  return (keyboard?.keyboard ?? []).flat().filter((key) => typeof key !== "string");
}

/** Why Telegram's chat picker does not offer this chat to this person for this button; undefined if it does. */
function unofferable(wanted: KeyboardButtonRequestChat, place: GroupPlace, user: User): string | undefined {
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
 * The bot's standing after a chat is picked with a button that asks for these rights: an administrator with them and
 * its earlier ones. Undefined if it has them all already.
 */
function raised(place: GroupPlace, wanted: AdminRights): BotStanding | undefined {
  const needed = Object.entries(wanted).filter(([, granted]) => granted === true);
  const { bot } = place;
  if (bot.status === "administrator" && needed.every(([right]) => place.grants(right as keyof AdminRights)))
    return undefined;
  const before = bot.status === "administrator" ? bot.rights : barest(place.chat.type);
  return { status: "administrator", rights: overlaid(before, Object.fromEntries(needed)) };
}
