import { AND_WORDS, NOT_WORDS, OR_WORDS, folded } from "./line-words.ts";
import type { Comparison } from "./segment.ts";

/** A part of a typed line, with its text as it was typed. */
export type Token = { text: string } & (
  | { type: "open" | "close" | "or" | "not" | "word" }
  | {
      type: "term";
      name: string;
      /** The name was in quotes, so it is that of an attribute even where it means something else. */
      isQuoted: boolean;
      compare: Comparison;
      value: string;
      /** What follows `=` after the value: `voted:12="Yes"`. */
      choice: string | null;
    }
);

/**
 * Telephones turn straight quotes into curly ones. Within straight quotes, two of them are one; so the last of several closes
 * them, and a line is read in one way only. In several, twice as many for each pair, sixty quotes would take hours.
 */
const QUOTED = String.raw`"(?:[^"]|"")*"(?!")|«[^»]*»|[“„][^“”]*[“”]`;
const PLAIN = String.raw`[^\s()"«“„]`;
const TERM = new RegExp(
  String.raw`(${QUOTED}|[^\s()"«“„:<>≤≥=]+)(?::|(?=[<>≤≥]))(<=|>=|[<>≤≥=])?((?:${QUOTED}|${PLAIN})*)`,
  "uy",
);
const WORD = new RegExp(`(?:${QUOTED}|${PLAIN})+|["«“„]`, "uy");
const MINUS = /[-−–—](?=[^\s)])/uy;
const SPACE = /\s+/uy;

/** The parts of a typed line, in order. Words for "and" say nothing, because that is how conditions next to each other are read. */
export function tokensOf(line: string): Token[] {
  const tokens: Token[] = [];
  for (let at = 0; at < line.length;) {
    const take = (pattern: RegExp): RegExpExecArray | null => {
      pattern.lastIndex = at;
      const found = pattern.exec(line);
      if (found) at += found[0].length;
      return found;
    };
    if (take(SPACE)) continue;
    const char = line.charAt(at);
    if (char === "(" || char === ")") {
      tokens.push({ type: char === "(" ? "open" : "close", text: char });
      at++;
      continue;
    }
    const minus = take(MINUS);
    if (minus) {
      tokens.push({ type: "not", text: minus[0] });
      continue;
    }
    const term = take(TERM);
    if (term) {
      tokens.push(termOf(term));
      continue;
    }
    const text = take(WORD)?.[0] ?? line.charAt(at++);
    const word = folded(text);
    if (AND_WORDS.includes(word)) continue;
    tokens.push({ type: OR_WORDS.includes(word) ? "or" : NOT_WORDS.includes(word) ? "not" : "word", text });
  }
  return tokens;
}

const SIGNS: Record<string, Comparison> = { "≤": "<=", "≥": ">=" };

function termOf([text, name = "", sign = "=", typed = ""]: RegExpExecArray): Token {
  // A comma or a full stop after a condition ends a phrase.
  const [value = "", choice] = split(typed.replace(/[,;.]+$/, ""));
  return {
    type: "term",
    text,
    name: unquoted(name),
    isQuoted: /^["«“„]/u.test(name),
    compare: SIGNS[sign] ?? (sign as Comparison),
    value: unquoted(value).trim(),
    choice: choice === undefined ? null : unquoted(choice).trim(),
  };
}

/** `12="Yes"` at its `=`, if that is not in quotes. */
function split(rest: string): string[] {
  const found = new RegExp(`^((?:${QUOTED}|[^="«“„])*)=(.*)$`, "su").exec(rest);
  return found ? found.slice(1) : [rest];
}

function unquoted(text: string): string {
  return text.replaceAll(new RegExp(QUOTED, "gu"), (quoted) => {
    const inner = quoted.slice(1, -1);
    return quoted.startsWith('"') ? inner.replaceAll('""', '"') : inner;
  });
}

/** A text in quotes, if a line needs them to read it as one. */
export function quoted(text: string): string {
  const isPlain = /^[^\s()"«»“”„:<>≤≥=,;.&|−–—-][^\s()"«»“”„=]*(?<![,;.])$/u.test(text);
  return isPlain ? text : `"${text.replaceAll('"', '""')}"`;
}
