import type { ChatMember, File, User } from "@grammyjs/types";
import { GroupPlace, PersonPlace, type Place } from "../places.ts";
import { badRequest } from "../refusal.ts";
import { type Call, checkReach, target } from "./call.ts";

/** getFile serves at most 20 MB (Bot API, "getFile"). */
const MAX_DOWNLOAD = 20 * 1024 * 1024;

export function getChat(call: Call): object {
  const place = target(call);
  if (place instanceof GroupPlace) checkReach(place);
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
    ...(pinned && { pinned_message: pinned }),
  };
}

export function getChatMember(call: Call): ChatMember {
  const place = target(call);
  const id = call.params.integer("user_id") ?? 0;
  if (id === call.bot.id) return botMember(place, call.bot.user);
  if (place instanceof PersonPlace && place.id === id) return { status: "member", user: place.user };
  if (place instanceof GroupPlace) {
    checkReach(place);
    const user = place.members.get(id);
    if (user !== undefined) return { status: "member", user };
  }
  const person = call.world.places.get(id);
  if (person instanceof PersonPlace) return { status: "left", user: person.user };
  throw badRequest("user not found");
}

export function getChatAdministrators(call: Call): ChatMember[] {
  const place = target(call);
  if (!(place instanceof GroupPlace)) throw badRequest("there are no administrators in the private chat");
  checkReach(place);
  const [owner] = place.members.values();
  const members: ChatMember[] =
    owner === undefined ? [] : [{ status: "creator", user: owner, is_anonymous: false }];
  if (place.botStatus === "administrator") members.push(botMember(place, call.bot.user));
  return members;
}

export function getChatMemberCount(call: Call): number {
  const place = target(call);
  if (!(place instanceof GroupPlace)) return 2;
  return place.members.size + (place.botStatus === "member" || place.botStatus === "administrator" ? 1 : 0);
}

export function leaveChat(call: Call): true {
  const place = target(call);
  if (!(place instanceof GroupPlace))
    throw badRequest("chat member status can't be changed in private chats");
  place.botStatus = "left";
  return true;
}

/** What a bot is in a chat, as a ChatMember; the shape of `my_chat_member`, too. */
export function botMember(place: Place, bot: User): ChatMember {
  if (!(place instanceof GroupPlace)) return { status: "member", user: bot };
  switch (place.botStatus) {
    case "administrator":
      return administrator(bot, place.chat.type === "channel");
    case "kicked":
      return { status: "kicked", user: bot, until_date: 0 };
    case "left":
      return { status: "left", user: bot };
    case "member":
      return { status: "member", user: bot };
  }
}

function administrator(user: User, channel: boolean): ChatMember {
  return {
    status: "administrator",
    user,
    can_be_edited: false,
    is_anonymous: false,
    can_manage_chat: true,
    can_delete_messages: true,
    can_manage_video_chats: true,
    can_restrict_members: true,
    can_promote_members: false,
    can_change_info: true,
    can_invite_users: true,
    can_post_stories: false,
    can_edit_stories: false,
    can_delete_stories: false,
    ...(channel ? { can_post_messages: true, can_edit_messages: true } : { can_pin_messages: true }),
  } as ChatMember;
}

export function sendChatAction(call: Call): true {
  const place = target(call);
  checkReach(place);
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
