import type { ChatMember, File } from "@grammyjs/types";
import { botMember, personMember, turnBot } from "../world/membership.ts";
import { GroupPlace, PersonPlace, type Place } from "../world/places.ts";
import { badRequest } from "../wire/refusal.ts";
import { type Call, checkReach, checkWrite, target } from "./call.ts";

/** getFile serves at most 20 MB (Bot API, "getFile"). */
const MAX_DOWNLOAD = 20 * 1024 * 1024;

/** Anyone may look at a public chat; other chats only their members. */
export function getChat(call: Call): object {
  const place = target(call);
  if (place instanceof GroupPlace && place.chat.username === undefined) checkReach(place);
  const pinned = place.find(place.pinned?.at(-1) ?? 0);
  return {
    ...place.chat,
    accent_color_id: 0,
    max_reaction_count: 11,
    accepted_gift_types: {
      unlimited_gifts: true,
      limited_gifts: true,
      unique_gifts: true,
      premium_subscription: true,
      gifts_from_channels: true,
    },
    ...(place instanceof GroupPlace && place.chat.type !== "channel" && { permissions: place.permissions }),
    ...(place instanceof GroupPlace && place.slowMode > 0 && { slow_mode_delay: place.slowMode }),
    ...(pinned && { pinned_message: pinned }),
  };
}

export function getChatMember(call: Call): ChatMember {
  const place = target(call);
  const id = call.params.integer("user_id") ?? 0;
  if (id === call.bot.id) return ownMember(call, place);
  const person = call.world.places.get(id);
  if (place instanceof GroupPlace) {
    checkMemberList(place);
    const user = place.members.get(id) ?? (person instanceof PersonPlace ? person.user : undefined);
    if (user !== undefined) return personMember(place, user);
  } else if (person instanceof PersonPlace) {
    return { status: place === person ? "member" : "left", user: person.user };
  }
  throw badRequest("user not found");
}

/** Throws unless the bot may list members: in a channel only administrators may. */
function checkMemberList(place: GroupPlace): void {
  checkReach(place);
  if (place.chat.type === "channel" && place.bot.status !== "administrator")
    throw badRequest("member list is inaccessible");
}

export function getChatAdministrators(call: Call): ChatMember[] {
  const place = target(call);
  if (!(place instanceof GroupPlace)) throw badRequest("there are no administrators in the private chat");
  checkMemberList(place);
  const members = [...place.members.values()].map((user) => personMember(place, user));
  if (place.bot.status === "administrator") members.push(ownMember(call, place));
  return members.filter(({ status }) => status === "creator" || status === "administrator");
}

export function getChatMemberCount(call: Call): number {
  const place = target(call);
  if (!(place instanceof GroupPlace)) return 2;
  return place.members.size + (place.hasBot ? 1 : 0);
}

export function leaveChat(call: Call): true {
  const place = target(call);
  if (!(place instanceof GroupPlace))
    throw badRequest("chat member status can't be changed in private chats");
  checkReach(place);
  turnBot(call.world, place, { status: "left" }, call.bot.user);
  return true;
}

function ownMember(call: Call, place: Place): ChatMember {
  return botMember(place instanceof GroupPlace ? place.bot : { status: "member" }, call.bot.user);
}

export function sendChatAction(call: Call): true {
  const place = target(call);
  checkWrite(place);
  if (!call.params.has("action")) throw badRequest("wrong parameter action in request");
  return true;
}

export function getFile(call: Call): File {
  const file = call.world.files.get(call.params.text("file_id") ?? "");
  if (file === undefined || (file.botId !== undefined && file.botId !== call.bot.id)) {
    throw badRequest("invalid file_id");
  }
  if (file.size > MAX_DOWNLOAD) throw badRequest("file is too big");
  return { file_id: file.id, file_unique_id: file.uniqueId, file_size: file.size, file_path: file.path };
}
