import { readFileSync } from "node:fs";
import { type FluentResource as Resource, FluentResource } from "@fluent/bundle";
import type { CampaignState } from "../../src/db/states.ts";
import { type Values, loadWords } from "../../src/bot/ui/words.ts";

/*
 * What the bot says in English, by the keys of locales/en.ftl, so that tests do not spell the copy and it can change.
 */

/** Values of which not all is known. */
type Pieces = Record<string, string | number | RegExp>;
type Message = Resource["body"][number];
type Pattern = NonNullable<Message["value"]>;
type Expression = Exclude<Pattern, string>[number];

const FILE = new URL("../../locales/en.ftl", import.meta.url);
const messages = new Map(new FluentResource(readFileSync(FILE, "utf8")).body.map((one) => [one.id, one]));
const translate = loadWords()("en");
const plurals = new Intl.PluralRules("en");

function patternOf(key: string): Pattern {
  const pattern = messages.get(key)?.value;
  if (pattern == null) throw new Error(`locales/en.ftl has no text for the key "${key}".`);
  return pattern;
}

/** The text as the bot sends it. Throws for an unknown key, and for a value that is missing. */
function text(key: string, values: Values = {}): string {
  patternOf(key);
  try {
    return translate(key, values);
  } catch (error) {
    throw new Error(`The text of "${key}" cannot be filled with ${JSON.stringify(values)}.`, {
      cause: error,
    });
  }
}

const escaped = (literal: string) => literal.replaceAll(/[.*+?^${}()|[\]\\/-]/g, String.raw`\$&`);

/** What a pattern looks like as the source of a regular expression; a value that is not given may be anything. */
function sourceOf(pattern: Pattern, values: Pieces): string {
  if (typeof pattern === "string") return escaped(pattern);
  return pattern.map((part) => (typeof part === "string" ? escaped(part) : placeable(part, values))).join("");
}

function placeable(part: Expression, values: Pieces): string {
  if (typeof part === "string") return escaped(part);
  if (part.type === "str") return escaped(part.value);
  if (part.type === "var") return valueSource(values[part.name]);
  if (part.type !== "select" || part.selector === undefined)
    throw new Error(`unknown placeable ${part.type}`);
  const { selector, variants } = part;
  if (typeof selector === "string" || selector.type !== "var")
    throw new Error("a selector is not a variable");
  const value = values[selector.name];
  if (value === undefined || value instanceof RegExp)
    return `(?:${variants.map((one) => sourceOf(one.value, values)).join("|")})`;
  const names = [String(value), ...(typeof value === "number" ? [plurals.select(value)] : [])];
  const chosen =
    variants.find(({ key }) => typeof key !== "string" && names.includes(String(key.value))) ??
    variants[part.star];
  return chosen ? sourceOf(chosen.value, values) : "";
}

function valueSource(value: Pieces[string] | undefined): string {
  if (value === undefined) return ".+?";
  if (value instanceof RegExp) return value.source;
  return escaped(typeof value === "number" ? value.toLocaleString("en") : value);
}

/** Matches the text anywhere; a value that is not given may be anything within a line. Throws for an unknown key. */
function like(key: string, values: Pieces = {}): RegExp {
  return new RegExp(sourceOf(patternOf(key), values));
}

/** Matches what begins with the text. */
function opens(key: string, values: Pieces = {}): RegExp {
  return new RegExp(`^${sourceOf(patternOf(key), values)}`);
}

/** Matches what ends with the text. */
function closes(key: string, values: Pieces = {}): RegExp {
  return new RegExp(`${sourceOf(patternOf(key), values)}$`);
}

/** Matches where a line begins with the text. */
function line(key: string, values: Pieces = {}): RegExp {
  return new RegExp(`^${sourceOf(patternOf(key), values)}`, "m");
}

export const en = Object.assign(text, { like, opens, closes, line });

/** Matches the card of a campaign in this state. */
export function inState(state: CampaignState): RegExp {
  return like("card-title", { state: text(`state-${state}`) });
}

/** Matches where all of them match, one after the other, with anything in between. */
export function inOrder(...patterns: RegExp[]): RegExp {
  return new RegExp(patterns.map(({ source }) => source).join("[^]*"), "m");
}
