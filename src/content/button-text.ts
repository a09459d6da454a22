import type { MessageEntity } from "grammy/types";
import { type Button, type ButtonStyle, countCharacters } from "./content.ts";
import { keyboardOf } from "./keyboard.ts";
import { emailIn, linkFrom, looksLikeLink } from "./links.ts";
import type { Formatted } from "./personal.ts";

/** Telegram shows at most 8 buttons per row and accepts 100 per message. */
const MOST_IN_A_ROW = 8;
const MOST = 100;
/** The server's limit for a keyboard's JSON, in bytes; beyond it: "reply markup is too long". */
const MOST_BYTES = 10_240;
/** Telegram's clients cut longer labels; the server only limits the whole keyboard. */
const LONGEST_TEXT = 64;
const LONGEST_URL = 2048;
/** Bot API, CopyTextButton, InlineQuery and answerCallbackQuery. */
const LONGEST_COPY = 256;
const LONGEST_QUERY = 256;
const LONGEST_ANSWER = 200;

export type ButtonFault = { line: number } & Flaw;

/** What is wrong with a button, or with the number of buttons. `part` is what was typed. */
type Flaw =
  | {
      reason: "no-url" | "no-text" | "no-copy" | "no-answer" | "bad-url" | "bad-app" | "mail" | "same-vote";
      part: string;
    }
  | {
      reason: "text-too-long" | "url-too-long" | "copy-too-long" | "query-too-long" | "answer-too-long";
      part: string;
      limit: number;
    }
  | { reason: "row-too-long" | "too-many" | "too-big"; limit: number };

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
// A constructor, because the compiler's target is older than the `v` flag; Node 20 supports it.
const EMOJI = new RegExp("^\\p{RGI_Emoji}$", "v");
const VARIATION = "\uFE0F";

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
 * - `\|` is a literal |; a backslash before a dash, `(green)` or `?` makes it part of the text
 */
export function parseButtons(
  text: string,
  entities: MessageEntity[] = [],
): { rows: Button[][]; faults: ButtonFault[] } {
  const icons = iconsIn(entities);
  const rows: Button[][] = [];
  const faults: ButtonFault[] = [];
  const votes = new Set<string>();
  let [count, bytes] = [0, 0];
  for (const [index, { raw, offset }] of linesOf(text).entries()) {
    if (raw.trim() === "") continue;
    const row: Button[] = [];
    const found: Flaw[] = [];
    for (const piece of partsOf(raw, offset)) {
      const parsed = parseButton(piece, icons);
      if ("reason" in parsed) found.push(parsed);
      else if (repeats(parsed, votes)) found.push({ reason: "same-vote", part: parsed.text });
      else row.push(parsed);
    }
    if (row.length > MOST_IN_A_ROW) found.push({ reason: "row-too-long", limit: MOST_IN_A_ROW });
    const before = { count, bytes };
    count += row.length;
    bytes += bytesOf(row);
    if (before.count <= MOST && count > MOST) found.push({ reason: "too-many", limit: MOST });
    if (before.bytes <= MOST_BYTES && bytes > MOST_BYTES)
      found.push({ reason: "too-big", limit: MOST_BYTES });
    faults.push(...found.map((flaw) => ({ line: index + 1, ...flaw })));
    rows.push(row);
  }
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

/** Unescapes `\|`. Backslashes count only before a |: in pairs, plus the one that escapes it. */
function withPipes(text: string): string {
  return text.replace(/(?<!\\)(\\*)\|/g, "$1$1\\|");
}

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
  for (const { index, 0: found, 1: run = "" } of line.matchAll(/(?<!\\)(\\*)\|/g)) {
    if (run.length % 2 === 1) continue;
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

function parseButton(piece: Piece, icons: Icons): Button | Flaw {
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
  const parsed = question ? parseAnswer(bare.raw, part) : parseOther(alone ? labelPart.raw : bare.raw, part);
  if ("reason" in parsed) return parsed;
  const { label, action } = parsed;
  const text = label.replace(ESCAPED_OPENING, "").replace(ESCAPED_DASH, "");
  if (text === "") return { reason: "no-text", part };
  if (countCharacters(text) > LONGEST_TEXT)
    return { reason: "text-too-long", part: text, limit: LONGEST_TEXT };
  return { text, ...(style && { style }), ...(icon && !alone && { icon: icon.id }), ...action };
}

/** A label, still escaped, and what a tap does. */
interface Parsed {
  label: string;
  action: WithoutFace<Button>;
}
type WithoutFace<T> = T extends unknown ? Omit<T, "text" | "style" | "icon"> : never;

function parseAnswer(raw: string, part: string): Parsed | Flaw {
  const dash = DASH.exec(raw);
  const label = withoutPipes(raw.slice(0, dash?.index)).trim();
  const answer = dash ? withoutPipes(raw.slice(dash.index + 1)).trim() : "";
  if (answer === "") return { reason: "no-answer", part };
  if (countCharacters(answer) > LONGEST_ANSWER)
    return { reason: "answer-too-long", part: label, limit: LONGEST_ANSWER };
  return { label, action: { answer } };
}

function parseOther(raw: string, part: string): Parsed | Flaw {
  const anchor = ANCHOR.exec(raw);
  if (anchor) {
    const label = withoutPipes(raw.slice(0, anchor.index)).trim();
    const value = withoutPipes(raw.slice(anchor.index + anchor[0].length)).trim();
    const action = parseAction(actionOf(anchor.groups?.["word"] ?? ""), value, label, part);
    return "reason" in action ? action : { label, action };
  }
  if (isEmoji(raw)) return { label: qualified(raw), action: { vote: true } };
  return parseLink(withoutPipes(raw), part);
}

function parseAction(action: Action, value: string, label: string, part: string): WithoutFace<Button> | Flaw {
  switch (action) {
    case "copy":
      if (value === "") return { reason: "no-copy", part };
      if (countCharacters(value) > LONGEST_COPY)
        return { reason: "copy-too-long", part: label, limit: LONGEST_COPY };
      return { copy: value };
    case "app": {
      const email = emailIn(value);
      if (email !== null) return { reason: "mail", part: email };
      const app = linkFrom(value);
      // Bot API, WebAppInfo: an HTTPS URL.
      if (!app || !/^https:\/\/\S+$/i.test(app)) return { reason: "bad-app", part: value };
      return tooLong(app) ? { reason: "url-too-long", part: label, limit: LONGEST_URL } : { app };
    }
    case "share":
    case "here":
      if (countCharacters(value) > LONGEST_QUERY)
        return { reason: "query-too-long", part: label, limit: LONGEST_QUERY };
      return action === "share" ? { share: value } : { here: value };
  }
}

function parseLink(raw: string, part: string): Parsed | Flaw {
  // An address with a scheme is found even right after the dash: "Shop-https://…".
  const address = /(?:https?|tg|ton|tonsite):\/\/\S+$/i.exec(raw) ?? /(?<!\S)\S+$/.exec(raw);
  const written = address?.[0] ?? "";
  if (!looksLikeLink(written)) return { reason: "no-url", part };
  const email = emailIn(written);
  if (email !== null) return { reason: "mail", part: email };
  const url = linkFrom(written);
  if (!url) return { reason: "bad-url", part: written };
  const label = raw
    .slice(0, address?.index)
    .replace(/(?<!\s)\s*[-–—]?\s*$/, "")
    .trim();
  if (tooLong(url)) return { reason: "url-too-long", part: label, limit: LONGEST_URL };
  return { label, action: { url } };
}

function tooLong(url: string): boolean {
  return countCharacters(url) > LONGEST_URL;
}

/** A single emoji; many clients omit the variation selector for its coloured form. */
function isEmoji(text: string): boolean {
  return EMOJI.test(text) || EMOJI.test(text + VARIATION);
}

/** Votes are counted by emoji, so each emoji is normalised to one form. */
function qualified(emoji: string): string {
  return EMOJI.test(emoji) ? emoji : emoji + VARIATION;
}

/** Votes are counted by emoji, so two equal ones could not be told apart. Adds the button to `votes`. */
function repeats(button: Button, votes: Set<string>): boolean {
  if (!("vote" in button)) return false;
  if (votes.has(button.text)) return true;
  votes.add(button.text);
  return false;
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

/** The bytes of a row with the largest numbers that its callback data can contain. */
function bytesOf(row: Button[]): number {
  const ticket = { campaignId: 9_999_999_999, seq: 9_999_999_999 };
  const stored = row.map((button) => ({ ...button, id: "99999" }));
  return new TextEncoder().encode(JSON.stringify(keyboardOf([stored], ticket))).length;
}
