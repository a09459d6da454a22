import { isRecord } from "../wire/params.ts";
import { badRequest } from "../wire/refusal.ts";
import { type Call, checkReach, target } from "./call.ts";

/** Some of the emoji that Telegram allows as reactions (Bot API, "ReactionTypeEmoji"). */
const ALLOWED = new Set([
  "👍",
  "👎",
  "❤",
  "🔥",
  "🎉",
  "🤔",
  "😁",
  "😢",
  "👏",
  "🙏",
  "👌",
  "👀",
  "💯",
  "🤝",
  "✍",
  "🫡",
]);

/** The bot's reaction to a message: one emoji, or none. Custom emoji and paid reactions are not for bots here. */
export function setMessageReaction(call: Call): true {
  const { params, world } = call;
  const place = target(call);
  checkReach(place);
  const id = params.integer("message_id") ?? 0;
  if (place.find(id) === undefined) throw badRequest("message to react not found");
  const given = params.list("reaction") ?? [];
  if (given.length > 1) throw badRequest("REACTIONS_TOO_MANY");
  const [reaction] = given;
  const emoji = isRecord(reaction) && reaction["type"] === "emoji" ? String(reaction["emoji"]) : undefined;
  if (reaction !== undefined && (emoji === undefined || !ALLOWED.has(emoji)))
    throw badRequest("REACTION_INVALID");
  place.reactions ??= new Map();
  if (emoji === undefined) place.reactions.delete(id);
  else place.reactions.set(id, emoji);
  world.touch(place);
  return true;
}
