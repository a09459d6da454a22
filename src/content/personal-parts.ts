import { showsNothing } from "../person-name.ts";
import {
  type Button,
  type RichFields,
  type Version,
  CAPTION_LIMIT,
  TEXT_LIMIT,
  countCharacters,
  cut,
} from "./content.ts";
import {
  type Known,
  type PersonFacts,
  type Placeholder,
  BRACE,
  Unfillable,
  attributesAskedIn,
  personalLink,
  personalize,
  placeholdersOf,
  placeholdersOfLink,
} from "./personal.ts";

/* Which parts of a post are personal: its texts and captions, the labels, addresses and copied texts of buttons. */

/** Bot API, CopyTextButton. */
export const LONGEST_COPY = 256;
/** Telegram's clients cut longer labels. */
export const LONGEST_LABEL = 64;

/** What a post calls the personal code of its campaign. */
export const CODE = "code";

/** A text that may have placeholders. */
export interface PersonalText {
  text: string;
  limit: number;
  /** Telegram refuses the post without it; a caption may be omitted. */
  needed: boolean;
}

/** The parts of a version that may have placeholders, in order. */
export interface PersonalParts {
  texts: PersonalText[];
  links: string[];
}

export function personalParts(version: Version, rows: readonly (readonly Button[])[]): PersonalParts {
  const parts: PersonalParts = { texts: [...firstTexts(version)], links: linksIn(version) };
  if (version.below) parts.texts.push(message(version.below.text));
  if (version.kind === "rich")
    mapRich(version.rich, {
      text: (text) => (parts.texts.push({ text, limit: Infinity, needed: false }), text),
      link: (url) => (parts.links.push(url), url),
    });
  for (const button of rows.flat()) {
    if ("vote" in button) continue;
    parts.texts.push({ text: button.text, limit: Infinity, needed: true });
    if ("copy" in button) parts.texts.push({ text: button.copy, limit: LONGEST_COPY, needed: true });
    if ("url" in button) parts.links.push(button.url);
    if ("app" in button) parts.links.push(button.app);
  }
  return parts;
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

/** The targets of links in its texts. */
export function linksIn(version: Version): string[] {
  const parts = version.kind === "album" ? version.parts : [];
  const all = [version, ...parts, ...(version.below ? [version.below] : [])];
  const entities = all.flatMap((one) => ("entities" in one ? (one.entities ?? []) : []));
  return entities.flatMap((entity) => (entity.type === "text_link" ? [entity.url] : []));
}

/** The placeholders of a version, in order. */
export function placeholdersIn({ texts, links }: PersonalParts, known: Known): Placeholder[] {
  return [
    ...texts.flatMap(({ text }) => placeholdersOf(text, known)),
    ...links.flatMap((url) => placeholdersOfLink(url, known)),
  ];
}

/** The attributes that a version may ask for; whether they exist is another question. */
export function attributesAsked({ texts, links }: PersonalParts): string[] {
  const asked: string[] = [];
  const collect: Known = { has: (name) => (asked.push(name), false) };
  for (const url of links) placeholdersOfLink(url, collect);
  return [...texts.flatMap(({ text }) => attributesAskedIn(text)), ...asked];
}

/** The rows of buttons as a person gets them; the same rows if nothing is personal. @throws Unfillable */
export function personalButtons(rows: Button[][], person: PersonFacts | null): Button[][] {
  const filled = rows.map((row) => row.map((button) => personalButton(button, person)));
  return filled.every((row, y) => row.every((button, x) => button === rows[y]?.[x])) ? rows : filled;
}

function personalButton(button: Button, person: PersonFacts | null): Button {
  if ("vote" in button) return button;
  const text = said(button.text, person, { limit: Infinity, needed: true });
  const same = text === button.text ? button : { ...button, text: cut(text, LONGEST_LABEL, "…") };
  if ("url" in same) return replaced(same, "url", personalLink(same.url, person));
  if ("app" in same) return replaced(same, "app", personalLink(same.app, person));
  if ("copy" in same)
    return replaced(same, "copy", said(same.copy, person, { limit: LONGEST_COPY, needed: true }));
  return same;
}

function replaced<K extends string, B extends Record<K, string>>(button: B, field: K, value: string): B {
  return value === button[field] ? button : { ...button, [field]: value };
}

function said(text: string, person: PersonFacts | null, rules: Omit<PersonalText, "text">): string {
  const filled = personalize({ text }, person).text;
  if (filled !== text) checkFilled(filled, rules);
  return filled;
}

/**
 * Checks a text that was filled in. Telegram's refusal of an empty or too long one would stop the post for everyone, so it is
 * refused here, for this person.
 * @throws Unfillable
 */
export function checkFilled(text: string, { limit, needed }: Omit<PersonalText, "text">): void {
  if (needed && showsNothing(text))
    throw new Unfillable("A text of this post is empty with what is known of this person");
  if (countCharacters(text) > limit)
    throw new Unfillable("A text of this post is too long with what is known of this person");
}

/** Whether a rich message has a brace: walking through all of it for each person costs more than the rest of a message. */
const braced = new WeakMap<RichFields, boolean>();

/** A rich message as a person gets it. @throws Unfillable */
export function personalRich(rich: RichFields, person: PersonFacts | null): RichFields {
  if (!braced.has(rich)) braced.set(rich, hasBrace(rich));
  if (!braced.get(rich)) return rich;
  return mapRich(rich, {
    text: (text) => personalize({ text }, person).text,
    link: (url) => personalLink(url, person),
  });
}

function hasBrace(rich: RichFields): boolean {
  let found = false;
  const look = (text: string) => ((found ||= BRACE.test(text)), text);
  mapRich(rich, { text: look, link: look });
  return found;
}

interface RichVisitor {
  text: (text: string) => string;
  link: (url: string) => string;
}

/** The fields of blocks, formatted texts and buttons that people read. `html` and `markdown` stay as they are. */
const READ: ReadonlySet<string> = new Set(["text", "summary", "caption", "credit"]);

function mapRich(rich: RichFields, visitor: RichVisitor): RichFields {
  if (!rich.blocks) return rich;
  // The shape stays the same: only strings are replaced, by strings.
  return { ...rich, blocks: mapped(rich.blocks, "blocks", visitor) as NonNullable<RichFields["blocks"]> };
}

function mapped(value: unknown, field: string, visitor: RichVisitor): unknown {
  if (typeof value === "string")
    return READ.has(field) ? visitor.text(value) : field === "url" ? visitor.link(value) : value;
  if (Array.isArray(value)) return value.map((one) => mapped(one, field, visitor));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, mapped(one, name, visitor)]));
}
