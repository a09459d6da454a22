import type { Message, Poll, PollOption } from "@grammyjs/types";
import { characters, formatted } from "../entities.ts";
import { isRecord, Params } from "../params.ts";
import { badRequest } from "../refusal.ts";
import type { MessageBody } from "../world.ts";
import type { Call } from "./call.ts";
import { send } from "./send.ts";

export function sendPoll(call: Call): Message {
  return send(call, { poll: readPoll(call) });
}

/** Checks a poll as TDLib does (MessageContent.cpp, `td_api::inputMessagePoll`). */
function readPoll(call: Call): Poll {
  const { params } = call;
  const question = formatted(
    params,
    params.text("question") ?? "",
    "question_entities",
    "question_parse_mode",
  );
  if (question.text.trim() === "") throw badRequest("poll question must be non-empty");
  if (characters(question.text) > 300) throw badRequest("poll question length must not exceed 300");
  const options = readOptions(params.list("options") ?? []);
  const quiz = params.text("type") === "quiz";
  const correct = correctOptions(params, options.length, quiz);
  const explanation = params.text("explanation");
  if (explanation !== undefined && characters(explanation) > 200) {
    throw badRequest("MESSAGE_TOO_LONG");
  }
  const period = params.integer("open_period");
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
    ...(correct && { correct_option_ids: correct }),
    ...(explanation !== undefined && { explanation }),
    ...(period !== undefined && { open_period: period }),
  };
}

function readOptions(list: unknown[]): PollOption[] {
  if (list.length < 2) throw badRequest("poll must have at least 2 option");
  if (list.length > 12) throw badRequest("poll can't have more than 12 options");
  return list.map((option, index) => {
    const fields = new Params(isRecord(option) ? option : { text: option });
    const { text, entities } = formatted(
      fields,
      fields.text("text") ?? "",
      "text_entities",
      "text_parse_mode",
    );
    if (text.trim() === "") throw badRequest("poll options must be non-empty");
    if (characters(text) > 100) throw badRequest("poll options length must not exceed 100");
    return {
      persistent_id: String(index),
      text,
      ...(entities && { text_entities: entities }),
      voter_count: 0,
    };
  });
}

function correctOptions(params: Params, count: number, quiz: boolean): number[] | undefined {
  if (!quiz) return undefined;
  const single = params.integer("correct_option_id");
  const ids = (params.list("correct_option_ids") ?? (single === undefined ? [] : [single])).map(Number);
  if (ids.length === 0 || ids.some((id) => !Number.isInteger(id) || id < 0 || id >= count)) {
    throw badRequest("wrong correct option ID specified");
  }
  return ids;
}

export function sendLocation(call: Call): Message {
  return send(call, { location: readLocation(call.params) });
}

export function sendVenue(call: Call): Message {
  const { params } = call;
  const [title, address] = [params.text("title") ?? "", params.text("address") ?? ""];
  if (title === "") throw badRequest("venue title must be non-empty");
  const location = readLocation(params);
  return send(call, { location, venue: { location, title, address } });
}

function readLocation(params: Params): { latitude: number; longitude: number; live_period?: number } {
  const [latitude, longitude] = [params.number("latitude"), params.number("longitude")];
  if (latitude === undefined) throw badRequest("latitude is empty");
  if (longitude === undefined) throw badRequest("longitude is empty");
  if (Math.abs(latitude) > 90 || Math.abs(longitude) > 180) throw badRequest("wrong location specified");
  const period = params.integer("live_period");
  return { latitude, longitude, ...(period !== undefined && { live_period: period }) };
}

export function sendContact(call: Call): Message {
  const { params } = call;
  const [phone, first] = [params.text("phone_number") ?? "", params.text("first_name") ?? ""];
  if (phone === "") throw badRequest("phone number is empty");
  if (first === "") throw badRequest("first name is empty");
  const [last, vcard] = [params.text("last_name"), params.text("vcard")];
  const contact = {
    phone_number: phone,
    first_name: first,
    ...(last !== undefined && { last_name: last }),
    ...(vcard !== undefined && { vcard }),
  };
  return send(call, { contact });
}

/** How many faces each dice has (Bot API, "Dice"). */
const FACES: Record<string, number> = { "🎲": 6, "🎯": 6, "🎳": 6, "🏀": 5, "⚽": 5, "🎰": 64 };

export function sendDice(call: Call): Message {
  const emoji = (call.params.text("emoji") ?? "🎲").replace("\uFE0F", "");
  const faces = FACES[emoji];
  if (faces === undefined) throw badRequest("wrong dice emoji specified");
  const dice: MessageBody["dice"] = { emoji, value: 1 + Math.floor(Math.random() * faces) };
  return send(call, { dice });
}
