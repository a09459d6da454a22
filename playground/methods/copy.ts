import type { InlineKeyboardMarkup, Message, MessageId, MessageOrigin, Poll } from "@grammyjs/types";
import { readMarkup } from "../markup.ts";
import type { Place } from "../places.ts";
import { badRequest } from "../refusal.ts";
import type { MessageBody } from "../world.ts";
import { admit, type Call, sender, target } from "./call.ts";
import { allowed, applyReplyKeyboard, batchOptions, captionBody, sendOptions } from "./send.ts";

/** What a message says, of the kinds that can be copied (Bot API, "copyMessage"). */
const COPYABLE = [
  "text",
  "rich_message",
  "photo",
  "live_photo",
  "video",
  "animation",
  "document",
  "audio",
  "voice",
  "video_note",
  "sticker",
  "poll",
  "location",
  "venue",
  "contact",
  "dice",
  "checklist",
] as const;
/** What can be forwarded, though not copied; a message with nothing of all this is a service message. */
const ONLY_FORWARDED = ["paid_media", "giveaway", "giveaway_winners", "invoice", "game", "story"] as const;
const DRESS = [
  "entities",
  "caption",
  "caption_entities",
  "has_media_spoiler",
  "show_caption_above_media",
  "link_preview_options",
] as const;

/** The content of a message without the buttons, the sender and the album. Undefined when it is of no such kind. */
function contentOf(message: Message, kinds: readonly (keyof Message)[]): MessageBody | undefined {
  if (message.has_protected_content === true || !kinds.some((field) => message[field] !== undefined))
    return undefined;
  const body: Partial<Record<string, unknown>> = {};
  for (const field of [...kinds, ...DRESS]) if (message[field] !== undefined) body[field] = message[field];
  return body;
}

/** What a message becomes when a bot copies it. Undefined: it cannot be copied. */
function copied(call: Call, message: Message): MessageBody | undefined {
  // Bot API, "copyMessage": a quiz can be copied only if the bot knows the right answer.
  if (message.poll?.type === "quiz" && message.poll.correct_option_ids === undefined) return undefined;
  const body = contentOf(message, COPYABLE);
  return body && allowed(call, body.poll ? { ...body, poll: anew(call, body.poll) } : body);
}

/** A copy is a poll of its own, without the votes. */
function anew(call: Call, poll: Poll): Poll {
  return {
    ...poll,
    id: String(5_000_000_000_000_000 + call.world.nextId()),
    total_voter_count: 0,
    options: poll.options.map((option) => ({ ...option, voter_count: 0 })),
  };
}

export function copyMessage(call: Call): MessageId {
  const { params, world } = call;
  const [place, source] = [target(call), target(call, "from_chat_id")];
  const original = source.find(params.integer("message_id") ?? 0);
  if (original === undefined) throw badRequest("message to copy not found");
  const body = copied(call, original);
  if (body === undefined) throw badRequest("the message can't be copied");
  const markup = readMarkup(params, place);
  const options = sendOptions(call, place);
  const copy = allowed(call, {
    ...(params.has("caption") && body.text === undefined ? recaptioned(call, body) : body),
    ...options,
    ...(markup.type === "inline" && { reply_markup: world.intern(markup.keyboard) }),
  });
  admit(call, place, [copy]);
  applyReplyKeyboard(call, place, markup);
  return postId(call, place, copy);
}

/** The body with the call's caption instead of its own. An empty caption takes it away. */
function recaptioned(call: Call, body: MessageBody): MessageBody {
  const { caption: _, caption_entities: __, show_caption_above_media: ___, ...rest } = body;
  return { ...rest, ...captionBody(call) };
}

/** Copies several; what cannot be copied is silently left out, as at Telegram. */
export function copyMessages(call: Call): MessageId[] {
  const bare = call.params.flag("remove_caption");
  return several(call, (message) => {
    const body = copied(call, message);
    if (body === undefined) return undefined;
    const { caption, caption_entities: entities, ...rest } = body;
    const kept = bare
      ? rest
      : {
          ...rest,
          ...(caption !== undefined && { caption }),
          ...(entities && { caption_entities: entities }),
        };
    return album(message, kept);
  });
}

export function forwardMessages(call: Call): MessageId[] {
  return several(call, (message) => {
    const body = forwarded(message);
    return body && album(message, body);
  });
}

export function forwardMessage(call: Call): Message {
  const [place, source] = [target(call), target(call, "from_chat_id")];
  const original = source.find(call.params.integer("message_id") ?? 0);
  if (original === undefined) throw badRequest("message to forward not found");
  const body = forwarded(original);
  if (body === undefined) throw badRequest("the message can't be forwarded");
  const forward = { ...body, ...sendOptions(call, place) };
  admit(call, place, [forward], false);
  return call.world.post(place, sender(call, place), forward);
}

function album(message: Message, body: MessageBody): MessageBody {
  // The parts of an album stay together under a new id; the same source gives the same new one.
  return message.media_group_id === undefined
    ? body
    : { ...body, media_group_id: `${message.media_group_id}1` };
}

/** What a message becomes when it is forwarded, by a bot or a person. Undefined: it cannot be forwarded. */
export function forwarded(message: Message): MessageBody | undefined {
  const body = contentOf(message, [...COPYABLE, ...ONLY_FORWARDED]);
  const keyboard = message.reply_markup;
  return (
    body && {
      ...body,
      ...(keyboard && isForwarded(keyboard) && { reply_markup: keyboard }),
      forward_origin: message.forward_origin ?? originOf(message),
    }
  );
}

/** A keyboard stays only if each of its buttons works without the bot (TDLib, `InlineKeyboardButton::clone`). */
function isForwarded({ inline_keyboard: rows }: InlineKeyboardMarkup): boolean {
  return rows.flat().every((button) => "url" in button || "login_url" in button || "copy_text" in button);
}

function originOf(message: Message): MessageOrigin {
  const { date, chat, from } = message;
  if (chat.type === "channel" || from === undefined) {
    return {
      type: "channel",
      chat: chat as Extract<MessageOrigin, { type: "channel" }>["chat"],
      message_id: message.message_id,
      date,
    };
  }
  return { type: "user", sender_user: from, date };
}

/** Neither method takes effects or `allow_paid_broadcast`. What cannot be made is left out, as at Telegram. */
function several(call: Call, make: (message: Message) => MessageBody | undefined): MessageId[] {
  const [place, source] = [target(call), target(call, "from_chat_id")];
  const ids = (call.params.list("message_ids") ?? []).map(Number);
  checkIds(ids);
  const made = ids
    .map((id) => source.find(id))
    .map((message) => message && make(message))
    .filter((body) => body !== undefined);
  if (made.length === 0) throw badRequest("there are no messages to forward");
  const options = batchOptions(call, place);
  const bodies = made.map((body) => ({ ...body, ...options }));
  admit(call, place, bodies, false);
  return bodies.map((body) => postId(call, place, body));
}

function postId(call: Call, place: Place, body: MessageBody): MessageId {
  return { message_id: call.world.post(place, sender(call, place), body).message_id };
}

/** Bot API, "copyMessages": 1–100 identifiers in strictly increasing order. */
function checkIds(ids: number[]): void {
  if (ids.length === 0) throw badRequest("message identifiers are not specified");
  if (ids.length > 100) throw badRequest("too many message identifiers specified");
  if (ids.some((id, index) => !(id > (ids[index - 1] ?? 0)))) {
    throw badRequest("message identifiers must be in a strictly increasing order");
  }
}
