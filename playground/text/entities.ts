import type { MessageEntity } from "@grammyjs/types";
import { clean } from "../../src/content/formatting/clean.ts";
import {
  checkLink,
  dateEntity,
  dateFormat,
  integerIn,
  linkEntity,
  mentionEntity,
  userIn,
} from "../../src/content/formatting/entity-links.ts";
import { FOUND } from "../../src/content/formatting/fix-entities.ts";
import { fixFormatted, parseFormatted, type Parsed } from "../../src/content/formatting/formatted-text.ts";
import { isRecord, Params } from "../wire/params.ts";
import { badRequest } from "../wire/refusal.ts";

/** Bot API, "MessageEntity": the types that carry nothing besides their position. */
const SIMPLE = [
  ...FOUND,
  "bold",
  "italic",
  "underline",
  "strikethrough",
  "spoiler",
  "blockquote",
  "expandable_blockquote",
  "code",
] as const;

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
 * Reads a text and its formatting from three parameters, and returns it as Telegram keeps it: parsed, cleaned, and
 * without crossing entities. Legacy Markdown is refused, because the playground does not parse it. Throws Telegram's
 * refusals.
 */
export function formatted(
  params: Params,
  text: string,
  entitiesName: string,
  modeName = "parse_mode",
): Formatted {
  const mode = params.text(modeName)?.toLowerCase() ?? "";
  const isPlain = text === "" || mode === "" || mode === "none";
  const { text: fixed, entities } = isPlain
    ? fixFormatted({ text, entities: readEntities(params.list(entitiesName)) })
    : parse(text, mode);
  return entities.length > 0 ? { text: fixed, entities } : { text: fixed };
}

function parse(text: string, mode: string): Parsed {
  if (mode === "html" || mode === "markdownv2") return parseFormatted(text, mode);
  if (mode === "markdown")
    throw badRequest("the playground does not parse legacy Markdown; send entities, HTML or MarkdownV2");
  throw badRequest("unsupported parse_mode");
}

/** Throws Telegram's refusal for a list of entities that does not fit its text. */
export function checkEntities(list: unknown[], text: string): void {
  fixFormatted({ text, entities: readEntities(list) });
}

/** Reads a list of entities as the Bot API server does (Client.cpp, `get_text_entity`). */
export function readEntities(list: unknown[] = []): MessageEntity[] {
  return list.flatMap((entity) => {
    if (!isRecord(entity)) throw unread("expected an Object");
    return readEntity(new Params(entity)) ?? [];
  });
}

type Place = Pick<MessageEntity, "offset" | "length">;

/** Null for an entity that Telegram drops. */
function readEntity(fields: Params): MessageEntity | null {
  const place = { offset: integerOf(fields, "offset"), length: integerOf(fields, "length") };
  const type = textOf(fields, "type");
  const simple = SIMPLE.find((known) => known === type);
  // Telegram ignores these from a bot and finds them itself. The playground does not look for them, so it accepts
  // them.
  if (simple) return { type: simple, ...place };
  switch (type) {
    case "pre": {
      const language = clean(fields.text("language") ?? "");
      return { type, ...place, ...(language !== "" && { language }) };
    }
    case "text_link": {
      const url = clean(textOf(fields, "url"));
      if (userIn(url) === null) checkLink(url, "entity");
      return linkEntity(url, place);
    }
    case "text_mention":
      return mentionOf(needed(fields, "user"), place);
    case "custom_emoji": {
      const id = integerIn(textOf(fields, "custom_emoji_id"), 64);
      if (id === null) throw unread('Field "custom_emoji_id" must be a valid Number');
      return id === 0n ? null : { type, ...place, custom_emoji_id: String(id) };
    }
    case "date_time": {
      const time = integerOf(fields, "unix_time");
      const format = dateFormat(fields.text("date_time_format") ?? "");
      if (format === null) throw unread("Invalid date-time format specified");
      if (time <= 0) throw badRequest("invalid date specified");
      return dateEntity(time, format, place);
    }
    case "bank_card_number":
      return null;
    default:
      throw unread("Unsupported type specified");
  }
}

function mentionOf(user: unknown, place: Place): MessageEntity {
  if (!isRecord(user)) throw unread('Field "user" must be of type Object');
  return mentionEntity(integerOf(new Params(user), "id", 64), place);
}

function needed(fields: Params, name: string): unknown {
  if (!fields.has(name)) throw unread(`Can't find field "${name}"`);
  return fields.values[name];
}

function textOf(fields: Params, name: string): string {
  needed(fields, name);
  const text = fields.text(name);
  if (text === undefined) throw unread(`Field "${name}" must be of type String`);
  return text;
}

function integerOf(fields: Params, name: string, bits = 32): number {
  needed(fields, name);
  const text = fields.text(name);
  if (text === undefined) throw unread(`Field "${name}" must be a Number`);
  const integer = integerIn(text, bits);
  if (integer === null) throw unread(`Field "${name}" must be a valid Number`);
  return Number(integer);
}

function unread(words: string) {
  return badRequest(`can't parse MessageEntity: ${words}`);
}
