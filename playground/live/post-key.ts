import { hash } from "node:crypto";
import type { Message } from "@grammyjs/types";
import { kindOf } from "../content/kinds.ts";
import { MEDIA_KINDS } from "../content/files.ts";
import { labels } from "../content/transcript.ts";

/** Equal for two messages that are the same post: same kind, words, formatting, files and button labels. */
export function postKey(message: Message): string {
  const { text, entities, caption, caption_entities } = message;
  const parts = [
    kindOf(message),
    text ?? caption,
    entities ?? caption_entities,
    MEDIA_KINDS.map((kind) => filesOf(message[kind])),
    contentOf(message),
    labels(message),
  ];
  // 96 bits: among a million posts, the chance of a collision is 1 in 10^17.
  return hash("sha1", JSON.stringify(parts), "base64url").slice(0, 16);
}

/** A photo is a list of sizes; the last is the largest. */
function filesOf(media: Message[(typeof MEDIA_KINDS)[number]]): string | undefined {
  return Array.isArray(media) ? media.at(-1)?.file_unique_id : media?.file_unique_id;
}

/**
 * The content of kinds without text and file. A poll gets a new id and a die another value each time, so those are
 * left out.
 */
function contentOf(message: Message): unknown {
  const { poll, dice, rich_message, venue, location, contact, checklist } = message;
  if (poll !== undefined) return [poll.question, poll.options.map((option) => option.text)];
  return dice?.emoji ?? rich_message ?? venue ?? location ?? contact ?? checklist;
}
