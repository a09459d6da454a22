import type { Message } from "@grammyjs/types";
import type { Effect, Match } from "../server/faults.ts";
import type { Group, GroupFacts } from "../people/group.ts";
import { isRecord } from "../wire/params.ts";
import type { Person } from "../people/person.ts";
import { GroupPlace, PersonPlace, type Place } from "../world/places.ts";
import type { Controlled } from "./controlled.ts";

/** A request body that is not validated yet. The readers below throw an explanation of what is wrong. */
export type Body = Record<string, unknown>;

export type Handler = (telegram: Controlled, body: Body) => unknown;

/** The person who acts, created if unknown. */
export function personOf(telegram: Controlled, { from }: Body): Person {
  const id = Number(from);
  if (!Number.isSafeInteger(id) || id <= 0)
    throw new TypeError(`"from" is the id of a person, a positive number`);
  return telegram.person({ id });
}

/** The people with these ids. Throws for unknown ones. */
export function peopleOf(telegram: Controlled, ids: unknown): Person[] {
  return readNumbers("users", ids).map((id) => {
    if (!(telegram.place(id) instanceof PersonPlace)) throw new Error(`There is nobody with the id ${id}.`);
    return telegram.person({ id });
  });
}

/** The group or channel with this id. */
export function groupOf(telegram: Controlled, id: unknown): Group {
  const place = telegram.place(Number(id));
  if (!(place instanceof GroupPlace)) throw new TypeError(`"chat" is the id of a group or channel`);
  return telegram.group({ id: place.id });
}

/** Where the person acts: the group or channel `in`, or undefined for their chat with the bot. */
export function roomOf(telegram: Controlled, { in: id }: Body): Group | undefined {
  return id === undefined ? undefined : groupOf(telegram, id);
}

/** The message with this id in a chat. */
export function messageOf(place: Place, id: unknown): Message {
  const message = place.find(Number(id));
  if (message === undefined) throw new Error("This message is no longer there.");
  return message;
}

export function number(name: string, value: unknown, least: number, most: number): number {
  if (typeof value !== "number" || !(value >= least && value <= most))
    throw new TypeError(`"${name}" is a number from ${least} to ${most}`);
  return value;
}

export function whole(name: string, value: unknown, least: number, most: number): number {
  if (!Number.isSafeInteger(number(name, value, least, most)))
    throw new TypeError(`"${name}" is a whole number`);
  return value as number;
}

/** One of these words. */
export function oneOf<const Word extends string>(name: string, value: unknown, words: readonly Word[]): Word {
  const found = words.find((word) => word === value);
  if (found === undefined) throw new TypeError(`"${name}" is ${choice(words)}`);
  return found;
}

/** `"a", "b" or "c"`. */
function choice(words: readonly string[]): string {
  return new Intl.ListFormat("en-GB", { type: "disjunction" }).format(words.map((word) => `"${word}"`));
}

/** A list of whole numbers. */
export function readNumbers(name: string, value: unknown): number[] {
  if (!Array.isArray(value) || !value.every((one) => Number.isSafeInteger(one)))
    throw new TypeError(`"${name}" is a list of whole numbers`);
  return value as number[];
}

export function string(name: string, value: unknown): string {
  if (typeof value !== "string" || value === "") throw new TypeError(`"${name}" is a text`);
  return value;
}

/** A label, or a pattern written as /…/ or /…/i. */
export function readLabel(value: unknown): string | RegExp {
  if (typeof value !== "string" || value === "") throw new TypeError(`"label" is the text of a button`);
  const pattern = /^\/(.+)\/([iu]*)$/.exec(value);
  if (pattern === null) return value;
  try {
    return new RegExp(pattern[1] ?? "", pattern[2]);
  } catch {
    throw new TypeError(`${value} is no pattern: it is a regular expression between two slashes.`);
  }
}

export function readGroup(telegram: Controlled, body: Body): GroupFacts {
  const { type = "supergroup", title, username, isForum } = body;
  return {
    type: oneOf("type", type, ["group", "supergroup", "channel"]),
    creator: personOf(telegram, body),
    bot: "left",
    ...(typeof title === "string" && { title }),
    ...(typeof username === "string" && { username }),
    ...(isForum === true && { isForum }),
  };
}

export function readMatch(value: unknown): Match {
  const given = isRecord(value) ? value : {};
  const match: Match = {};
  const { method, chat, times, after, token } = given;
  if (typeof method === "string") match.method = readLabel(method);
  if (typeof chat === "number") match.chat = chat;
  if (typeof times === "number") match.times = times;
  // JSON has no Infinity.
  if (times === "always" || times === "Infinity") match.times = Infinity;
  if (typeof after === "number") match.after = after;
  if (typeof token === "string") match.token = token;
  return match;
}

export function readEffect(value: unknown): Effect {
  if (isRecord(value)) {
    const { error, hang, cut, status, body, accept } = value;
    if (
      isRecord(error) &&
      typeof error["error_code"] === "number" &&
      typeof error["description"] === "string"
    ) {
      const { description, parameters } = error;
      const error_code = httpStatus("error_code", error["error_code"]);
      return { error: { error_code, description, ...(isRecord(parameters) && { parameters }) } };
    }
    if (hang === "forever" || typeof hang === "number") {
      return { hang, ...(typeof accept === "boolean" && { accept }) };
    }
    if (cut === "before" || cut === "after") return { cut };
    if (typeof status === "number")
      return { status: httpStatus("status", status), ...(typeof body === "string" && { body }) };
  }
  throw new TypeError(
    `"effect" is {"error": {"error_code", "description"}}, {"hang": ms | "forever"}, {"cut": "before" | "after"} or {"status"}`,
  );
}

/** A valid HTTP status. */
function httpStatus(name: string, value: number): number {
  return whole(name, value, 100, 599);
}
