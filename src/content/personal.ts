import type { MessageEntity } from "grammy/types";
import { visibleName } from "../person-name.ts";
import { type Version, CAPTION_LIMIT, TEXT_LIMIT, countCharacters } from "./content.ts";

/** What personal text can say about a person; null if unknown. */
export interface PersonFacts {
  /** As in `recipients`: `en`. */
  language: string | null;
  firstName: string | null;
  lastName: string | null;
  /** Without @. */
  username: string | null;
}

/** A text with its entities. */
export interface Formatted {
  text: string;
  entities?: MessageEntity[];
}

/** Each placeholder: the field it shows, and the longest value that Telegram allows. */
const NAMES = {
  first_name: { of: (person: PersonFacts) => person.firstName, longest: 64 },
  last_name: { of: (person: PersonFacts) => person.lastName, longest: 64 },
  username: { of: (person: PersonFacts) => person.username, longest: 32 },
} as const;
export type PlaceholderName = keyof typeof NAMES;

/** `{first_name}`, or with a default for people whose name is missing or invisible: `{first_name|friend}`. */
const PLACEHOLDER = /\{\s*(?<name>first_name|last_name|username)\s*(?:\|(?<fallback>[^{}\n]*))?\}/gi;
/** A word in braces, probably meant as one. `{"json": 1}` and `{}` are not. */
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
    // The expression matches no other names.
    name: (groups?.["name"] ?? "").toLowerCase() as PlaceholderName,
    hasDefault: groups?.["fallback"] !== undefined,
    fallback: groups?.["fallback"]?.trim() ?? "",
    start: index,
    end: index + whole.length,
  }));
}

/** Fills in `{first_name}`, `{last_name|default}` … Null stands for a person without names. */
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

/** Maps an offset of the text to the filled text; one inside a placeholder maps to the end of its value. */
function moved(offset: number, places: Filled[]): number {
  let by = 0;
  for (const { start, end, value } of places) {
    if (offset <= start) break;
    if (offset < end) return start + by + value.length;
    by += value.length - (end - start);
  }
  return offset + by;
}

/** The placeholders of a text, in order. */
export function placeholdersOf(text: string): Placeholder[] {
  return find(text).map(({ name, hasDefault }) => ({ name, hasDefault }));
}

/** The ranges of a text's placeholders, in UTF-16 units. */
export function placesOf(text: string): { start: number; end: number }[] {
  return find(text);
}

/** Words in braces that look like placeholders but are not, such as `{firstname}`; as written, each once. */
export function unknownNamesIn(text: string): string[] {
  const names = [...text.matchAll(LIKE_ONE)].map(({ groups }) => groups?.["name"] ?? "");
  return [...new Set(names)].filter((name) => !Object.hasOwn(NAMES, name.toLowerCase()));
}

/** The length of the text, in characters, with the longest names that Telegram allows. */
export function longestLength(text: string): number {
  const places = find(text).map((place) => ({
    ...place,
    value: "x".repeat(Math.max(NAMES[place.name].longest, countCharacters(place.fallback))),
  }));
  return countCharacters(fill(text, places));
}

/** A text with placeholders. */
export interface PersonalText {
  text: string;
  limit: number;
  /** It is the message itself; a caption may be omitted. */
  needed: boolean;
}

/** The texts of a version that may have placeholders, in order. */
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

/** The placeholders of a version, in order. */
export function placeholdersIn(version: Version): Placeholder[] {
  return personalTexts(version).flatMap(({ text }) => placeholdersOf(text));
}
