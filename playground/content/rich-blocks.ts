import type { RichBlock, RichMessage } from "@grammyjs/types";
import { characters } from "../text/entities.ts";
import type { MediaKind } from "./files.ts";
import { isRecord } from "../wire/params.ts";
import { badRequest } from "../wire/refusal.ts";

/** Bot API, "Rich Message Limits". */
const MOST = { characters: 32_768, blocks: 500, levels: 16, media: 50, columns: 20, buttons: 8 };

/** Returns the media for what a block holds in the field of its kind, and whether it is a spoiler. */
export type MediaOf = (kind: MediaKind, given: unknown) => { media: unknown; has_spoiler?: true };

/** Throws if Telegram refuses a button of a rich message. */
export type CheckButton = (button: Record<string, unknown>) => void;

/** The fields that each type of block passes on unchanged. Nested blocks and media are handled separately. */
const PLAIN: Record<string, readonly string[]> = {
  paragraph: ["text"],
  heading: ["text", "size"],
  pre: ["text", "language"],
  footer: ["text"],
  divider: [],
  mathematical_expression: ["expression"],
  anchor: ["name"],
  list: [],
  blockquote: ["credit"],
  expandable_blockquote: ["text", "credit"],
  pullquote: ["text", "credit"],
  collage: ["caption"],
  slideshow: ["caption"],
  table: ["cells", "is_bordered", "is_striped", "is_compact", "caption"],
  details: ["summary", "is_open"],
  map: ["location", "zoom", "width", "height", "caption"],
  buttons: ["buttons", "align"],
  photo: ["caption"],
  video: ["caption"],
  animation: ["caption"],
  audio: ["caption"],
  document: ["caption"],
  voice_note: ["caption"],
};
const NESTED = new Set(["blockquote", "collage", "slideshow", "details"]);
const MEDIA: Record<string, MediaKind> = {
  photo: "photo",
  video: "video",
  animation: "animation",
  audio: "audio",
  document: "document",
  voice_note: "voice",
};

/** The types of RichText that have no text of their own. */
const TEXTLESS: Record<string, string | undefined> = {
  custom_emoji: "alternative_text",
  mathematical_expression: "expression",
  anchor: undefined,
};
const STYLES = new Set([
  "bold",
  "italic",
  "underline",
  "strikethrough",
  "spoiler",
  "date_time",
  "text_mention",
  "subscript",
  "superscript",
  "marked",
  "code",
  "url",
  "email_address",
  "phone_number",
  "bank_card_number",
  "mention",
  "hashtag",
  "cashtag",
  "bot_command",
  "anchor_link",
  "reference",
  "reference_link",
]);

/**
 * Converts a rich message as it was sent into the one that is received. Throws refusals for unknown blocks and
 * exceeded limits; TDLib's wording of the limits is not public.
 */
export function receiveRich(
  given: Record<string, unknown>,
  mediaOf: MediaOf,
  checkButton: CheckButton,
): RichMessage {
  const reader = new Reader(mediaOf, checkButton);
  const blocks = reader.blocks(given["blocks"], 1);
  if (blocks.length === 0) throw badRequest("rich message must be non-empty");
  return { blocks, ...(given["is_rtl"] === true && { is_rtl: true }) };
}

/** Reads the blocks of one message and counts what has a limit. */
class Reader {
  readonly #mediaOf: MediaOf;
  readonly #checkButton: CheckButton;
  #counted = { characters: 0, blocks: 0, media: 0 };

  constructor(mediaOf: MediaOf, checkButton: CheckButton) {
    this.#mediaOf = mediaOf;
    this.#checkButton = checkButton;
  }

  blocks(list: unknown, level: number): RichBlock[] {
    if (!Array.isArray(list)) throw badRequest("can't parse InputRichMessage: blocks must be an Array");
    if (level > MOST.levels) throw badRequest("rich message is nested too deeply");
    return list.map((block: unknown) => this.#block(block, level));
  }

  #block(given: unknown, level: number): RichBlock {
    this.#count("blocks");
    if (!isRecord(given)) throw badRequest("can't parse InputRichBlock: expected an Object");
    const type = String(given["type"]);
    const fields = Object.hasOwn(PLAIN, type) ? PLAIN[type] : undefined;
    if (fields === undefined) throw badRequest(`can't parse InputRichBlock: type "${type}" is unsupported`);
    const block: Record<string, unknown> = { type };
    for (const field of fields) if (given[field] !== undefined) block[field] = given[field];
    if (NESTED.has(type)) block["blocks"] = this.blocks(given["blocks"], level + 1);
    if (type === "list") block["items"] = this.#items(given["items"], level);
    if (type === "buttons") this.#buttons(given["buttons"], level);
    if (type === "table") this.#cells(given["cells"], level);
    for (const field of ["text", "credit", "summary"]) this.#text(block[field], level);
    if (type === "table") this.#text(block["caption"], level);
    else this.#caption(block["caption"], level);
    const kind = MEDIA[type];
    if (kind !== undefined) Object.assign(block, this.#media(type, kind, given[type]));
    // Each field was copied according to the block's type.
    return block as unknown as RichBlock;
  }

  #media(field: string, kind: MediaKind, given: unknown): object {
    this.#count("media");
    const { media, has_spoiler: spoiler } = this.#mediaOf(kind, given);
    return { [field]: media, ...(spoiler && { has_spoiler: true }) };
  }

  #items(list: unknown, level: number): object[] {
    if (!Array.isArray(list)) throw badRequest("can't parse InputRichBlockList: items must be an Array");
    return list.map((item: unknown) => {
      this.#count("blocks");
      if (!isRecord(item)) throw badRequest("can't parse InputRichBlockListItem: expected an Object");
      const { has_checkbox: box, is_checked: checked, value, type } = item;
      return {
        label: labelOf(value, type),
        blocks: this.blocks(item["blocks"], level + 1),
        ...(box === true && { has_checkbox: true }),
        ...(checked === true && { is_checked: true }),
        ...(value !== undefined && { value }),
        ...(type !== undefined && { type }),
      };
    });
  }

  #cells(rows: unknown, level: number): void {
    if (!Array.isArray(rows)) throw badRequest("can't parse InputRichBlockTable: cells must be an Array");
    for (const row of rows as unknown[]) {
      this.#count("blocks");
      if (!Array.isArray(row)) throw badRequest("can't parse InputRichBlockTable: a row must be an Array");
      if (row.length > MOST.columns) throw badRequest("rich message table has too many columns");
      for (const cell of row as unknown[]) this.#text(isRecord(cell) ? cell["text"] : undefined, level);
    }
  }

  #buttons(list: unknown, level: number): void {
    const buttons = Array.isArray(list) ? (list as unknown[]) : [];
    if (buttons.length === 0 || buttons.length > MOST.buttons)
      throw badRequest("rich message row must have 1-8 buttons");
    for (const button of buttons) this.#button(button, level);
  }

  #button(button: unknown, level: number): void {
    if (!isRecord(button)) throw badRequest("can't parse RichMessageButton: expected an Object");
    this.#text(button["text"], level);
    this.#checkButton(button);
  }

  /** The caption of any block but a table (whose caption is a plain text): a text and its credit, without a type. */
  #caption(caption: unknown, level: number): void {
    if (caption === undefined) return;
    if (!isRecord(caption)) throw badRequest("can't parse RichBlockCaption: expected an Object");
    this.#text(caption["text"], level);
    this.#text(caption["credit"], level);
  }

  #text(text: unknown, level: number): void {
    if (text === undefined) return;
    if (level > MOST.levels) throw badRequest("rich message is nested too deeply");
    if (typeof text === "string") return this.#count("characters", characters(text));
    if (Array.isArray(text)) return (text as unknown[]).forEach((part) => this.#text(part, level));
    if (!isRecord(text)) throw badRequest("can't parse RichText: expected a String, an Array or an Object");
    const { type } = text;
    if (type === "button") return this.#button(text["button"], level + 1);
    if (typeof type === "string" && Object.hasOwn(TEXTLESS, type))
      return this.#text(text[TEXTLESS[type] ?? ""], level);
    if (typeof type !== "string" || !STYLES.has(type))
      throw badRequest("can't parse RichText: type is unsupported");
    this.#text(text["text"], level + 1);
  }

  #count(what: "characters" | "blocks" | "media", many = 1): void {
    this.#counted[what] += many;
    if (this.#counted[what] > MOST[what]) throw badRequest(`rich message has too many ${what}`);
  }
}

/** The label of a list item: a bullet, or its number in the list's style. */
function labelOf(value: unknown, type: unknown): string {
  if (value === undefined && type === undefined) return "•";
  const number = typeof value === "number" ? value : 1;
  return `${numeral(number, typeof type === "string" ? type : "1")}.`;
}

const ROMAN: [number, string][] = [
  [1000, "m"],
  [900, "cm"],
  [500, "d"],
  [400, "cd"],
  [100, "c"],
  [90, "xc"],
  [50, "l"],
  [40, "xl"],
  [10, "x"],
  [9, "ix"],
  [5, "v"],
  [4, "iv"],
  [1, "i"],
];

function numeral(number: number, type: string): string {
  if (type === "A" || type === "I") return numeral(number, type.toLowerCase()).toUpperCase();
  if (type === "a") return number < 1 ? "" : numeral(Math.floor((number - 1) / 26), "a") + letter(number);
  if (type !== "i") return String(number);
  const [size, digit] = ROMAN.find(([least]) => least <= number) ?? [0, ""];
  return size === 0 ? "" : digit + numeral(number - size, "i");
}

function letter(number: number): string {
  return String.fromCodePoint(97 + ((number - 1) % 26));
}
