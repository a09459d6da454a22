import type { Message } from "@grammyjs/types";
import { GroupPlace, PersonPlace, type Place } from "../places.ts";
import { kindOf } from "../screen.ts";
import { masked } from "../shared/spoilers.ts";
import type { World } from "../world.ts";
import type { ChatSummary } from "./protocol.ts";

/** A line in the list of chats shows no more. */
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
    ...(place instanceof PersonPlace && standingOf(place)),
    open: place instanceof PersonPlace ? place.started : place instanceof GroupPlace && place.hasBot,
    ...(place instanceof GroupPlace && { botStatus: place.bot.status }),
    ...(last && {
      last: { id: last.message_id, text: preview(last), date: last.date, byBot: world.isBots(last) },
    }),
  };
}

function standingOf({
  user,
  blocked,
  deactivated,
}: PersonPlace): Pick<ChatSummary, "blocked" | "deactivated" | "languageCode"> {
  return {
    ...(user.language_code !== undefined && { languageCode: user.language_code }),
    ...(blocked && { blocked }),
    ...(deactivated && { deactivated }),
  };
}

/** The first words of a message, or what it is: "Photo", "Video note". */
function preview(message: Message): string {
  const words = message.text ?? message.caption ?? message.poll?.question;
  const text = words && masked(words, message.entities ?? message.caption_entities);
  // A cut between the halves of an emoji would leave half a character.
  if (text !== undefined) return text.slice(0, LONGEST_TEXT).replace(/[\uD800-\uDBFF]$/, "");
  if (message.pinned_message !== undefined) return "Pinned a message";
  const kind = kindOf(message).replace("_", " ");
  return kind === "service" ? "Service message" : kind.charAt(0).toUpperCase() + kind.slice(1);
}
