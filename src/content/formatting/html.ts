import type { MessageEntity } from "grammy/types";
import { sorted } from "./fix-entities.ts";
import { dateEntity, dateFormat, linkEntity, lower } from "./entity-links.ts";
import { FormattingError } from "./formatting-error.ts";

/*
 * Telegram's HTML as TDLib parses it (MessageEntity.cpp, `parse_html`). `bench/tdlib` compares this with TDLib
 * itself.
 */

type Simple = MessageEntity.CommonMessageEntity["type"];

/** Bot API, "HTML style". */
const SIMPLE: Record<string, Simple> = {
  b: "bold",
  strong: "bold",
  i: "italic",
  em: "italic",
  u: "underline",
  ins: "underline",
  s: "strikethrough",
  strike: "strikethrough",
  del: "strikethrough",
  "tg-spoiler": "spoiler",
  span: "spoiler",
};
const TAGS = new Set([...Object.keys(SIMPLE), "a", "pre", "code", "blockquote", "tg-emoji", "tg-time"]);
const NAMED: Record<string, string> = { lt: "<", gt: ">", amp: "&", quot: '"' };
/** TDLib's white space. It includes NUL, which TDLib reads at the end of the text. */
const SPACE = /[ \t\r\n\v\0]/;

type Attributes = Record<string, string>;

interface Open {
  tag: string;
  attributes: Attributes;
  /** Where its text begins. */
  at: number;
}

/** An entity whose element has ended. */
interface Closed {
  entity: MessageEntity;
  /** The language of a `<code>`, in case a `<pre>` around it makes it a block. */
  language: string;
}

/** Parses Telegram's HTML into text and entities. Throws Telegram's "can't parse entities: …". */
export function parseHtml(html: string): { text: string; entities: MessageEntity[] } {
  const closed: Closed[] = [];
  const open: Open[] = [];
  let text = "";
  let at = 0;
  let isBroken = false;
  while (at < html.length) {
    const character = html.charAt(at);
    if (character === "&") {
      const reference = decode(html, at);
      text += reference?.text ?? "&";
      // Two references to surrogate halves do not make a character.
      isBroken ||= /^\p{Surrogate}$/u.test(reference?.text ?? "");
      at += reference?.length ?? 1;
    } else if (character !== "<") {
      text += character;
      at += 1;
    } else if (html[at + 1] === "/") {
      const tag = readEndTag(html, at, open.at(-1));
      const last = open.pop();
      if (last) close(last, text, closed);
      at = tag.end;
    } else {
      const tag = readStartTag(html, at);
      open.push({ tag: tag.name, attributes: tag.attributes, at: text.length });
      at = tag.end;
    }
  }
  const last = open.at(-1);
  if (last) throw unparsed(`Can't find end tag corresponding to start tag "${last.tag}"`);
  if (isBroken)
    throw unparsed(
      "Text contains invalid Unicode characters after decoding HTML entities, check for unmatched surrogate code units",
    );
  return { text, entities: sorted(closed.map(({ entity }) => entity)) };
}

function readStartTag(html: string, begin: number): { name: string; attributes: Attributes; end: number } {
  // Only where it is wanted: to count the bytes before every tag takes the square of the length.
  const place = () => `at byte offset ${bytes(html, begin)}`;
  let at = begin + 1;
  while (!SPACE.test(charAt(html, at)) && charAt(html, at) !== ">") at += 1;
  if (charAt(html, at) === "\0") throw unparsed(`Unclosed start tag ${place()}`);
  const name = lower(html.slice(begin + 1, at));
  if (!TAGS.has(name)) throw unparsed(`Unsupported start tag "${name}" ${place()}`);
  const attributes: Attributes = {};
  for (;;) {
    at = skipSpace(html, at);
    if (charAt(html, at) === ">") break;
    const attribute = readAttribute(html, at, () => `"${name}" ${place()}`, place);
    at = attribute.end;
    // If an attribute is repeated, the last one with a value counts.
    if (isAllowedAttribute(name, attribute)) attributes[attribute.name] = attribute.value ?? "";
  }
  if (name === "span" && attributes["class"] !== "tg-spoiler")
    throw unparsed(`Tag "span" must have class "tg-spoiler" ${place()}`);
  return { name, attributes, end: at + 1 };
}

function isAllowedAttribute(tag: string, { name, value }: Attribute): boolean {
  if (name === "class") return value?.startsWith(tag === "span" ? "tg-" : "language-") === true;
  return value !== undefined || name === "expandable";
}

interface Attribute {
  name: string;
  /** Undefined without a `=`. */
  value?: string;
}

function readAttribute(
  html: string,
  begin: number,
  tag: () => string,
  place: () => string,
): Attribute & { end: number } {
  let at = begin;
  while (!/[ \t\r\n\v\0=>/"']/.test(charAt(html, at))) at += 1;
  const name = html.slice(begin, at);
  if (name === "") throw unparsed(`Empty attribute name in the tag ${tag()}`);
  at = skipSpace(html, at);
  if (charAt(html, at) === "\0") throw unparsed(`Unclosed start tag ${tag()}`);
  if (charAt(html, at) !== "=") return { name, end: at };
  at = skipSpace(html, at + 1);
  const quote = charAt(html, at);
  if (quote === "\0") throw unparsed(`Unclosed start tag ${tag()}`);
  const { value, end } =
    quote === '"' || quote === "'" ? readQuoted(html, at + 1, quote) : readToken(html, at);
  if (charAt(html, end) === "\0") throw unparsed(`Unclosed start tag ${place()}`);
  return { name, value, end };
}

function readQuoted(html: string, begin: number, quote: string): { value: string; end: number } {
  let value = "";
  let at = begin;
  while (charAt(html, at) !== quote && charAt(html, at) !== "\0") {
    const reference = html[at] === "&" ? decode(html, at) : null;
    value += reference?.text ?? charAt(html, at);
    at += reference?.length ?? 1;
  }
  return { value, end: charAt(html, at) === quote ? at + 1 : at };
}

/** An unquoted value: letters, digits, periods and hyphens, lowercased. */
function readToken(html: string, begin: number): { value: string; end: number } {
  let at = begin;
  while (/[A-Za-z\d.-]/.test(charAt(html, at))) at += 1;
  const next = charAt(html, at);
  if (!SPACE.test(next) && next !== ">")
    throw unparsed(`Unexpected end of name token at byte offset ${bytes(html, begin)}`);
  return { value: lower(html.slice(begin, at)), end: at };
}

function readEndTag(html: string, begin: number, last: Open | undefined): { end: number } {
  const byte = () => bytes(html, begin);
  if (!last) throw unparsed(`Unexpected end tag at byte offset ${byte()}`);
  let at = begin + 2;
  while (!SPACE.test(charAt(html, at)) && charAt(html, at) !== ">") at += 1;
  const name = lower(html.slice(begin + 2, at));
  at = skipSpace(html, at);
  if (charAt(html, at) !== ">") throw unparsed(`Unclosed end tag at byte offset ${byte()}`);
  if (name !== "" && name !== last.tag)
    throw unparsed(
      `Unmatched end tag at byte offset ${byte()}, expected "</${last.tag}>", found "</${name}>"`,
    );
  return { end: at + 1 };
}

/** Adds the entity of an element that ends here. */
function close({ tag, attributes, at }: Open, text: string, closed: Closed[]): void {
  const place = { offset: at, length: text.length - at };
  if (place.length === 0) return;
  const inner = closed.at(-1);
  const isSame = inner?.entity.offset === place.offset && inner.entity.length === place.length;
  const language = tag === "code" ? (attributes["class"]?.slice("language-".length) ?? "") : "";
  // `<pre>` and `<code>` with a language make one block, whichever is the outer one.
  if (isSame && tag === "pre" && inner.entity.type === "code" && inner.language !== "") {
    inner.entity = { type: "pre", ...place, language: inner.language };
  } else if (
    isSame &&
    inner.entity.type === "pre" &&
    inner.entity.language === undefined &&
    language !== ""
  ) {
    inner.entity.language = language;
  } else {
    const entity = entityOf(tag, attributes, place, text.slice(at));
    if (entity) closed.push({ entity, language });
  }
}

type At = Pick<MessageEntity, "offset" | "length">;

function entityOf(tag: string, attributes: Attributes, place: At, inner: string): MessageEntity | null {
  const simple = SIMPLE[tag];
  if (simple) return { type: simple, ...place };
  if (tag === "a") return linkEntity(attributes["href"] || inner, place);
  if (tag === "pre") return { type: "pre", ...place };
  if (tag === "code") return { type: "code", ...place };
  if (tag === "tg-emoji") {
    const id = attributes["emoji-id"] ?? "";
    if (!/^-?[1-9]\d*$/.test(id) || BigInt.asIntN(64, BigInt(id)) !== BigInt(id))
      throw unparsed("Invalid custom emoji identifier specified");
    return { type: "custom_emoji", ...place, custom_emoji_id: id };
  }
  if (tag === "tg-time") return timeEntity(attributes, place);
  const type = attributes["expandable"] === undefined ? "blockquote" : "expandable_blockquote";
  return { type, ...place };
}

function timeEntity({ unix = "", format = "" }: Attributes, place: At): MessageEntity | null {
  const checked = dateFormat(format);
  if (checked === null) throw unparsed("Invalid date format used");
  const time = Number(BigInt.asIntN(32, BigInt(/^-?\d+/.exec(unix)?.[0] ?? "0")));
  return time > 0 ? dateEntity(time, checked, place) : null;
}

/** Decodes one `&…` reference, with or without its semicolon. Null for anything that Telegram does not know. */
function decode(html: string, at: number): { text: string; length: number } | null {
  const found = /^&(?:#x(?<hex>[\da-fA-F]*)|#(?<decimal>\d*)|(?<name>[a-zA-Z]*));?/.exec(
    html.slice(at, at + 32),
  );
  const { hex, decimal, name } = found?.groups ?? {};
  const length = found?.[0].length ?? 0;
  if (name !== undefined) {
    const text = Object.hasOwn(NAMED, name) ? NAMED[name] : undefined;
    return text === undefined ? null : { text, length };
  }
  const code = hex === undefined ? Number.parseInt(decimal ?? "", 10) : Number.parseInt(hex, 16);
  const isLong = (found?.[0].replace(";", "").length ?? 0) >= 10;
  if (!(code > 0 && code < 0x10ffff) || isLong) return null;
  return { text: String.fromCodePoint(code), length };
}

/** Returns NUL past the end, as TDLib sees it. */
function charAt(html: string, at: number): string {
  return html[at] ?? "\0";
}

function skipSpace(html: string, from: number): number {
  let at = from;
  while (at < html.length && charAt(html, at) !== "\0" && SPACE.test(charAt(html, at))) at += 1;
  return at;
}

function bytes(html: string, at: number): number {
  return Buffer.byteLength(html.slice(0, at));
}

function unparsed(words: string) {
  return new FormattingError(`can't parse entities: ${words}`);
}
