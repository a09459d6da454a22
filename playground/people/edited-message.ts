import type { Message, Update } from "@grammyjs/types";
import { MEDIA_KINDS, type MediaKind } from "../content/files.ts";
import { type Post, type PostFields, postBody } from "./post.ts";
import { seconds, type World } from "../world/world.ts";

/** How long people can edit a message (Telegram's client config, `edit_time_limit`). */
const EDITABLE_SECONDS = 48 * 3600;

/** In an album, a file can only be replaced by one of the same family. */
const FAMILIES: readonly (readonly MediaKind[])[] = [
  ["photo", "video", "live_photo"],
  ["document"],
  ["audio"],
];

/** Fields that an edit does not touch. */
const KEPT = [
  "message_id",
  "from",
  "sender_chat",
  "chat",
  "date",
  "media_group_id",
  "message_thread_id",
  "is_topic_message",
  "reply_to_message",
  "effect_id",
] as const;

/**
 * The message after its author's edit. A string is the new text or caption; an object is the message's whole new
 * content. Throws an error for edits that Telegram's apps do not offer.
 */
export function editedMessage(world: World, message: Message, post: Post): Message & Update.Edited {
  checkEditable(message);
  const edited = typeof post === "string" ? reworded(world, message, post) : remade(world, message, post);
  checkMedia(message, edited);
  return { ...edited, edit_date: seconds() };
}

/** Replaces text or caption, without formatting; an empty caption removes it. */
function reworded(world: World, message: Message, words: string): Message {
  const { text, entities: _, caption: __, caption_entities: ___, ...rest } = message;
  if (text !== undefined) return { ...rest, ...postBody(world, { text: words }) };
  return words === "" ? rest : { ...rest, caption: words };
}

function remade(world: World, message: Message, post: PostFields): Message {
  const kept = Object.fromEntries(KEPT.flatMap((key) => (key in message ? [[key, message[key]]] : [])));
  return { ...(kept as Pick<Message, "message_id" | "chat" | "date">), ...postBody(world, post) };
}

function checkEditable(message: Message): void {
  if (message.forward_origin !== undefined) throw new Error("A forwarded message cannot be edited.");
  if (message.date + EDITABLE_SECONDS < seconds()) throw new Error("This message is too old to be edited.");
  const kind = mediaKindOf(message);
  const isEditable =
    message.text !== undefined ||
    message.rich_message !== undefined ||
    message.checklist !== undefined ||
    // A live location moves with its owner.
    message.location?.live_period !== undefined ||
    (kind !== undefined && kind !== "video_note" && kind !== "sticker");
  if (!isEditable) throw new Error("This message cannot be edited.");
}

function checkMedia(before: Message, after: Message): void {
  const [old, now] = [mediaKindOf(before), mediaKindOf(after)];
  if (old !== undefined && now === undefined)
    throw new Error("The file of a message can be replaced, but not removed.");
  if (old === "voice" && now !== "voice") throw new Error("A voice message cannot be replaced.");
  const family = FAMILIES.find((kinds) => kinds.some((kind) => kind === old));
  if (before.media_group_id !== undefined && !family?.some((kind) => kind === now))
    throw new Error("In an album a file can only be replaced by one that goes with the others.");
}

/** Live photos also carry `photo`, and animations `document`, so these are checked first. */
function mediaKindOf(message: Message): MediaKind | undefined {
  const first: readonly MediaKind[] = ["live_photo", "animation"];
  return [...first, ...MEDIA_KINDS].find((kind) => message[kind] !== undefined);
}
