import { hash } from "node:crypto";
import type { Message } from "@grammyjs/types";
import { MEDIA_KINDS } from "../files.ts";
import { kindOf, labels } from "../screen.ts";

/** Two messages are the same post when this is equal: kind, words, formatting, files and the labels of the buttons. */
export function postKey(message: Message): string {
  const { text, entities, caption, caption_entities } = message;
  const said = [
    kindOf(message),
    text ?? caption,
    entities ?? caption_entities,
    MEDIA_KINDS.map((kind) => filesOf(message[kind])),
    contentOf(message),
    labels(message),
  ];
  // 96 bits: among a million posts two different ones are taken for the same once in 10^17 times.
  return hash("sha1", JSON.stringify(said), "base64url").slice(0, 16);
}

/** A photo is a list of its sizes, of which the last is the largest. */
function filesOf(media: Message[(typeof MEDIA_KINDS)[number]]): string | undefined {
  return Array.isArray(media) ? media.at(-1)?.file_unique_id : media?.file_unique_id;
}

/** What the kinds without text and file hold. A poll has a new id, a die another value each time. */
function contentOf(message: Message): unknown {
  const { poll, dice, rich_message, venue, location, contact, checklist } = message;
  if (poll !== undefined) return [poll.question, poll.options.map((option) => option.text)];
  return dice?.emoji ?? rich_message ?? venue ?? location ?? contact ?? checklist;
}
