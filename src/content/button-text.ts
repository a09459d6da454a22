import type { MessageEntity } from "grammy/types";
import { type ButtonFlaw, type RowFlaw, checkedButton, flawsOfRows, isEmoji } from "./button-rules.ts";
import type { Button, ButtonStyle } from "./content.ts";
import { looksLikeLink } from "./links.ts";
import { type Formatted, placesOf } from "./personal.ts";

export type ButtonFault = { line: number } & (ButtonFlaw | RowFlaw);

/** The words for a colour; the first of each language is the one that is shown. */
const COLOURS: Record<ButtonStyle, string[]> = {
  success: ["green", "зелёная", "зеленая"],
  danger: ["red", "красная"],
  primary: ["blue", "синяя"],
};
/** The words before a value that is not an address. */
const ACTIONS = {
  copy: ["copy", "копировать"],
  app: ["app", "приложение"],
  share: ["share", "поделиться"],
  here: ["here", "здесь"],
};
type Action = keyof typeof ACTIONS;

const anyOf = (words: Record<string, string[]>) => Object.values(words).flat().join("|");
const COLOUR = new RegExp(`^\\((?<word>${anyOf(COLOURS)})\\)`, "i");
const QUESTION = /^\?\s+/;
/** A dash and a word: `- copy:`. */
const ANCHOR = new RegExp(`(?<=^|\\s)[-–—]\\s*(?<word>${anyOf(ACTIONS)})\\s*:`, "i");
const DASH = /(?<=^|\s)[-–—](?=\s|$)/;
// Openings that would make a label mean something else. A backslash escapes them, and so is escaped itself before one.
const OPENING = new RegExp(`^(?=\\\\*(?:${COLOUR.source.slice(1)}|\\?(?:\\s|$)))`, "i");
const ESCAPED_OPENING = new RegExp(`^\\\\(?=\\\\*(?:${COLOUR.source.slice(1)}|\\?(?:\\s|$)))`, "i");
const ESCAPED_DASH = /(?<=^|\s)\\(?=\\*[-–—])/g;

/** A part of what was typed, and its offset, in UTF-16 units. */
interface Piece {
  raw: string;
  offset: number;
}

type Icons = ReadonlyMap<number, { id: string; length: number }>;

/**
 * Reads buttons as an admin types them: one line per row, with the buttons of a row separated by `|`.
 *
 * - `Text - URL`. The URL is the last word, so the text may contain dashes; the dash before the URL may be -, – or —, or
 *   be omitted.
 * - `Text - copy: SALE20`, `Text - app: https://…` (a Mini App), `Text - share: query`, `Text - here: query`
 * - a lone emoji is a vote; `? Text - reply` answers with an alert
 * - `(green)`, `(red)` or `(blue)` in front sets its colour; a custom emoji before the text is its icon
 * - `{city|your town}` is one placeholder; elsewhere, `\|` is a literal |; a backslash before a dash, `(green)` or `?` makes it part of the text
 */
export function parseButtons(
  text: string,
  entities: MessageEntity[] = [],
): { rows: Button[][]; faults: ButtonFault[] } {
  const icons = iconsIn(entities);
  const lines = linesOf(text).flatMap(({ raw, offset }, index) => {
    if (raw.trim() === "") return [];
    const read = partsOf(raw, offset).map((piece) => parseButton(piece, icons));
    const row = read.flatMap((one) => ("reason" in one ? [] : [one]));
    const flaws = read.flatMap((one) => ("reason" in one ? [one] : []));
    return { line: index + 1, row, flaws };
  });
  const rows = lines.map(({ row }) => row);
  const rowFlaws = flawsOfRows(rows);
  const faults = lines.flatMap(({ line, flaws }, index) =>
    [...flaws, ...(rowFlaws[index] ?? [])].map((flaw) => ({ line, ...flaw })),
  );
  return { rows, faults };
}

/** The inverse: what an admin would type to get these buttons, in their language. */
export function formatButtons(rows: Button[][], language: "en" | "ru" = "en"): Formatted {
  const words = language === "ru" ? 1 : 0;
  let text = "";
  const entities: MessageEntity[] = [];
  for (const [index, row] of rows.entries()) {
    if (index > 0) text += "\n";
    for (const [place, button] of row.entries()) {
      if (place > 0) text += " | ";
      text += prefixOf(button, words);
      if (button.icon !== undefined) {
        const custom_emoji_id = button.icon;
        entities.push({ type: "custom_emoji", offset: text.length, length: ICON.length, custom_emoji_id });
        text += `${ICON} `;
      }
      text += withPipes(`${labelOf(button)}${valueOf(button, words)}`);
    }
  }
  return { text, ...(entities.length > 0 && { entities }) };
}

/** Stands for a custom emoji where it cannot be shown. */
const ICON = "⭐";

function prefixOf(button: Button, words: 0 | 1): string {
  const colour = button.style ? `(${COLOURS[button.style][words]}) ` : "";
  return "answer" in button ? `${colour}? ` : colour;
}

function labelOf(button: Button): string {
  const text = inLine(button.text)
    .replace(OPENING, "\\")
    .replace(/(?<=^|\s)(?=\\+[-–—])/g, "\\");
  const anchor = "answer" in button ? DASH : ANCHOR;
  return text.replace(new RegExp(anchor, "gi"), "\\$&");
}

function valueOf(button: Button, words: 0 | 1): string {
  const word = (action: Action) => ` - ${ACTIONS[action][words]}: `;
  if ("vote" in button) return "";
  if ("url" in button) return ` - ${button.url}`;
  if ("answer" in button) return ` - ${inLine(button.answer)}`;
  if ("copy" in button) return `${word("copy")}${inLine(button.copy)}`;
  if ("app" in button) return `${word("app")}${button.app}`;
  if ("share" in button) return `${word("share")}${inLine(button.share)}`.trimEnd();
  return `${word("here")}${inLine(button.here)}`.trimEnd();
}

function inLine(text: string): string {
  return text.replace(/\s*[\r\n\u2028\u2029]+\s*/g, " ").trim();
}

/** Escapes each |, except the one of a placeholder: `{city|your town}`. */
function withPipes(text: string): string {
  const isPart = partsOfPlaceholders(text);
  return text.replace(/(?<!\\)(\\*)\|/g, (whole, run: string, at: number) =>
    run === "" && isPart(at) ? whole : `${run}${run}\\|`,
  );
}

/** Tells whether a character is within what may be a placeholder. */
function partsOfPlaceholders(text: string): (index: number) => boolean {
  const places = placesOf(text);
  return (index) => places.some(({ start, end }) => start < index && index < end);
}

/** Unescapes `\|`. Backslashes count only before a |: in pairs, plus the one that escapes it. */
function withoutPipes(raw: string): string {
  return raw.replace(/(?<!\\)(\\+)\|/g, (_, run: string) => `${"\\".repeat(run.length >> 1)}|`);
}

function iconsIn(entities: MessageEntity[]): Icons {
  return new Map(
    entities.flatMap((entity) =>
      entity.type === "custom_emoji"
        ? [[entity.offset, { id: entity.custom_emoji_id, length: entity.length }]]
        : [],
    ),
  );
}

function linesOf(text: string): Piece[] {
  let offset = 0;
  return text.split("\n").map((raw) => {
    const line = { raw, offset };
    offset += raw.length + 1;
    return line;
  });
}

/** The parts of a line, trimmed. */
function partsOf(line: string, offset: number): Piece[] {
  const parts: Piece[] = [];
  let start = 0;
  const until = (end: number) => parts.push(trimmed({ raw: line.slice(start, end), offset: offset + start }));
  const isPart = partsOfPlaceholders(line);
  for (const { index, 0: found, 1: run = "" } of line.matchAll(/(?<!\\)(\\*)\|/g)) {
    if (run.length % 2 === 1 || isPart(index + run.length)) continue;
    until(index + run.length / 2);
    start = index + found.length;
  }
  until(line.length);
  return parts;
}

function trimmed({ raw, offset }: Piece): Piece {
  return { raw: raw.trim(), offset: offset + raw.length - raw.trimStart().length };
}

/** The piece without its first `length` units. */
function after({ raw, offset }: Piece, length: number): Piece {
  return trimmed({ raw: raw.slice(length), offset: offset + length });
}

function parseButton(piece: Piece, icons: Icons): Button | ButtonFlaw {
  const part = withoutPipes(piece.raw);
  const colour = COLOUR.exec(piece.raw);
  const style = colour && styleOf(colour.groups?.["word"] ?? "");
  const coloured = after(piece, colour?.[0].length ?? 0);
  const question = QUESTION.exec(coloured.raw);
  const labelPart = after(coloured, question?.[0].length ?? 0);
  const icon = icons.get(labelPart.offset);
  const bare = after(labelPart, icon?.length ?? 0);
  // A custom emoji alone has no text to be the icon of; it is a vote.
  const alone = bare.raw === "";
  const parsed = question ? parseAnswer(bare.raw) : parseOther(alone ? labelPart.raw : bare.raw, part);
  if ("reason" in parsed) return parsed;
  const { label, action } = parsed;
  const text = label.replace(ESCAPED_OPENING, "").replace(ESCAPED_DASH, "");
  const button = { text, ...(style && { style }), ...(icon && !alone && { icon: icon.id }), ...action };
  const checked = checkedButton(button);
  // What is missing cannot be quoted, so the whole is.
  return "reason" in checked && MISSING.has(checked.reason) ? { ...checked, part } : checked;
}

const MISSING: ReadonlySet<string> = new Set(["no-text", "no-copy", "no-answer"]);

/** A label, still escaped, and what a tap does. */
interface Parsed {
  label: string;
  action: WithoutFace<Button>;
}
type WithoutFace<T> = T extends unknown ? Omit<T, "text" | "style" | "icon"> : never;

function parseAnswer(raw: string): Parsed {
  const dash = DASH.exec(raw);
  const label = withoutPipes(raw.slice(0, dash?.index)).trim();
  return { label, action: { answer: dash ? withoutPipes(raw.slice(dash.index + 1)).trim() : "" } };
}

function parseOther(raw: string, part: string): Parsed | ButtonFlaw {
  const anchor = ANCHOR.exec(raw);
  if (anchor) {
    const label = withoutPipes(raw.slice(0, anchor.index)).trim();
    const value = withoutPipes(raw.slice(anchor.index + anchor[0].length)).trim();
    return { label, action: actionFor(actionOf(anchor.groups?.["word"] ?? ""), value) };
  }
  if (isEmoji(raw)) return { label: raw, action: { vote: true } };
  return parseLink(withoutPipes(raw), part);
}

function actionFor(action: Action, value: string): WithoutFace<Button> {
  switch (action) {
    case "copy":
      return { copy: value };
    case "app":
      return { app: value };
    case "share":
      return { share: value };
    case "here":
      return { here: value };
  }
}

/** The rest of a word, in which the default of a placeholder may have spaces. */
const WORD = "(?:\\{[^{}\\n]*\\}|[^\\s{]|\\{(?![^{}\\n]*\\}))+";
const SCHEMED = new RegExp(`(?:https?|tg|ton|tonsite)://${WORD}$`, "i");
const LAST_WORD = new RegExp(`(?<!\\S)${WORD}$`);

function parseLink(raw: string, part: string): Parsed | ButtonFlaw {
  // An address with a scheme is found even right after the dash: "Shop-https://…".
  const address = SCHEMED.exec(raw) ?? LAST_WORD.exec(raw);
  const written = address?.[0] ?? "";
  if (!looksLikeLink(written)) return { reason: "no-url", part };
  const label = raw
    .slice(0, address?.index)
    .replace(/(?<!\s)\s*[-–—]?\s*$/, "")
    .trim();
  return { label, action: { url: written } };
}

function styleOf(word: string): ButtonStyle {
  return keyOf(COLOURS, word);
}

function actionOf(word: string): Action {
  return keyOf(ACTIONS, word);
}

/** The key whose words include `word`, which was matched by an expression made of them. */
function keyOf<K extends string>(words: Record<K, string[]>, word: string): K {
  const keys = Object.keys(words) as K[];
  const found = keys.find((key) => words[key].includes(word.toLowerCase()));
  if (found === undefined) throw new Error(`${word} is none of ${keys.join(", ")}`);
  return found;
}
