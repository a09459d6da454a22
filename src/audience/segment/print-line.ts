import { quoted } from "./line-tokens.ts";
import { type LineLanguage, NOT, OR, SAVED, SUBJECTS, UNITS, YES, isTaken } from "./line-words.ts";
import type { Choice, Condition, Segment, Time } from "./segment.ts";

/** A segment as the line that reads as it, with the words of one language. */
export function printLine(segment: Segment, language: LineLanguage): string {
  if ("all" in segment) return segment.all.map((one) => printPart(one, language)).join(" ");
  if ("any" in segment) return segment.any.map((one) => printChoice(one, language)).join(` ${OR[language]} `);
  if ("not" in segment) return printNot(segment.not, language);
  return printCondition(segment, language);
}

/** The condition that stands for the segment saved under a name. */
export function printSaved(name: string, language: LineLanguage): string {
  return `${SAVED[language]}:${quoted(name)}`;
}

/** A part of an "and", in brackets if it is an "or". */
function printPart(segment: Segment, language: LineLanguage): string {
  const line = printLine(segment, language);
  return "any" in segment ? `(${line})` : line;
}

/** A part of an "or": "and" binds closer, so it needs no brackets. */
function printChoice(segment: Segment, language: LineLanguage): string {
  return "any" in segment ? `(${printLine(segment, language)})` : printLine(segment, language);
}

function printNot(segment: Segment, language: LineLanguage): string {
  const line = printLine(segment, language);
  if ("all" in segment || "any" in segment) return `-(${line})`;
  return "not" in segment ? `${NOT[language]} ${line}` : `-${line}`;
}

function printCondition(condition: Condition, language: LineLanguage): string {
  if ("attribute" in condition) {
    const { name, compare, value } = condition.attribute;
    // In quotes, a name is that of an attribute, whatever else it means.
    const sign = compare === "=" ? "" : compare;
    return `${isTaken(name) ? `"${name}"` : name}:${sign}${quoted(String(value))}`;
  }
  const word = (subject: keyof typeof SUBJECTS) => SUBJECTS[subject][language][0];
  if ("tag" in condition) return `${word("tag")}:${quoted(condition.tag)}`;
  if ("source" in condition) return `${word("source")}:${quoted(condition.source)}`;
  if ("list" in condition) return `${word("list")}:${quoted(condition.list)}`;
  if ("language" in condition) return `${word("language")}:${condition.language}`;
  if ("premium" in condition) return `${word("premium")}:${YES[language]}`;
  if ("phone" in condition) return `${word("phone")}:${YES[language]}`;
  if ("joined" in condition) return `${word("joined")}:${printTime(condition.joined, language)}`;
  if ("seen" in condition) return `${word("seen")}:${printTime(condition.seen, language)}`;
  if ("blocked" in condition) return `${word("blocked")}:${printTime(condition.blocked, language)}`;
  if ("voted" in condition) return `${word("voted")}:${printChosen(condition.voted)}`;
  if ("answered" in condition) return `${word("answered")}:${printChosen(condition.answered)}`;
  if ("chance" in condition) return `${word("chance")}:${condition.chance}%`;
  if ("got" in condition) return `${word("got")}:${condition.got}`;
  if ("failed" in condition) return `${word("failed")}:${condition.failed}`;
  if ("uncertain" in condition) return `${word("uncertain")}:${condition.uncertain}`;
  return `${word("among")}:${condition.among}`;
}

function printTime(time: Time, language: LineLanguage): string {
  if ("day" in time) return `${time.compare === "=" ? "" : time.compare}${time.day}`;
  const unit = UNITS.find(({ hours }) => time.hours % hours === 0);
  return `${time.ago}${time.hours / (unit?.hours ?? 1)}${unit?.printed[language] ?? "h"}`;
}

function printChosen({ campaign, choice }: Choice): string {
  return choice === undefined ? String(campaign) : `${campaign}=${quoted(choice)}`;
}
