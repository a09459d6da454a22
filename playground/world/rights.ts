import type { ChatAdministratorRights, ChatPermissions, Message } from "@grammyjs/types";
import { kindOf } from "../content/kinds.ts";

/** What an administrator may do. Fields that only channels or only groups have are left out for the others. */
export type AdminRights = ChatAdministratorRights;
/** What someone who is not an administrator may do. */
export type Permissions = Required<ChatPermissions>;

/** The bot's status and rights in a group or channel. Replaced, never mutated. */
export type BotStanding =
  | { readonly status: "administrator"; readonly rights: AdminRights }
  | { readonly status: "restricted"; readonly permissions: Permissions }
  | { readonly status: "member" | "left" | "kicked" };

export type BotStatus = BotStanding["status"];

/** The default rights of a new administrator: everything except promoting others and stories. */
export function usualRights(type: "group" | "supergroup" | "channel"): AdminRights {
  return {
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
    can_send_welcome_messages: false,
    ...(type === "channel"
      ? { can_post_messages: true, can_edit_messages: true, can_manage_direct_messages: false }
      : { can_pin_messages: true, can_manage_topics: type === "supergroup", can_manage_tags: false }),
  };
}

/** The minimum that every administrator may do. */
export function barest(type: "group" | "supergroup" | "channel"): AdminRights {
  const usual = usualRights(type);
  const none = Object.fromEntries(Object.keys(usual).map((right) => [right, false]));
  return { ...usual, ...none, can_manage_chat: true };
}

/** Members of a new group may do everything. */
export const EVERYTHING: Permissions = {
  can_send_messages: true,
  can_send_audios: true,
  can_send_documents: true,
  can_send_photos: true,
  can_send_videos: true,
  can_send_video_notes: true,
  can_send_voice_notes: true,
  can_send_polls: true,
  can_send_other_messages: true,
  can_add_web_page_previews: true,
  can_react_to_messages: true,
  can_change_info: true,
  can_invite_users: true,
  can_edit_tag: true,
  can_pin_messages: true,
  can_manage_topics: true,
};

/** `base` overridden by `changes`. Fields that `base` lacks are ignored: a channel's right means nothing in a group. */
export function overlaid<T extends object>(base: T, changes: object): T {
  const known = Object.entries(changes).filter(([name, value]) => name in base && value !== undefined);
  return { ...base, ...Object.fromEntries(known) };
}

/** The permission that each kind of message needs, and its name in TDLib's "not enough rights to send …". */
const SENDING: Record<string, [permission: keyof Permissions, called: string]> = {
  text: ["can_send_messages", "text messages"],
  location: ["can_send_messages", "locations"],
  venue: ["can_send_messages", "venues"],
  contact: ["can_send_messages", "contacts"],
  rich_message: ["can_send_messages", "text messages"],
  checklist: ["can_send_messages", "checklists"],
  photo: ["can_send_photos", "photos"],
  live_photo: ["can_send_photos", "photos"],
  video: ["can_send_videos", "videos"],
  document: ["can_send_documents", "documents"],
  audio: ["can_send_audios", "audios"],
  voice: ["can_send_voice_notes", "voice notes"],
  video_note: ["can_send_video_notes", "video notes"],
  poll: ["can_send_polls", "polls"],
  animation: ["can_send_other_messages", "animations"],
  sticker: ["can_send_other_messages", "stickers"],
  dice: ["can_send_other_messages", "dice"],
};

/** What a member with these permissions may not send of this content ("photos"); undefined if they may send it. */
export function unsendable(body: Partial<Message>, permissions: Permissions): string | undefined {
  const [permission, called] = SENDING[kindOf(body)] ?? [];
  return permission === undefined || permissions[permission] ? undefined : called;
}
