import type { Message, MessageId, Poll } from "@grammyjs/types";
import { copyable, forwarded } from "../content/forwarding.ts";
import type { MessageBody } from "../content/message-body.ts";
import { readMarkup } from "./reply-markup.ts";
import type { Place } from "../world/places.ts";
import { badRequest } from "../wire/refusal.ts";
import { admit, type Call, sender, target } from "./call.ts";
import { allowed, applyReplyKeyboard, batchOptions, captionBody, sendOptions } from "./send.ts";

/** What a message becomes when a bot copies it; undefined if it cannot be copied. */
function copied(call: Call, message: Message): MessageBody | undefined {
  // Bot API, "copyMessage": a quiz can be copied only if the bot knows the correct answer.
  if (message.poll?.type === "quiz" && message.poll.correct_option_ids === undefined) return undefined;
  const body = copyable(message);
  return body && allowed(call, body.poll ? { ...body, poll: newPoll(call, body.poll) } : body);
}

/** A copy is a new poll, without the votes. */
function newPoll(call: Call, poll: Poll): Poll {
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

/** The body with the call's caption instead of its own. An empty caption removes it. */
function recaptioned(call: Call, body: MessageBody): MessageBody {
  const { caption: _, caption_entities: __, show_caption_above_media: ___, ...rest } = body;
  return { ...rest, ...captionBody(call) };
}

/** Copies several messages; those that cannot be copied are skipped silently, as at Telegram. */
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
  // The parts of an album stay together under a new id, derived from the old one.
  return message.media_group_id === undefined
    ? body
    : { ...body, media_group_id: `${message.media_group_id}1` };
}

/**
 * copyMessages and forwardMessages: neither takes effects or `allow_paid_broadcast`. Messages that cannot be sent are
 * skipped, as at Telegram.
 */
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
