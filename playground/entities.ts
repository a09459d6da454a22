import type { MessageEntity } from "@grammyjs/types";
import { parseHtml } from "./html.ts";
import { isRecord, type Params } from "./params.ts";
import { badRequest } from "./refusal.ts";

/** Bot API, "MessageEntity", field `type`. */
const TYPES = new Set([
  "mention",
  "hashtag",
  "cashtag",
  "bot_command",
  "url",
  "email",
  "phone_number",
  "bold",
  "italic",
  "underline",
  "strikethrough",
  "spoiler",
  "blockquote",
  "expandable_blockquote",
  "code",
  "pre",
  "text_link",
  "text_mention",
  "custom_emoji",
  "date_time",
]);

/** A text with its entities. `entities` is left out when there are none, as in a Message. */
export interface Formatted {
  text: string;
  entities?: MessageEntity[];
}

/** The length that Telegram counts: characters, not UTF-16 units (TDLib, `utf8_length`). */
export function characters(text: string): number {
  let count = 0;
  for (let i = 0; i < text.length; i += 1) {
    const unit = text.charCodeAt(i);
    if (unit < 0xdc00 || unit > 0xdfff) count += 1;
  }
  return count;
}

/**
 * Reads a text with its formatting from three parameters. HTML is parsed; the Markdown modes are refused, because
 * the playground knows no Markdown. Throws Telegram's refusals for entities that do not fit the text.
 */
export function formatted(
  params: Params,
  text: string,
  entitiesName: string,
  modeName = "parse_mode",
): Formatted {
  const mode = params.text(modeName)?.toLowerCase();
  if (mode !== undefined && mode !== "") {
    if (mode !== "html") throw badRequest(`the playground does not parse ${mode}; send entities or HTML`);
    const parsed = parseHtml(text);
    return parsed.entities.length > 0 ? parsed : { text: parsed.text };
  }
  const entities = checkEntities(params.list(entitiesName), text);
  return entities.length > 0 ? { text, entities } : { text };
}

/** Checks a list of entities against its text. The words are TDLib's (MessageEntity.cpp, `fix_entities`). */
export function checkEntities(list: unknown[] | undefined, text: string): MessageEntity[] {
  if (list === undefined) return [];
  for (const entity of list) {
    if (!isRecord(entity)) throw badRequest("can't parse MessageEntity: expected an Object");
    const { type, offset, length } = entity;
    if (typeof type !== "string" || !TYPES.has(type)) {
      throw badRequest("can't parse MessageEntity: Unsupported type specified");
    }
    for (const [name, value] of [
      ["offset", offset],
      ["length", length],
    ] as const) {
      if (typeof value !== "number")
        throw badRequest(`can't parse MessageEntity: Can't find field "${name}"`);
    }
    checkExtras(type, entity);
    checkPlace(Number(offset), Number(length), text);
  }
  checkNesting(list as MessageEntity[]);
  return list as MessageEntity[];
}

function checkExtras(type: string, entity: Record<string, unknown>): void {
  if (type === "custom_emoji" && typeof entity["custom_emoji_id"] !== "string") {
    throw badRequest(`can't parse MessageEntity: Can't find field "custom_emoji_id"`);
  }
  if (type === "text_mention" && !isRecord(entity["user"])) {
    throw badRequest(`can't parse MessageEntity: Can't find field "user"`);
  }
  if (type === "text_link" && typeof entity["url"] !== "string") {
    throw badRequest(`can't parse MessageEntity: Can't find field "url"`);
  }
}

function checkPlace(offset: number, length: number, text: string): void {
  if (offset < 0 || length < 0) {
    throw badRequest(`receive an entity with incorrect offset ${offset} or length ${length}`);
  }
  const end = offset + length;
  if (offset > text.length)
    throw badRequest(`entity begins after the end of the text at UTF-16 offset ${offset}`);
  const begins = `entity beginning at UTF-16 offset ${offset} ends`;
  if (end > text.length) throw badRequest(`${begins} after the end of the text at UTF-16 offset ${end}`);
  if (splitsPair(text, offset))
    throw badRequest(`entity begins in a middle of a UTF-16 symbol at byte offset ${offset}`);
  if (splitsPair(text, end))
    throw badRequest(`${begins} in a middle of a UTF-16 symbol at UTF-16 offset ${end}`);
}

function splitsPair(text: string, at: number): boolean {
  const unit = text.charCodeAt(at);
  return at > 0 && at < text.length && unit >= 0xdc00 && unit <= 0xdfff;
}

/** Entities may contain one another but not cross: TDLib reports the inner one as ending too late. */
function checkNesting(entities: MessageEntity[]): void {
  if (entities.length < 2) return;
  const open: number[] = [];
  for (const { offset, length } of entities.toSorted((a, b) => a.offset - b.offset || b.length - a.length)) {
    while (open.length > 0 && (open.at(-1) ?? 0) <= offset) open.pop();
    if (open.length > 0 && offset + length > (open.at(-1) ?? 0)) {
      const end = offset + length;
      throw badRequest(
        `entity beginning at UTF-16 offset ${offset} ends after the end of the text at UTF-16 offset ${end}`,
      );
    }
    open.push(offset + length);
  }
}
