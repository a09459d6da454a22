import type { MessageEntity } from "grammy/types";
import { createLRU } from "lru.min";
import { type AttributeValue, attributeName } from "../attribute-name.ts";
import { visibleName } from "../person-name.ts";
import { countCharacters } from "./content.ts";
import { linkFrom } from "./links.ts";

/** What personal text can say about a person; null if unknown. */
export interface PersonFacts {
  /** As in `recipients`: `en`. */
  language: string | null;
  firstName: string | null;
  lastName: string | null;
  /** Without @. */
  username: string | null;
  /**
   * The attributes that the post asks for, by name: null if this person has none, absent if nobody has, so that a word in
   * braces stays as it is.
   */
  attributes?: Attributes;
}

export type Attributes = Readonly<Record<string, AttributeValue | null>>;

/** A text with its entities. */
export interface Formatted {
  text: string;
  entities?: MessageEntity[];
}

/** The names of people, and the longest that Telegram allows. */
const NAMES = {
  first_name: { of: (person: PersonFacts) => person.firstName, longest: 64 },
  last_name: { of: (person: PersonFacts) => person.lastName, longest: 64 },
  username: { of: (person: PersonFacts) => person.username, longest: 32 },
} as const;
type NameOfPerson = keyof typeof NAMES;

/**
 * `{first_name}`, or with a default for people who have none: `{city|your town}`. Whether a word in braces is one depends on
 * which attributes are known.
 */
const PLACEHOLDER = /\{\s*(?<name>[\p{L}\p{N}_][\p{L}\p{M}\p{N}_ -]*?)\s*(?:\|(?<fallback>[^{}\n]*))?\}/gu;
/** A word in braces, probably meant as one. `{"json": 1}` and `{}` are not. */
const LIKE_ONE = /\{\s*(?<name>(?:first|last|user) name|[\p{L}_][\p{L}\p{M}\p{N}_-]*)\s*(?:\|[^{}\n]*)?\}/giu;

/** Which attributes are known. */
export type Known = Pick<ReadonlySet<string>, "has">;
export const NONE_KNOWN: Known = new Set();

export interface Placeholder {
  /** One of the three names, or an attribute as it is stored. */
  name: string;
  hasDefault: boolean;
}

interface Found extends Placeholder {
  fallback: string;
  /** In UTF-16 units. */
  start: number;
  end: number;
}

const isNameOfPerson = (name: string): name is NameOfPerson => Object.hasOwn(NAMES, name);

/** The texts of the last posts: the same text is filled in for one person after another. */
const lastRead = createLRU<string, Found[]>({ max: 100 });

/** All that look like one, whether or not anything is known by that name. */
function candidates(text: string): Found[] {
  const before = lastRead.get(text);
  if (before) return before;
  const read = [...text.matchAll(PLACEHOLDER)].map(({ index, 0: whole, groups }) => ({
    name: nameOf(groups?.["name"] ?? ""),
    hasDefault: groups?.["fallback"] !== undefined,
    fallback: groups?.["fallback"]?.trim() ?? "",
    start: index,
    end: index + whole.length,
  }));
  lastRead.set(text, read);
  return read;
}

function find(text: string, known: Known): Found[] {
  return text.includes("{") ? candidates(text).filter(({ name }) => isKnown(name, known)) : [];
}

const isKnown = (name: string, known: Known) => isNameOfPerson(name) || known.has(name);

/** Empty if nothing can have that name. `{first name}` is no attribute that says the same in another way. */
function nameOf(written: string): string {
  const name = written.toLowerCase();
  if (isNameOfPerson(name)) return name;
  const attribute = attributeName(written) ?? "";
  return isNameOfPerson(attribute) ? "" : attribute;
}

const attributesOf = (person: PersonFacts | null): Known =>
  person?.attributes ? { has: (name) => Object.hasOwn(person.attributes ?? {}, name) } : NONE_KNOWN;

function valueOf({ name, fallback }: Found, person: PersonFacts | null): string {
  if (person === null) return fallback;
  if (isNameOfPerson(name)) return visibleName(NAMES[name].of(person)) ?? fallback;
  const value = person.attributes?.[name];
  return value == null ? fallback : (visibleName(String(value)) ?? fallback);
}

/**
 * Fills in `{first_name}`, `{city|default}` …, in the text and in the addresses of its links. Null stands for somebody of whom
 * nothing is known.
 * @throws Unfillable
 */
export function personalize(formatted: Formatted, person: PersonFacts | null): Formatted {
  const linked = withLinks(formatted, person);
  const places = find(linked.text, attributesOf(person));
  if (places.length === 0) return linked;
  const filled = places.map((place) => ({ ...place, value: valueOf(place, person) }));
  const text = fill(linked.text, filled);
  const at = (offset: number) => moved(offset, filled);
  const entities = (linked.entities ?? [])
    .map((entity) => ({ entity, start: at(entity.offset), end: at(entity.offset + entity.length) }))
    .filter(({ start, end }) => end > start)
    .map(({ entity, start, end }) => ({ ...entity, offset: start, length: end - start }));
  return { text, ...(entities.length > 0 && { entities }) };
}

/** The same text with its links filled in; the same object if there is nothing to fill in. */
function withLinks(formatted: Formatted, person: PersonFacts | null): Formatted {
  const { entities } = formatted;
  if (!entities?.some((entity) => entity.type === "text_link" && BRACE.test(entity.url))) return formatted;
  return {
    ...formatted,
    entities: entities.map((entity) =>
      entity.type === "text_link" ? { ...entity, url: personalLink(entity.url, person) } : entity,
    ),
  };
}

/** A post that cannot be sent to this person, because of what was filled in. It never says what that was. */
export class Unfillable extends Error {
  override readonly name = "Unfillable";
}

/** As typed, and as Telegram rewrites it. */
export const BRACE = /\{|%7B/i;
const IN_LINK = /(?:\{|%7B)(?<inside>(?:(?!%7[BD])[^{}\n])*)(?:\}|%7D)/gi;
/** What decides where a link leads is always as written: scheme, user, host and port. */
const DESTINATION = /^[^:/?#]+:\/\/[^/?#]+(?=[/?#])/;

/** Telegram's limit for addresses, in characters. */
export const LONGEST_URL = 2048;

/**
 * An address with its placeholders filled in and percent-encoded. Those before the path stay as they are, so that no
 * attribute can lead anywhere else.
 * @throws Unfillable if Telegram would not accept the address
 */
export function personalLink(url: string, person: PersonFacts | null): string {
  const filled = fillLink(url, attributesOf(person), (place) => encodeURIComponent(valueOf(place, person)));
  if (filled === url) return url;
  if (filled.length > LONGEST_URL || linkFrom(filled) === null)
    throw new Unfillable("Telegram would not accept a link of this post with what is known of this person");
  return filled;
}

function fillLink(url: string, known: Known, value: (place: Found) => string): string {
  if (!BRACE.test(url)) return url;
  const destination = DESTINATION.exec(url)?.[0] ?? url;
  const rest = url.slice(destination.length);
  return (
    destination +
    rest.replace(IN_LINK, (whole, inside: string) => {
      const [place] = find(`{${decoded(inside)}}`, known);
      return place ? value(place) : whole;
    })
  );
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
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
export function placeholdersOf(text: string, known: Known = NONE_KNOWN): Placeholder[] {
  return find(text, known).map(({ name, hasDefault }) => ({ name, hasDefault }));
}

/** The placeholders of an address, in order. */
export function placeholdersOfLink(url: string, known: Known = NONE_KNOWN): Placeholder[] {
  const places: Placeholder[] = [];
  fillLink(url, known, ({ name, hasDefault }) => {
    places.push({ name, hasDefault });
    return "";
  });
  return places;
}

/** The ranges of what may be placeholders, in UTF-16 units. */
export function placesOf(text: string): { start: number; end: number }[] {
  return candidates(text);
}

/** The attributes that a text may ask for; whether they exist is another question. */
export function attributesAskedIn(text: string): string[] {
  return candidates(text)
    .map(({ name }) => name)
    .filter((name) => name !== "" && !isNameOfPerson(name));
}

/** Words in braces that look like placeholders but are not, such as `{firstname}`; as written, each once. */
export function unknownNamesIn(text: string, known: Known = NONE_KNOWN): string[] {
  const names = [...text.matchAll(LIKE_ONE)].map(({ groups }) => groups?.["name"] ?? "");
  return [...new Set(names)].filter((name) => !isKnown(nameOf(name), known));
}

/** How long the values of attributes are at most, by name. */
export type Longest = ReadonlyMap<string, { characters: number; bytes: number }>;

/** The length of the text, in characters, with the longest values. */
export function longestLength(text: string, attributes: Longest = new Map()): number {
  const places = find(text, attributes).map((place) => ({
    ...place,
    value: "x".repeat(
      Math.max(longestOf(place.name, attributes).characters, countCharacters(place.fallback)),
    ),
  }));
  return countCharacters(fill(text, places));
}

/** The length of an address with the longest values; a byte is encoded as three characters. */
export function longestLink(url: string, attributes: Longest): number {
  return fillLink(url, attributes, (place) =>
    "x".repeat(
      Math.max(longestOf(place.name, attributes).bytes * 3, encodeURIComponent(place.fallback).length),
    ),
  ).length;
}

/** A character has at most four bytes. */
function longestOf(name: string, attributes: Longest): { characters: number; bytes: number } {
  if (!isNameOfPerson(name)) return attributes.get(name) ?? { characters: 0, bytes: 0 };
  const { longest } = NAMES[name];
  return { characters: longest, bytes: name === "username" ? longest : longest * 4 };
}
