import type { Message } from "@grammyjs/types";
import { kindOf } from "../content/kinds.ts";
import { GroupPlace, type Place } from "../world/places.ts";
import { badRequest } from "../wire/refusal.ts";
import { type Call, checkReach, sender, target } from "./call.ts";

/**
 * Throws unless the bot may pin here: always in a private chat, in a channel with the right to edit, in a group with
 * the right to pin.
 */
function checkPins(place: Place): void {
  checkReach(place);
  if (!(place instanceof GroupPlace)) return;
  const right = place.chat.type === "channel" ? "can_edit_messages" : "can_pin_messages";
  if (!place.grants(right)) throw badRequest("not enough rights to manage pinned messages in the chat");
}

/**
 * Pins a message. A service message announces it, even with `disable_notification`, and is sent to the bot itself as
 * well: besides those about members and titles, it is the only kind of its own messages that a bot gets as an update.
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

/** Without `message_id`, unpins the newest of the pinned messages. */
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

/** A message as `pinned_message` holds it: without the message that it replies to. */
function bare(message: Message): Message {
  const { reply_to_message: _, ...rest } = message;
  return rest;
}
