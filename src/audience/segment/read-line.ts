import { type Token, tokensOf } from "./line-tokens.ts";
import {
  NO_WORDS,
  SAVED_WORDS,
  UNTOLD,
  UNITS,
  YES_WORDS,
  type Subject,
  folded,
  subjectOf,
} from "./line-words.ts";
import type { SavedByName } from "./saved-segments.ts";
import {
  type Condition,
  type Segment,
  type Time,
  MOST_CONDITIONS,
  MOST_DEPTH,
  allOf,
  anyOf,
  campaignsIn,
  conditionsIn,
  depthOf,
  isWithinLimits,
} from "./segment.ts";
import { attributeName, attributeValue, isDate } from "../attributes.ts";
import { primaryLanguage } from "../recipients.ts";
import { tagName } from "../tags.ts";
import { storable } from "../../storable.ts";

/** When a day as `2026-11-30` begins in the time zone of the person who types, and when the next one does. */
export type DayBounds = (day: string) => { from: Date; to: Date };

export const FAULTS = [
  "word",
  "value",
  "time",
  "number",
  "campaign",
  "untold",
  "saved",
  "bracket",
  "or",
] as const;

/** A part of a line that was not understood, and what is wrong with it. */
export interface LineFault {
  part: string;
  why: (typeof FAULTS)[number];
}

/**
 * What a line came to. `unread` says what was not understood, beside what was; a line without conditions is `empty`, and
 * never everybody.
 */
export type LineReading =
  | { type: "read"; segment: Segment }
  | { type: "empty" }
  | { type: "too-long"; conditions: number; campaigns: number; depth: number }
  | { type: "unread"; understood: Segment | null; faults: LineFault[] };

/** For lines that cannot name saved segments. */
export const NONE_SAVED: SavedByName = new Map();

/**
 * Reads a line such as `tag:vip -tag:refunded (seen:<30d or got:12)`, in English, Russian or a mix of both. `saved:"Regulars"`
 * becomes a copy of the segment that has this name in `saved`.
 */
export function readLine(line: string, dayBounds: DayBounds, saved: SavedByName = NONE_SAVED): LineReading {
  const tokens = tokensOf(line);
  const tooLong = tooNested(tokens);
  if (tooLong) return tooLong;
  const faults: LineFault[] = [];
  let at = 0;
  const next = () => tokens[at];

  function readAny(): Segment | null {
    const parts: Segment[] = [];
    let dangling: Token | null = null;
    for (;;) {
      const part = readAll();
      if (part) parts.push(part);
      else if (dangling) faults.push({ part: dangling.text, why: "or" });
      const token = next();
      if (token?.type !== "or") break;
      if (!part && !dangling) faults.push({ part: token.text, why: "or" });
      dangling = token;
      at++;
    }
    return parts.length > 0 ? anyOf(parts) : null;
  }

  function readAll(): Segment | null {
    const parts: Segment[] = [];
    for (let token = next(); token && token.type !== "or" && token.type !== "close"; token = next()) {
      const part = readOne();
      if (part) parts.push(part);
    }
    return parts.length > 0 ? allOf(parts) : null;
  }

  function readOne(): Segment | null {
    const token = next();
    if (!token) return null;
    at++;
    if (token.type === "not") {
      const follows = next();
      if (!follows || follows.type === "or" || follows.type === "close") {
        faults.push({ part: token.text, why: "word" });
        return null;
      }
      const negated = readOne();
      return negated && { not: negated };
    }
    if (token.type === "open") {
      const before = faults.length;
      const inner = readAny();
      const isClosed = next()?.type === "close";
      if (isClosed) at++;
      if (!isClosed) faults.push({ part: token.text, why: "bracket" });
      else if (!inner && faults.length === before) faults.push({ part: "()", why: "bracket" });
      return inner;
    }
    if (token.type !== "term") {
      faults.push({ part: token.text, why: token.type === "close" ? "bracket" : "word" });
      return null;
    }
    const condition = conditionOf(token, dayBounds, saved);
    if (typeof condition !== "string") return condition;
    faults.push({ part: token.text, why: condition });
    return null;
  }

  const parts: Segment[] = [];
  while (at < tokens.length) {
    const part = readAny();
    if (part) parts.push(part);
    // Only a bracket that nothing has opened ends a line early.
    const rest = next();
    if (rest) {
      faults.push({ part: rest.text, why: "bracket" });
      at++;
    }
  }
  const segment = parts.length > 0 ? allOf(parts) : null;
  if (faults.length > 0) return { type: "unread", understood: segment, faults };
  return segment ? checked(segment) : { type: "empty" };
}

/** True if a line says `not` or has a minus in front of something. */
export function hasMinus(line: string): boolean {
  return tokensOf(line).some(({ type }) => type === "not");
}

/** Reading goes as deep as the line: thousands of brackets would end the process's stack before `checked` could count them. */
function tooNested(tokens: readonly Token[]): LineReading | null {
  const count = (...types: Token["type"][]) => tokens.filter(({ type }) => types.includes(type)).length;
  const depth = count("open", "not");
  if (depth <= MOST_CONDITIONS * MOST_DEPTH) return null;
  return { type: "too-long", conditions: count("term"), campaigns: 0, depth };
}

function checked(segment: Segment): LineReading {
  if (isWithinLimits(segment)) return { type: "read", segment };
  return {
    type: "too-long",
    conditions: conditionsIn(segment).length,
    campaigns: campaignsIn(segment).length,
    depth: depthOf(segment),
  };
}

type Term = Extract<Token, { type: "term" }>;

/** A term as a condition, or why it is none. */
function conditionOf(term: Term, dayBounds: DayBounds, saved: SavedByName): Segment | LineFault["why"] {
  if (term.value === "") return "value";
  if (term.isQuoted) return attributeOf(term);
  if (SAVED_WORDS.includes(folded(term.name))) {
    const key = term.compare === "=" && term.choice === null ? tagName(term.value) : null;
    return key === null ? "value" : (saved.get(key) ?? "saved");
  }
  const subject = subjectOf(term.name);
  if (subject) return knownOf(subject, term, dayBounds);
  return UNTOLD.includes(folded(term.name)) ? "untold" : attributeOf(term);
}

function knownOf(subject: Subject, term: Term, dayBounds: DayBounds): Segment | LineFault["why"] {
  const { value, compare } = term;
  if (subject === "joined" || subject === "seen" || subject === "blocked") {
    const time = timeOf(term, dayBounds);
    return time === null ? "time" : ({ [subject]: time } as Condition);
  }
  if (compare !== "=") return "value";
  switch (subject) {
    case "tag":
    case "list": {
      const name = tagName(value);
      return name === null ? "value" : subject === "tag" ? { tag: name } : { list: name };
    }
    case "source":
      return { source: storable(value).normalize("NFC") };
    case "language": {
      const language = primaryLanguage(value);
      return language === null ? "value" : { language };
    }
    case "premium":
    case "phone": {
      const condition: Condition = subject === "premium" ? { premium: true } : { phone: true };
      if (YES_WORDS.includes(folded(value))) return condition;
      return NO_WORDS.includes(folded(value)) ? { not: condition } : "value";
    }
    case "voted":
    case "answered":
      return choiceOf(subject, term);
    case "chance": {
      const percent = /^(\d{1,2}(?:[.,]\d{1,2})?)%?$/.exec(value)?.[1];
      const chance = Number(percent?.replace(",", "."));
      return chance > 0 ? { chance } : "number";
    }
    default: {
      const campaign = campaignNumber(value);
      return campaign === null ? "campaign" : ({ [subject]: campaign } as Condition);
    }
  }
}

function choiceOf(subject: "voted" | "answered", { value, choice }: Term): Condition | LineFault["why"] {
  const campaign = campaignNumber(value);
  if (campaign === null) return "campaign";
  if (choice === "") return "value";
  const one = { campaign, ...(choice !== null && { choice: storable(choice).normalize("NFC") }) };
  return subject === "voted" ? { voted: one } : { answered: one };
}

/** `12` or `#12`. */
function campaignNumber(text: string): number | null {
  return /^[#№]?[1-9]\d{0,9}$/.test(text) ? Number(text.replace(/^[#№]/, "")) : null;
}

function attributeOf({ name: typed, value: text, compare }: Term): Condition | LineFault["why"] {
  const name = attributeName(typed);
  const value = attributeValue(text);
  if (name === null) return "word";
  if (value === null) return "value";
  if (compare !== "=" && typeof value === "string" && !isDate(value)) return "number";
  return { attribute: { name, compare, value } };
}

/** The longest time that counts: a hundred years. */
const MOST_HOURS = 876_000;

function timeOf({ value, compare }: Term, dayBounds: DayBounds): Time | null {
  const [, amount, word = ""] = /^(\d{1,6}) ?(\p{L}+)$/u.exec(value) ?? [];
  if (amount !== undefined) {
    const hours = Number(amount) * (UNITS.find(({ words }) => words.includes(folded(word)))?.hours ?? 0);
    if (hours === 0 || hours > MOST_HOURS) return null;
    return { ago: compare.startsWith(">") ? ">" : "<", hours };
  }
  if (!isDate(value) || !isInCalendar(value)) return null;
  const { from, to } = dayBounds(value);
  return { compare, day: value, from: from.toISOString(), to: to.toISOString() };
}

/** False for 30 February, and for days that JavaScript or PostgreSQL write in another way: before 1000, and the last of all. */
function isInCalendar(day: string): boolean {
  if (day < "1000" || day === "9999-12-31") return false;
  const date = new Date(`${day}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(day);
}
