import type { Message } from "@grammyjs/types";
import { kindOf } from "../content/kinds.ts";
import { GroupPlace, type Place } from "../world/places.ts";
import { badRequest } from "../wire/refusal.ts";
import { seconds } from "../world/world.ts";
import { type Call, checkReach, target } from "./call.ts";

/** A bot can delete messages for 48 hours (Bot API, "deleteMessage"). */
const DELETABLE_SECONDS = 48 * 3600;

export function deleteMessage(call: Call): true {
  const place = target(call);
  if (!place.isPrivate) checkReach(place);
  const message = place.find(call.params.integer("message_id") ?? 0);
  if (message === undefined) throw badRequest("message to delete not found");
  checkDeletable(call, place, message);
  call.world.remove(place, message.message_id);
  return true;
}

/** Deletes all, or none if one of them cannot be deleted. Unknown ids are skipped, as at Telegram. */
export function deleteMessages(call: Call): true {
  const place = target(call);
  if (!place.isPrivate) checkReach(place);
  const ids = (call.params.list("message_ids") ?? []).map(Number);
  if (ids.length === 0) throw badRequest("message identifiers are not specified");
  if (ids.length > 100) throw badRequest("too many message identifiers specified");
  const found = ids.map((id) => place.find(id)).filter((message) => message !== undefined);
  for (const message of found) checkDeletable(call, place, message);
  for (const { message_id } of found) call.world.remove(place, message_id);
  return true;
}

/**
 * Throws TDLib's error for a message that the bot may not delete (MessagesManager.cpp, `can_delete_message` and
 * `can_revoke_message`): "can't be deleted" in supergroups and channels, "… for everyone" in other chats.
 */
function checkDeletable(call: Call, place: Place, message: Message): void {
  const old = seconds() - message.date > DELETABLE_SECONDS;
  if (old || !mayDelete(call, place, message)) {
    const everyone = place.chat.type === "private" || place.chat.type === "group";
    throw badRequest(everyone ? "message can't be deleted for everyone" : "message can't be deleted");
  }
}

function mayDelete(call: Call, place: Place, message: Message): boolean {
  // In a private chat a bot may also delete the person's messages.
  if (!(place instanceof GroupPlace)) return true;
  // Service messages about a created topic or a migrated group cannot be deleted.
  if (message.forum_topic_created !== undefined || message.migrate_from_chat_id !== undefined) return false;
  if (place.grants("can_delete_messages")) return true;
  if (!call.world.isBots(message)) return false;
  if (place.chat.type === "channel" || kindOf(message) === "service")
    return place.grants("can_post_messages");
  return true;
}
