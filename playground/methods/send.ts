import type { Message, MessageEntity } from "@grammyjs/types";
import type { MessageBody } from "../content/message-body.ts";
import { isEmpty } from "../../src/content/formatting/clean.ts";
import { withoutCustomEmoji } from "../content/custom-emoji.ts";
import { characters, type Formatted, formatted } from "../text/entities.ts";
import { readMarkup, type Markup } from "./reply-markup.ts";
import { isRecord, type Params } from "../wire/params.ts";
import { GroupPlace, PersonPlace, type Place, type Topic } from "../world/places.ts";
import { badRequest } from "../wire/refusal.ts";
import { inTopic } from "../world/topics.ts";
import type { World } from "../world/world.ts";
import { admit, type Call, sender, target } from "./call.ts";

/** Bot API, "sendMessage". */
const MAX_TEXT = 4096;
/** Bot API, "sendPhoto". */
const MAX_CAPTION = 1024;

export function sendMessage(call: Call): Message {
  return send(call, textBody(call));
}

/** Text, entities and link preview of sendMessage and editMessageText. Throws if the text is empty or too long. */
export function textBody(call: Call): MessageBody {
  const { params, world } = call;
  const { text, entities } = withUsers(world, formatted(params, params.text("text") ?? "", "entities"));
  if (isEmpty(text)) throw badRequest("message text is empty");
  if (text.length > MAX_TEXT && characters(text) > MAX_TEXT) throw badRequest("message is too long");
  const preview = params.json("link_preview_options");
  return {
    text: world.intern(text),
    ...(entities && { entities: world.intern(entities) }),
    // The fields are returned as they came; nothing here depends on their shape.
    ...(isRecord(preview) && { link_preview_options: preview }),
  };
}

/** Fills in the users of mentions; mentions of unknown users are dropped. */
function withUsers(world: World, { text, entities }: Formatted): Formatted {
  const known = (entities ?? []).flatMap((entity): MessageEntity[] => {
    if (entity.type !== "text_mention") return [entity];
    const place = world.find(entity.user.id);
    return place instanceof PersonPlace ? [{ ...entity, user: place.user }] : [];
  });
  return known.length > 0 ? { text, entities: known } : { text };
}

/** Caption, its entities and its position. Throws "message caption is too long". */
export function captionBody(call: Call, params: Params = call.params): MessageBody {
  const given = params.text("caption");
  if (given === undefined || given === "") return {};
  const { text, entities } = withUsers(call.world, formatted(params, given, "caption_entities"));
  if (text.length > MAX_CAPTION && characters(text) > MAX_CAPTION) {
    throw badRequest("message caption is too long");
  }
  if (text === "") return {};
  return {
    caption: call.world.intern(text),
    ...(entities && { caption_entities: call.world.intern(entities) }),
    ...(params.flag("show_caption_above_media") && { show_caption_above_media: true }),
  };
}

/** Sends one message with this content and the options that all send methods share. */
export function send(call: Call, body: MessageBody): Message {
  const place = target(call);
  const markup = readMarkup(call.params, place);
  const keyboard = markup.type === "inline" ? { reply_markup: call.world.intern(markup.keyboard) } : {};
  const whole = allowed(call, { ...body, ...sendOptions(call, place), ...keyboard });
  admit(call, place, [whole]);
  applyReplyKeyboard(call, place, markup);
  return call.world.post(place, sender(call, place), whole);
}

/** What the bot may send of a message: without custom emoji, unless it may use them. */
export function allowed(call: Call, body: MessageBody): MessageBody {
  return call.world.customEmoji ? body : withoutCustomEmoji(body);
}

/** A reply keyboard is not part of the message: it stays under the input field until it is replaced. */
export function applyReplyKeyboard({ world }: Call, place: Place, markup: Markup): void {
  if (markup.type !== "reply" && markup.type !== "remove") return;
  place.keyboard = markup.type === "reply" ? markup.keyboard : null;
  world.touch(place);
}

/**
 * The options of a send: those of `batchOptions`, and the effect. Also throws if Telegram does not know the effect,
 * or does not allow effects in this chat.
 */
export function sendOptions(call: Call, place: Place): MessageBody {
  const effect = call.params.text("message_effect_id") ?? "";
  if (effect === "" || effect === "0") return batchOptions(call, place);
  if (!place.isPrivate) throw badRequest("can't use message effects in the chat");
  if (!call.world.effects.has(effect)) throw badRequest("EFFECT_ID_INVALID");
  return { ...batchOptions(call, place), effect_id: effect };
}

/**
 * Topic, replied-to message and content protection. Throws if there is no such topic, or if the replied-to message is
 * missing.
 */
export function batchOptions(call: Call, place: Place): MessageBody {
  const { params } = call;
  const topic = topicOf(params, place);
  const reply = repliedTo(params, place);
  return {
    ...inTopic(place, topic),
    ...(params.flag("protect_content") && { has_protected_content: true }),
    ...(reply && { reply_to_message: reply }),
  };
}

function topicOf(params: Params, place: Place): Topic | undefined {
  const thread = params.integer("message_thread_id") ?? 0;
  if (thread <= 0) return undefined;
  const topic = place instanceof GroupPlace ? place.topics.get(thread) : undefined;
  if (topic === undefined) throw badRequest("message thread not found");
  return topic;
}

function repliedTo(params: Params, place: Place): NonNullable<Message["reply_to_message"]> | undefined {
  const given = params.json("reply_parameters");
  const id = isRecord(given) ? Number(given["message_id"]) : params.integer("reply_to_message_id");
  if (id === undefined) return undefined;
  const found = place.find(id);
  if (found !== undefined) {
    // Telegram goes one level deep: the replied-to message does not contain its own replied-to message.
    const { reply_to_message: _, ...message } = found;
    return message as NonNullable<Message["reply_to_message"]>;
  }
  const lenient = isRecord(given) && given["allow_sending_without_reply"] === true;
  if (lenient || params.flag("allow_sending_without_reply")) return undefined;
  throw badRequest("message to be replied not found");
}
