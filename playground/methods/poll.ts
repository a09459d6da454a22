import type { Message, MessageEntity, Poll, PollMedia, PollOption } from "@grammyjs/types";
import { isEmpty } from "../../src/content/formatting/clean.ts";
import { characters, formatted, type Formatted } from "../text/entities.ts";
import { MEDIA_KINDS } from "../content/files.ts";
import { checkLink } from "../../src/content/formatting/entity-links.ts";
import { isRecord, Params } from "../wire/params.ts";
import { badRequest } from "../wire/refusal.ts";
import { closePoll } from "../world/votes.ts";
import { type Call, checkReach, count, target } from "./call.ts";
import { found, mayEdit, rekeyed } from "./edit.ts";
import { readMedia } from "./media.ts";
import { readLocation, readVenue } from "./location.ts";
import { send } from "./send.ts";

/** Allowed media of a question or an explanation, and of an option (Bot API, "InputPollMedia"). */
const BESIDE_QUESTION = [
  "animation",
  "audio",
  "document",
  "live_photo",
  "location",
  "photo",
  "venue",
  "video",
];
const BESIDE_OPTION = ["animation", "link", "live_photo", "location", "photo", "sticker", "venue", "video"];

/** How long a poll can be open, in seconds (Bot API, "sendPoll"). */
const OPEN_PERIOD = { shortest: 5, longest: 2_628_000 };

export function sendPoll(call: Call): Message {
  const poll = readPoll(call);
  if (!poll.is_anonymous && target(call).chat.type === "channel")
    throw badRequest("non-anonymous polls can't be sent to channel chats");
  return send(call, { poll });
}

/** Closes a poll early, everywhere. Without `reply_markup` the message loses its keyboard. */
export function stopPoll(call: Call): Poll {
  const [place, message] = found(call, "message with poll to stop not found");
  const { poll } = message;
  if (poll === undefined) throw badRequest("message is not a poll");
  if (poll.is_closed) throw badRequest("poll has already been closed");
  if (!mayEdit(call, place, message)) throw badRequest("poll can't be stopped");
  const next = rekeyed(call, place, message);
  checkReach(place);
  count(call, place, 1);
  call.world.replace(place, next);
  closePoll(call.world, poll.id);
  return { ...poll, is_closed: true };
}

/** Reads and checks a poll as TDLib does (MessageContent.cpp, `td_api::inputMessagePoll`). */
function readPoll(call: Call): Poll {
  const { params } = call;
  const question = onlyEmoji(readText(params, "question"));
  if (isEmpty(question.text)) throw badRequest("poll question must be non-empty");
  if (characters(question.text) > 300) throw badRequest("poll question length must not exceed 300");
  const options = readOptions(call);
  const quiz = params.text("type") === "quiz";
  const description = readText(params, "description");
  if (characters(description.text) > 1024) throw badRequest("MESSAGE_TOO_LONG");
  const media = readPollMedia(call, params.json("media"), BESIDE_QUESTION);
  const countries = params.list("country_codes")?.map(String) ?? [];
  return {
    id: String(5_000_000_000_000_000 + call.world.nextId()),
    question: question.text,
    ...(question.entities && { question_entities: question.entities }),
    options,
    total_voter_count: 0,
    is_closed: params.flag("is_closed"),
    is_anonymous: !params.has("is_anonymous") || params.flag("is_anonymous"),
    type: quiz ? "quiz" : "regular",
    allows_multiple_answers: params.flag("allows_multiple_answers"),
    allows_revoting: params.has("allows_revoting") ? params.flag("allows_revoting") : !quiz,
    members_only: params.flag("members_only"),
    ...(countries.length > 0 && { country_codes: countries }),
    ...(quiz && readAnswer(call, options.length)),
    ...(description.text !== "" && { description: description.text }),
    ...(description.entities && { description_entities: description.entities }),
    ...(media && { media }),
    ...readEnd(params),
  };
}

/** A text of a poll with its entities; "" if it is missing. */
function readText(params: Params, field: string): Formatted {
  return formatted(params, params.text(field) ?? "", `${field}_entities`, `${field}_parse_mode`);
}

/** Questions and options silently lose all entities except custom emoji (TDLib, `keep_only_custom_emoji`). */
function onlyEmoji({ text, entities }: Formatted): Formatted {
  const kept: MessageEntity[] | undefined = entities?.filter(({ type }) => type === "custom_emoji");
  return kept === undefined || kept.length === 0 ? { text } : { text, entities: kept };
}

function readOptions(call: Call): PollOption[] {
  const list = call.params.list("options") ?? [];
  if (list.length === 0) throw badRequest("poll must have at least one answer option");
  if (list.length > 12) throw badRequest("poll can't have more than 12 options");
  return list.map((option, index) => {
    const fields = new Params(isRecord(option) ? option : { text: option });
    const { text, entities } = onlyEmoji(readText(fields, "text"));
    if (isEmpty(text)) throw badRequest("poll options must be non-empty");
    if (characters(text) > 100) throw badRequest("poll options length must not exceed 100");
    const media = readPollMedia(call, fields.json("media"), BESIDE_OPTION);
    return {
      persistent_id: String(index),
      text,
      ...(entities && { text_entities: entities }),
      ...(media && { media }),
      voter_count: 0,
    };
  });
}

/** The correct answers of a quiz and their explanation. */
function readAnswer(call: Call, options: number): Partial<Poll> {
  const { params } = call;
  const single = params.integer("correct_option_id");
  const ids = (params.list("correct_option_ids") ?? (single === undefined ? [] : [single])).map(Number);
  if (ids.length === 0) throw badRequest("correct quiz option list must be non-empty");
  if (ids.some((id, index) => !(id > (ids[index - 1] ?? -1))))
    throw badRequest("correct quiz option list must be increasing");
  if (ids.some((id) => !Number.isInteger(id) || id >= options))
    throw badRequest("wrong quiz correct_option_id");
  const { text, entities } = readText(params, "explanation");
  // Bot API, "sendPoll": 200 characters with at most 2 line feeds.
  if (characters(text) > 200 || text.split("\n").length > 3) throw badRequest("MESSAGE_TOO_LONG");
  const media = readPollMedia(call, params.json("explanation_media"), BESIDE_QUESTION);
  return {
    correct_option_ids: ids,
    ...(text !== "" && { explanation: text }),
    ...(entities && { explanation_entities: entities }),
    ...(media && { explanation_media: media }),
  };
}

function readEnd(params: Params): Partial<Poll> {
  const [period, date] = [params.integer("open_period"), params.integer("close_date")];
  if (period !== undefined) {
    const { shortest, longest } = OPEN_PERIOD;
    if (period < shortest || period > longest)
      throw badRequest(`open_period must be from ${shortest} to ${longest} seconds`);
    return { open_period: period };
  }
  return date === undefined ? {} : { close_date: date };
}

function readPollMedia(call: Call, given: unknown, allowed: readonly string[]): PollMedia | undefined {
  if (given === undefined) return undefined;
  if (!isRecord(given)) throw badRequest("can't parse InputPollMedia: expected an Object");
  const type = String(given["type"]);
  if (!allowed.includes(type)) throw badRequest("can't parse InputPollMedia: type is unsupported");
  const params = new Params(given, call.params.uploads);
  if (type === "location") return { location: readLocation(params) };
  if (type === "venue") return { venue: readVenue(params) };
  if (type === "link") {
    const url = params.text("url") ?? "";
    checkLink(url, "poll option");
    return { link: { url } };
  }
  const kind = MEDIA_KINDS.find((known) => known === type) ?? "photo";
  return { [kind]: readMedia(call, kind, params, "media") };
}
