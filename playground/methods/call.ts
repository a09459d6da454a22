import type { User } from "@grammyjs/types";
import type { MessageBody } from "../content/message-body.ts";
import type { Bot } from "../world/bot.ts";
import { migratedTo, tooManyRequests } from "../wire/telegram-errors.ts";
import type { Params } from "../wire/params.ts";
import { GroupPlace, PersonPlace, type Place } from "../world/places.ts";
import { badRequest, forbidden, Refusal } from "../wire/refusal.ts";
import { EVERYTHING, unsendable } from "../world/rights.ts";
import type { World } from "../world/world.ts";

/** One call to the Bot API, as a method gets it. */
export interface Call {
  readonly world: World;
  readonly bot: Bot;
  readonly params: Params;
  /** Monotonic ms. */
  readonly now: number;
  /** Aborted when the client disconnects. */
  readonly signal: AbortSignal;
  /** Set by `count`: how many messages the call counts as for the limits. */
  weight: number;
}

/** A Bot API method: returns the `result`, or throws a Refusal. */
export type Method = (call: Call) => unknown;

/** The chat that the call names. Throws "chat not found". */
export function target(call: Call, name = "chat_id"): Place {
  const given = call.params.text(name);
  if (given === undefined || given === "") throw badRequest("chat_id is empty");
  const place = call.world.find(call.params.integer(name) ?? given);
  if (place !== undefined) return place;
  if (call.world.botById(Number(given)) !== undefined)
    throw forbidden("the bot can't send messages to the bot");
  throw badRequest("chat not found");
}

/** A group's name in Telegram's errors: "group chat", "supergroup chat", "channel chat". */
function called(place: GroupPlace): string {
  return `${place.chat.type} chat`;
}

/** Throws Telegram's error if the bot cannot reach this chat: 403, or 400 for a group that became a supergroup. */
export function checkReach(place: Place): void {
  if (place instanceof PersonPlace) {
    if (place.deactivated) throw forbidden("user is deactivated");
    if (place.blocked) throw forbidden("bot was blocked by the user");
    if (!place.started) throw forbidden("bot can't initiate conversation with a user");
    return;
  }
  if (!(place instanceof GroupPlace)) return;
  if (place.migratedTo !== undefined) throw new Refusal(migratedTo(place.migratedTo));
  if (place.bot.status === "kicked") throw forbidden(`bot was kicked from the ${called(place)}`);
  if (place.bot.status === "left") throw forbidden(`bot is not a member of the ${called(place)}`);
}

/** Throws Telegram's error if the bot may not write to this chat at all. */
export function checkWrite(place: Place): void {
  checkReach(place);
  if (place.chat.type === "channel" && place instanceof GroupPlace && !place.grants("can_post_messages"))
    throw badRequest("need administrator rights in the channel chat");
}

/** Throws if the bot as a member, or members in general, may not send this kind of content to the group. */
function checkContent(place: Place, body: MessageBody): void {
  if (!(place instanceof GroupPlace) || place.bot.status === "administrator") return;
  const botPermissions = place.bot.status === "restricted" ? place.bot.permissions : EVERYTHING;
  const words = unsendable(body, botPermissions) ?? unsendable(body, place.permissions);
  if (words !== undefined) throw badRequest(`not enough rights to send ${words} to the chat`);
}

/** Throws the server's error for a closed topic, unless the bot may manage topics. */
function checkTopic(place: Place, body: MessageBody): void {
  if (!(place instanceof GroupPlace) || place.grants("can_manage_topics")) return;
  if (place.topics.get(body.message_thread_id ?? 0)?.closed === true) throw badRequest("TOPIC_CLOSED");
}

/** Slow mode lets a member send one message (or album) per period. Administrators are exempt. */
function checkSlowMode(place: Place, now: number): void {
  if (!(place instanceof GroupPlace) || place.bot.status === "administrator") return;
  const wait = place.slowUntil - now;
  if (place.slowMode > 0 && wait > 0) throw new Refusal(tooManyRequests(Math.ceil(wait / 1000)));
}

/**
 * Admits messages with this content to a chat, or throws: 403 if the chat is out of reach, 400 if the bot may not
 * send this there, 429 for slow mode and flood limits. Call it after the content is checked, because TDLib checks
 * before it asks Telegram's servers. Pass `paid` as false where `allow_paid_broadcast` is not a parameter of the
 * method.
 */
export function admit(
  call: Call,
  place: Place,
  bodies: readonly MessageBody[],
  paid = call.params.flag("allow_paid_broadcast"),
): void {
  checkWrite(place);
  for (const body of bodies) {
    checkContent(place, body);
    checkTopic(place, body);
  }
  checkSlowMode(place, call.now);
  count(call, place, bodies.length, paid);
  if (place instanceof GroupPlace) place.slowUntil = call.now + place.slowMode * 1000;
}

/** Counts messages or edits against the flood limits. Throws a 429 if they do not fit. */
export function count(call: Call, place: Place, weight: number, paid = false): void {
  const { world, bot, now } = call;
  const retryAfter = world.limiter.take(bot.id, place, weight, paid, now);
  if (retryAfter > 0) {
    world.records.tooMany += 1;
    throw new Refusal(tooManyRequests(retryAfter));
  }
  call.weight = weight;
}

/** The `from` of the bot's message: channel posts have none. */
export function sender(call: Call, place: Place): User | undefined {
  return place.chat.type === "channel" ? undefined : call.bot.user;
}
