import type { User } from "@grammyjs/types";
import type { Bot } from "../bot.ts";
import { tooManyRequests } from "../errors.ts";
import type { Params } from "../params.ts";
import { GroupPlace, PersonPlace, type Place } from "../places.ts";
import { badRequest, forbidden, Refusal } from "../refusal.ts";
import type { World } from "../world.ts";

/** One call to the Bot API, as a method sees it. */
export interface Call {
  readonly world: World;
  readonly bot: Bot;
  readonly params: Params;
  /** Monotonic ms. */
  readonly now: number;
  /** Aborted when the client goes away. */
  readonly signal: AbortSignal;
  /** Set by `admit`: how many messages the call counts for against the limits. */
  weight: number;
}

/** A Bot API method: returns the `result`, or throws a Refusal. */
export type Method = (call: Call) => unknown;

/** The chat that the call is about. Throws "chat not found". */
export function target(call: Call, name = "chat_id"): Place {
  const given = call.params.text(name);
  if (given === undefined || given === "") throw badRequest("chat_id is empty");
  const place = call.world.find(call.params.integer(name) ?? given);
  if (place !== undefined) return place;
  if (call.world.botById(Number(given)) !== undefined)
    throw forbidden("the bot can't send messages to the bot");
  throw badRequest("chat not found");
}

/** What a group is called in Telegram's refusals: "group chat", "supergroup chat", "channel chat". */
function called(place: GroupPlace): string {
  return `${place.chat.type} chat`;
}

/** Throws what Telegram says when the bot may not write to this chat. */
export function checkReach(place: Place): void {
  if (place instanceof PersonPlace) {
    if (place.deactivated) throw forbidden("user is deactivated");
    if (place.blocked) throw forbidden("bot was blocked by the user");
    if (!place.started) throw forbidden("bot can't initiate conversation with a user");
    return;
  }
  if (!(place instanceof GroupPlace)) return;
  if (place.migratedTo !== undefined) {
    throw new Refusal({
      error_code: 400,
      description: "Bad Request: group chat was upgraded to a supergroup chat",
      parameters: { migrate_to_chat_id: place.migratedTo },
    });
  }
  if (place.botStatus === "kicked") throw forbidden(`bot was kicked from the ${called(place)}`);
  if (place.botStatus === "left") throw forbidden(`bot is not a member of the ${called(place)}`);
  if (place.chat.type === "channel" && place.botStatus !== "administrator") {
    throw badRequest("need administrator rights in the channel chat");
  }
}

/**
 * Lets `weight` messages through to a chat, or throws: 403 when the chat is out of reach, 429 when the limits do not
 * allow it. To be called after the content was checked, as TDLib checks before it asks Telegram's servers.
 */
export function admit(call: Call, place: Place, weight: number): void {
  checkReach(place);
  const { world, bot, params, now } = call;
  const retryAfter = world.limiter.take(bot.id, place, weight, params.flag("allow_paid_broadcast"), now);
  if (retryAfter > 0) {
    world.records.tooMany += 1;
    throw new Refusal(tooManyRequests(retryAfter));
  }
  call.weight = weight;
}

/** The `from` of a bot's message: channel posts have none. */
export function sender(call: Call, place: Place): User | undefined {
  return place.chat.type === "channel" ? undefined : call.bot.user;
}
