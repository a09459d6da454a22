import type { Message } from "@grammyjs/types";
import { withoutCustomEmoji } from "../emoji.ts";
import { characters, formatted } from "../entities.ts";
import { readMarkup, type Markup } from "../markup.ts";
import { isRecord, type Params } from "../params.ts";
import { GroupPlace, type Place, type Topic } from "../places.ts";
import { badRequest } from "../refusal.ts";
import { inTopic } from "../topics.ts";
import type { MessageBody } from "../world.ts";
import { admit, type Call, sender, target } from "./call.ts";

/** Bot API, "sendMessage". */
const MAX_TEXT = 4096;
/** Bot API, "sendPhoto". */
const MAX_CAPTION = 1024;

export function sendMessage(call: Call): Message {
  return send(call, textBody(call));
}

/** Text, entities and link preview of sendMessage and editMessageText. Throws for an empty or too long text. */
export function textBody(call: Call): MessageBody {
  const { params, world } = call;
  const { text, entities } = formatted(params, params.text("text") ?? "", "entities");
  if (text.trim() === "") throw badRequest("message text is empty");
  if (text.length > MAX_TEXT && characters(text) > MAX_TEXT) throw badRequest("message is too long");
  const preview = params.json("link_preview_options");
  return {
    text: world.intern(text),
    ...(entities && { entities: world.intern(entities) }),
    // The fields are only handed back, so nothing here depends on their shape.
    ...(isRecord(preview) && { link_preview_options: preview }),
  };
}

/** Caption, its entities and its place. Throws "message caption is too long". */
export function captionBody(call: Call, params: Params = call.params): MessageBody {
  const given = params.text("caption");
  if (given === undefined || given === "") return {};
  const { text, entities } = formatted(params, given, "caption_entities");
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

/** What becomes of a message that the bot itself makes: without custom emoji, unless it may use them. */
export function allowed(call: Call, body: MessageBody): MessageBody {
  return call.world.customEmoji ? body : withoutCustomEmoji(body);
}

/** A reply keyboard is no part of the message: it stays under the input field until it is replaced. */
export function applyReplyKeyboard({ world }: Call, place: Place, markup: Markup): void {
  if (markup.type !== "reply" && markup.type !== "remove") return;
  place.keyboard = markup.type === "reply" ? markup.keyboard : null;
  world.touch(place);
}

/** What `batchOptions` says, and the effect. Throws besides when the chat or Telegram does not have this effect. */
export function sendOptions(call: Call, place: Place): MessageBody {
  const effect = call.params.text("message_effect_id") ?? "";
  if (effect === "" || effect === "0") return batchOptions(call, place);
  if (!place.isPrivate) throw badRequest("can't use message effects in the chat");
  if (!call.world.effects.has(effect)) throw badRequest("EFFECT_ID_INVALID");
  return { ...batchOptions(call, place), effect_id: effect };
}

/**
 * The topic of a message, what it is replying to, whether it is protected. Throws when there is no such topic, or when
 * the reply has no target.
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
    // Telegram goes one level deep: the quoted message has no quoted message of its own.
    const { reply_to_message: _, ...message } = found;
    return message as NonNullable<Message["reply_to_message"]>;
  }
  const lenient = isRecord(given) && given["allow_sending_without_reply"] === true;
  if (lenient || params.flag("allow_sending_without_reply")) return undefined;
  throw badRequest("message to be replied not found");
}
