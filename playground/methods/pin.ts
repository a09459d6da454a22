import type { Message } from "@grammyjs/types";
import { GroupPlace, type Place } from "../places.ts";
import { badRequest } from "../refusal.ts";
import { kindOf } from "../screen.ts";
import { type Call, checkReach, sender, target } from "./call.ts";

/** Throws unless the bot may pin here: anybody in a private chat, in a channel who may edit, in a group by right. */
function checkPins(place: Place): void {
  checkReach(place);
  if (!(place instanceof GroupPlace)) return;
  const right = place.chat.type === "channel" ? "can_edit_messages" : "can_pin_messages";
  if (!place.grants(right)) throw badRequest("not enough rights to manage pinned messages in the chat");
}

/**
 * Pins a message. A service message tells the chat, `disable_notification` or not, and comes to the bot itself, too:
 * it is the one kind of its own messages, besides those on members and titles, that a bot gets as an update.
 */
export function pinChatMessage(call: Call): true {
  const { params, world } = call;
  const place = target(call);
  const id = params.integer("message_id") ?? 0;
  checkReach(place);
  const message = place.find(id);
  if (message === undefined) throw badRequest("message to pin not found");
  checkPins(place);
  if (kindOf(message) === "service") throw badRequest("message can't be pinned");
  if (place.pinned?.includes(id) === true) return true;
  place.pinned = [...(place.pinned ?? []), id].toSorted((a, b) => a - b);
  world.touch(place);
  world.announce(place, world.post(place, sender(call, place), { pinned_message: bare(message) }));
  return true;
}

/** Without `message_id` the most recent pin goes: the newest message of those pinned. */
export function unpinChatMessage(call: Call): true {
  const place = target(call);
  checkPins(place);
  const pinned = place.pinned ?? [];
  const id = call.params.integer("message_id") ?? pinned.at(-1);
  if (id === undefined || !pinned.includes(id)) throw badRequest("message to unpin not found");
  place.pinned = pinned.filter((other) => other !== id);
  call.world.touch(place);
  return true;
}

export function unpinAllChatMessages(call: Call): true {
  const place = target(call);
  checkPins(place);
  place.pinned = null;
  call.world.touch(place);
  return true;
}

/** A message as `pinned_message` holds it: without the one that it replies to. */
function bare(message: Message): Message {
  const { reply_to_message: _, ...rest } = message;
  return rest;
}
