import type { MessageEntity } from "grammy/types";
import { visibleName } from "../person-name.ts";
import { type Version, CAPTION_LIMIT, TEXT_LIMIT, countCharacters } from "./content.ts";

/** What personal text can say of somebody; null when the bot does not know it. */
export interface PersonFacts {
  /** As in `recipients`: `en`. */
  language: string | null;
  firstName: string | null;
  lastName: string | null;
  /** Without @. */
  username: string | null;
}

/** A text and what stands where in it. */
export interface Formatted {
  text: string;
  entities?: MessageEntity[];
}

/** Each placeholder: whose value it takes, and how many characters that may have (Telegram's own limits). */
const NAMES = {
  first_name: { of: (person: PersonFacts) => person.firstName, longest: 64 },
  last_name: { of: (person: PersonFacts) => person.lastName, longest: 64 },
  username: { of: (person: PersonFacts) => person.username, longest: 32 },
} as const;
export type PlaceholderName = keyof typeof NAMES;

/** `{first_name}`, or with a default for people whose name is missing or shows nothing: `{first_name|friend}`. */
const PLACEHOLDER = /\{\s*(?<name>first_name|last_name|username)\s*(?:\|(?<fallback>[^{}\n]*))?\}/gi;
/** What was probably meant for one: a word in braces. `{"json": 1}` and `{}` are not. */
const LIKE_ONE = /\{\s*(?<name>(?:first|last|user) name|[\p{L}_][\p{L}\p{N}_-]*)\s*(?:\|[^{}\n]*)?\}/giu;

export interface Placeholder {
  name: PlaceholderName;
  hasDefault: boolean;
}

interface Found extends Placeholder {
  fallback: string;
  /** In UTF-16 units. */
  start: number;
  end: number;
}

function find(text: string): Found[] {
  return [...text.matchAll(PLACEHOLDER)].map(({ index, 0: whole, groups }) => ({
    // The expression takes no other names.
    name: (groups?.["name"] ?? "").toLowerCase() as PlaceholderName,
    hasDefault: groups?.["fallback"] !== undefined,
    fallback: groups?.["fallback"]?.trim() ?? "",
    start: index,
    end: index + whole.length,
  }));
}

/** Puts somebody's names where the text has `{first_name}`, `{last_name|default}` … Null is somebody without any. */
export function personalize(formatted: Formatted, person: PersonFacts | null): Formatted {
  const places = find(formatted.text);
  if (places.length === 0) return formatted;
  const value = ({ name, fallback }: Found) => (person && visibleName(NAMES[name].of(person))) ?? fallback;
  const filled = places.map((place) => ({ ...place, value: value(place) }));
  const text = fill(formatted.text, filled);
  const at = (offset: number) => moved(offset, filled);
  const entities = (formatted.entities ?? [])
    .map((entity) => ({ entity, start: at(entity.offset), end: at(entity.offset + entity.length) }))
    .filter(({ start, end }) => end > start)
    .map(({ entity, start, end }) => ({ ...entity, offset: start, length: end - start }));
  return { text, ...(entities.length > 0 && { entities }) };
}

type Filled = Pick<Found, "start" | "end"> & { value: string };

function fill(text: string, places: Filled[]): string {
  let from = 0;
  let made = "";
  for (const { start, end, value } of places) {
    made += text.slice(from, start) + value;
    from = end;
  }
  return made + text.slice(from);
}

/** Where an offset of the text stands in the filled one; one inside a placeholder stands behind its value. */
function moved(offset: number, places: Filled[]): number {
  let by = 0;
  for (const { start, end, value } of places) {
    if (offset <= start) break;
    if (offset < end) return start + by + value.length;
    by += value.length - (end - start);
  }
  return offset + by;
}

/** The placeholders of a text, in their order. */
export function placeholdersOf(text: string): Placeholder[] {
  return find(text).map(({ name, hasDefault }) => ({ name, hasDefault }));
}

/** Where the placeholders of a text stand, in UTF-16 units. */
export function placesOf(text: string): { start: number; end: number }[] {
  return find(text);
}

/** Words in braces that look like placeholders and are none, such as `{firstname}`; as they are written, each once. */
export function unknownNamesIn(text: string): string[] {
  const names = [...text.matchAll(LIKE_ONE)].map(({ groups }) => groups?.["name"] ?? "");
  return [...new Set(names)].filter((name) => !Object.hasOwn(NAMES, name.toLowerCase()));
}

/** How many characters the text has for whoever has the longest names that Telegram takes. */
export function longest(text: string): number {
  const places = find(text).map((place) => ({
    ...place,
    value: "x".repeat(Math.max(NAMES[place.name].longest, countCharacters(place.fallback))),
  }));
  return countCharacters(fill(text, places));
}

/** A text that names are put into. */
export interface PersonalText {
  text: string;
  limit: number;
  /** It is the message; a caption may be left out. */
  needed: boolean;
}

/** The texts of a version that names are put into, in their order. */
export function personalTexts(version: Version): PersonalText[] {
  const below = version.below ? [message(version.below.text)] : [];
  return [...firstTexts(version), ...below];
}

function firstTexts(version: Version): PersonalText[] {
  if (version.kind === "text") return [message(version.text)];
  const captioned = version.kind === "album" ? version.parts : "fileId" in version ? [version] : [];
  return captioned.flatMap((part) =>
    "caption" in part && part.caption !== undefined
      ? [{ text: part.caption, limit: CAPTION_LIMIT, needed: false }]
      : [],
  );
}

function message(text: string): PersonalText {
  return { text, limit: TEXT_LIMIT, needed: true };
}

/** The placeholders of a version, in their order. */
export function placeholdersIn(version: Version): Placeholder[] {
  return personalTexts(version).flatMap(({ text }) => placeholdersOf(text));
}
