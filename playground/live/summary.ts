import type { Message } from "@grammyjs/types";
import { kindOf } from "../content/kinds.ts";
import { GroupPlace, PersonPlace, type Place } from "../world/places.ts";
import { masked } from "../shared/spoilers.ts";
import type { World } from "../world/world.ts";
import { peopleWithCommands } from "./commands.ts";
import type { ChatSummary } from "../shared/protocol.ts";

/** A line in the list of chats does not show more. */
const LONGEST_TEXT = 160;

/** A chat as the list of chats shows it. */
export function summaryOf(world: World, place: Place): ChatSummary {
  const { id, type, title, first_name, last_name, username } = place.chat;
  const last = place.messages?.at(-1);
  return {
    id,
    type,
    title: title ?? [first_name, last_name].filter(Boolean).join(" "),
    ...(username !== undefined && { username }),
    ...(place instanceof PersonPlace && standingOf(world, place)),
    open: place instanceof PersonPlace ? place.started : place instanceof GroupPlace && place.hasBot,
    ...(place instanceof GroupPlace && { botStatus: place.bot.status }),
    ...(last && {
      last: { id: last.message_id, ...preview(last), date: last.date, byBot: world.isBots(last) },
    }),
  };
}

function standingOf(
  world: World,
  place: PersonPlace,
): Pick<ChatSummary, "admin" | "blocked" | "deactivated" | "languageCode"> {
  const { user, blocked, deactivated } = place;
  return {
    ...(peopleWithCommands(world).has(place) && { admin: true }),
    ...(user.language_code !== undefined && { languageCode: user.language_code }),
    ...(blocked && { blocked }),
    ...(deactivated && { deactivated }),
  };
}

/** A message's kind and its first words. */
function preview(message: Message): Pick<NonNullable<ChatSummary["last"]>, "kind" | "text"> {
  const words = message.text ?? message.caption ?? message.poll?.question;
  const text = words && masked(words, message.entities ?? message.caption_entities);
  // Do not cut between the halves of a surrogate pair.
  const short = text?.slice(0, LONGEST_TEXT).replace(/[\uD800-\uDBFF]$/, "");
  const kind = message.pinned_message === undefined ? kindOf(message) : "pinned_message";
  return { kind, ...(short !== undefined && { text: short }) };
}
