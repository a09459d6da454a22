import type { Message } from "@grammyjs/types";
import { MEDIA_KINDS } from "../content/files.ts";
import { readInlineMarkup } from "./reply-markup.ts";
import { isRecord, Params } from "../wire/params.ts";
import { GroupPlace, type Place } from "../world/places.ts";
import { badRequest } from "../wire/refusal.ts";
import { seconds } from "../world/world.ts";
import { type Call, checkReach, count, target } from "./call.ts";
import { mediaBody } from "./media.ts";
import { allowed, captionBody, textBody } from "./send.ts";

export function editMessageText(call: Call): Message {
  const [place, message] = edited(call);
  if (message.text === undefined) throw badRequest("there is no text in the message to edit");
  const { text: _, entities: __, link_preview_options: ___, ...rest } = message;
  return save(call, place, message, { ...rest, ...textBody(call) });
}

export function editMessageCaption(call: Call): Message {
  const [place, message] = edited(call);
  if (message.text !== undefined || message.poll !== undefined || message.sticker !== undefined) {
    throw badRequest("there is no caption in the message to edit");
  }
  const { caption: _, caption_entities: __, show_caption_above_media: ___, ...rest } = message;
  return save(call, place, message, { ...rest, ...captionBody(call) });
}

/** Replaces a message's file and its caption. */
export function editMessageMedia(call: Call): Message {
  const [place, message] = edited(call);
  const given = call.params.json("media");
  const kind = MEDIA_KINDS.find((known) => isRecord(given) && given["type"] === known);
  if (!isRecord(given) || kind === undefined) throw badRequest("can't parse InputMedia: type is unsupported");
  if (message.poll !== undefined || message.sticker !== undefined)
    throw badRequest("message can't be edited");
  const params = new Params(given, call.params.uploads);
  const { message_id, from, sender_chat, chat, date, media_group_id } = message;
  return save(call, place, message, {
    message_id,
    ...(from && { from }),
    ...(sender_chat && { sender_chat }),
    chat,
    date,
    ...(media_group_id !== undefined && { media_group_id }),
    ...mediaBody(call, kind, params, "media"),
    ...captionBody(call, params),
  });
}

export function editMessageReplyMarkup(call: Call): Message {
  const [place, message] = edited(call);
  return save(call, place, message, message);
}

function edited(call: Call): [place: Place, message: Message] {
  const [place, message] = found(call, "message to edit not found");
  if (!mayEdit(call, place, message)) throw badRequest("message can't be edited");
  return [place, message];
}

/** The message that the call names. Throws `missing` if there is none. */
export function found(call: Call, missing: string): [place: Place, message: Message] {
  const place = target(call);
  if (!place.isPrivate) checkReach(place);
  const message = place.find(call.params.integer("message_id") ?? 0);
  if (message === undefined) throw badRequest(missing);
  return [place, message];
}

/**
 * A bot may edit its own messages except forwards (in a channel only while it may post), and messages of others in a
 * channel with `can_edit_messages`.
 */
export function mayEdit(call: Call, place: Place, message: Message): boolean {
  if (message.forward_origin !== undefined) return false;
  if (place.chat.type !== "channel" || !(place instanceof GroupPlace))
    return message.from?.id === call.bot.id;
  const isOwnPost = place.grants("can_post_messages") && call.world.isBots(message);
  return isOwnPost || place.grants("can_edit_messages");
}

/** The message with the call's keyboard; without `reply_markup` it has none. */
export function rekeyed(call: Call, place: Place, before: Message): Message {
  const markup = readInlineMarkup(call.params, place);
  const { message_id, chat, date, reply_markup: _, edit_date: __, ...bare } = before;
  const keyboard = markup && { reply_markup: call.world.intern(markup) };
  return { message_id, chat, date, ...allowed(call, { ...bare, ...keyboard }) };
}

/** Saves an edit. Throws if it changes nothing. */
function save(call: Call, place: Place, before: Message, after: Message): Message {
  const next = rekeyed(call, place, after);
  if (editableContent(before) === editableContent(next)) {
    throw badRequest(
      "message is not modified: specified new message content and reply markup are exactly the same as a current content and reply markup of the message",
    );
  }
  checkReach(place);
  count(call, place, 1);
  const message = { ...next, edit_date: seconds() };
  call.world.replace(place, message);
  return message;
}

/** Everything that an edit can change, as one comparable string. */
function editableContent(message: Message): string {
  const { text, entities, caption, caption_entities, reply_markup } = message;
  const {
    show_caption_above_media: above,
    link_preview_options: preview,
    has_media_spoiler: spoiler,
  } = message;
  const media = MEDIA_KINDS.map((kind) => message[kind]);
  return JSON.stringify([
    text,
    entities,
    caption,
    caption_entities,
    above,
    preview,
    spoiler,
    reply_markup,
    media,
  ]);
}
