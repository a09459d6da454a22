import type { MessageEntity } from "@grammyjs/types";
import { badRequest } from "./refusal.ts";

type Simple = MessageEntity.CommonMessageEntity["type"];

/** Bot API, "HTML style". */
const TAGS: Record<string, Simple> = {
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
  code: "code",
  blockquote: "blockquote",
};
const NAMED: Record<string, string> = { lt: "<", gt: ">", amp: "&", quot: '"' };

interface Open {
  tag: string;
  at: number;
  entity: (place: { offset: number; length: number }) => MessageEntity | undefined;
}

/** Parses Telegram's HTML into text and entities. Throws "can't parse entities: …" as Telegram words it. */
export function parseHtml(html: string): { text: string; entities: MessageEntity[] } {
  const entities: MessageEntity[] = [];
  const open: Open[] = [];
  let text = "";
  let at = 0;
  while (at < html.length) {
    const character = html.charAt(at);
    if (character === "&") {
      const [decoded, length] = decode(html, at);
      text += decoded;
      at += length;
      continue;
    }
    if (character !== "<") {
      text += character;
      at += 1;
      continue;
    }
    const end = html.indexOf(">", at);
    if (end < 0) throw unparsed(`Unclosed start tag at byte offset ${bytes(html, at)}`);
    const inside = html.slice(at + 1, end);
    if (inside.startsWith("/")) {
      close(inside.slice(1).trim().toLowerCase(), open, entities, text.length, bytes(html, at));
    } else {
      open.push(start(inside, text.length, bytes(html, at)));
    }
    at = end + 1;
  }
  const last = open.at(-1);
  if (last !== undefined) {
    throw unparsed(`Can't find end tag corresponding to start tag "${last.tag}"`);
  }
  return { text, entities: entities.toSorted((a, b) => a.offset - b.offset || b.length - a.length) };
}

function start(inside: string, at: number, byte: number): Open {
  const tag = (/^[^\s/]*/.exec(inside)?.[0] ?? "").toLowerCase();
  const attribute = (name: string): string | undefined => {
    const found = new RegExp(`\\s${name}\\s*=\\s*(?:"([^"]*)"|'([^']*)'|([^\\s"'>]+))`, "i").exec(inside);
    return found === null ? undefined : decodeAll(found[1] ?? found[2] ?? found[3] ?? "");
  };
  const simple = TAGS[tag];
  if (tag === "a") {
    const url = attribute("href");
    return {
      tag,
      at,
      entity: (place) => (url === undefined ? undefined : { type: "text_link", ...place, url }),
    };
  }
  if (tag === "pre") return { tag, at, entity: (place) => ({ type: "pre", ...place }) };
  if (tag === "blockquote" && /\sexpandable\b/i.test(inside)) {
    return { tag, at, entity: (place) => ({ type: "expandable_blockquote", ...place }) };
  }
  if (tag === "span" && attribute("class") === "tg-spoiler") {
    return { tag, at, entity: (place) => ({ type: "spoiler", ...place }) };
  }
  if (tag === "tg-emoji") {
    const id = attribute("emoji-id");
    if (id === undefined)
      throw unparsed(`Custom emoji entity must have a tg-emoji tag with an emoji-id attribute`);
    return { tag, at, entity: (place) => ({ type: "custom_emoji", ...place, custom_emoji_id: id }) };
  }
  if (simple === undefined) throw unparsed(`Unsupported start tag "${tag}" at byte offset ${byte}`);
  return { tag, at, entity: (place) => ({ type: simple, ...place }) };
}

function close(tag: string, open: Open[], entities: MessageEntity[], end: number, byte: number): void {
  const last = open.pop();
  if (last === undefined) throw unparsed(`Unexpected end tag at byte offset ${byte}`);
  if (tag !== "" && tag !== last.tag) {
    throw unparsed(`Unmatched end tag at byte offset ${byte}, expected "</${last.tag}>", found "</${tag}>"`);
  }
  if (end === last.at) return;
  const entity = last.entity({ offset: last.at, length: end - last.at });
  if (entity !== undefined) entities.push(entity);
}

/** Decodes one `&…;`. What is no known reference is taken as it stands. */
function decode(html: string, at: number): [text: string, length: number] {
  const found = /^&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|(\w+));/i.exec(html.slice(at, at + 12));
  if (found === null) return ["&", 1];
  const code = found[1] === undefined ? Number.parseInt(found[2] ?? "", 16) : Number.parseInt(found[1], 10);
  const text = found[3] === undefined ? codePoint(code) : NAMED[found[3].toLowerCase()];
  return text === undefined ? ["&", 1] : [text, found[0].length];
}

function codePoint(code: number): string | undefined {
  return code > 0 && code < 0x110000 ? String.fromCodePoint(code) : undefined;
}

function decodeAll(value: string): string {
  return value.replaceAll(/&(?:#\w+|\w+);/g, (reference) => decode(reference, 0)[0]);
}

function bytes(html: string, at: number): number {
  return Buffer.byteLength(html.slice(0, at));
}

function unparsed(words: string) {
  return badRequest(`can't parse entities: ${words}`);
}
