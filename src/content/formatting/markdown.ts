import type { MessageEntity } from "grammy/types";
import { sorted } from "./fix-entities.ts";
import { dateEntity, emojiIn, linkEntity, timeIn } from "./entity-links.ts";
import { FormattingError } from "./formatting-error.ts";

/*
 * MarkdownV2 as TDLib parses it (MessageEntity.cpp, `parse_markdown_v2`). `bench/tdlib` compares this with TDLib
 * itself.
 */

/** What is open. `special` is a custom emoji or a date; its link tells which. */
type Kind =
  | "bold"
  | "italic"
  | "underline"
  | "strikethrough"
  | "spoiler"
  | "code"
  | "pre"
  | "link"
  | "special"
  | "quote";

/** Their names in TDLib's errors. */
const NAMES: Record<Kind, string> = {
  bold: "Bold",
  italic: "Italic",
  underline: "Underline",
  strikethrough: "Strikethrough",
  spoiler: "Spoiler",
  code: "Code",
  pre: "Pre",
  link: "TextUrl",
  special: "CustomEmoji",
  quote: "BlockQuote",
};

const CLOSED_BY: Record<Kind, string> = {
  bold: "*",
  italic: "_",
  underline: "__",
  strikethrough: "~",
  spoiler: "||",
  code: "`",
  pre: "```",
  link: "]",
  special: "]",
  quote: "",
};
/** Opening marks. Longer ones come first, because the first match wins. */
const OPENINGS: readonly [mark: string, kind: Kind][] = [
  ["```", "pre"],
  ["__", "underline"],
  ["||", "spoiler"],
  ["![", "special"],
  ["*", "bold"],
  ["_", "italic"],
  ["~", "strikethrough"],
  ["`", "code"],
  ["[", "link"],
];
const RESERVED = new Set("_*[]()~`>#+-=|{}.!\n");

interface Open {
  kind: Kind;
  language?: string;
  /** Where its text begins. */
  offset: number;
  /** Position of its mark in the source. */
  at: number;
}

/** Parses MarkdownV2 into text and entities. Throws Telegram's "can't parse entities: …". */
export function parseMarkdown(source: string): { text: string; entities: MessageEntity[] } {
  return new Parser(source).parse();
}

class Parser {
  readonly #source: string;
  #at = 0;
  #text = "";
  readonly #entities: MessageEntity[] = [];
  readonly #open: Open[] = [];
  #inQuote = false;
  /** Quotes begin only at the start of a line. */
  #atLineStart = true;

  constructor(source: string) {
    this.#source = source;
  }

  parse(): { text: string; entities: MessageEntity[] } {
    while (this.#at < this.#source.length) {
      const character = this.#source.charAt(this.#at);
      if (this.#escapes(this.#at)) {
        this.#take(this.#source.charAt(this.#at + 1), 2);
      } else if (!this.#isReserved(character)) {
        this.#take(character, 1);
      } else if (this.#closes()) {
        this.#close();
      } else if (character === "\n") {
        this.#take(character, 1);
      } else {
        this.#begin(character);
      }
    }
    this.#endQuote();
    const last = this.#open.at(-1);
    if (last) throw this.#endless(last);
    return { text: this.#text, entities: sorted(this.#entities) };
  }

  /** Whether a backslash here escapes the next character. */
  #escapes(at: number): boolean {
    const next = this.#source.charCodeAt(at + 1);
    return this.#source[at] === "\\" && next > 0 && next <= 126;
  }

  #isReserved(character: string): boolean {
    const kind = this.#open.at(-1)?.kind;
    return kind === "code" || kind === "pre" ? character === "`" : RESERVED.has(character);
  }

  /** Adds a character to the text; it takes `length` characters of the source. */
  #take(character: string, length: number): void {
    this.#text += character;
    if (character !== "\r")
      this.#atLineStart = character === "\n" && (length === 2 || this.#isReserved("\n"));
    this.#at += length;
  }

  #startsWith(mark: string): boolean {
    return this.#source.startsWith(mark, this.#at);
  }

  #closes(): boolean {
    const last = this.#open.at(-1);
    if (!last) return false;
    if (this.#inQuote && this.#startsWith("\n") && this.#source[this.#at + 1] !== ">") return true;
    if (last.kind === "quote") return false;
    if (last.kind === "italic") return this.#startsWith("_") && !this.#startsWith("__");
    return this.#startsWith(CLOSED_BY[last.kind]);
  }

  #begin(character: string): void {
    const at = this.#at;
    const opening = OPENINGS.find(([mark]) => this.#startsWith(mark));
    if (opening) {
      const [mark, kind] = opening;
      this.#at += mark.length;
      const language = kind === "pre" ? this.#language() : "";
      this.#open.push({ kind, ...(language !== "" && { language }), offset: this.#text.length, at });
    } else if (character === ">" && this.#atLineStart) {
      this.#at += 1;
      if (this.#inQuote) return;
      this.#inQuote = true;
      this.#open.push({ kind: "quote", offset: this.#text.length, at });
    } else {
      throw unparsed(`Character '${character}' is reserved and must be escaped with the preceding '\\'`);
    }
  }

  /** Reads what follows ``` before the block's text: its language and one line break. */
  #language(): string {
    const rest = this.#source.slice(this.#at);
    const word = /^[^ \t\r\n\v\0`]*/.exec(rest)?.[0] ?? "";
    const isLanguage = word !== "" && word.length < rest.length && rest[word.length] !== "`";
    if (isLanguage) this.#at += word.length;
    this.#at += /^(?:\r\n|\n\r|\n|\r)/.exec(this.#source.slice(this.#at))?.[0].length ?? 0;
    return isLanguage ? word : "";
  }

  #close(): void {
    const last = this.#open.at(-1);
    if (!last) return;
    if (this.#startsWith("\n")) return this.#closeQuote(last);
    this.#open.pop();
    this.#at += CLOSED_BY[last.kind].length;
    const inner = this.#text.slice(last.offset);
    const place = { offset: last.offset, length: inner.length };
    const entity = this.#entityOf(last, inner, place);
    if (entity && place.length > 0) this.#entities.push(entity);
  }

  #entityOf({ kind, language }: Open, inner: string, place: Place): MessageEntity | null {
    if (kind === "link") return linkEntity(this.#link() ?? inner, place);
    if (kind === "special") return this.#special(place);
    if (kind === "pre") return { type: "pre", ...place, ...(language !== undefined && { language }) };
    return kind === "quote" ? null : { type: kind, ...place };
  }

  #special(place: Place): MessageEntity {
    const link = this.#link();
    if (link === null) throw unparsed("The entity must contain a tg://emoji or tg://time URL");
    const emoji = emojiIn(link);
    if (emoji !== null) return { type: "custom_emoji", ...place, custom_emoji_id: emoji };
    const time = timeIn(link);
    if (time === null) throw unparsed("Invalid tg://emoji or tg://time URL specified");
    return dateEntity(time.unix, time.format, place);
  }

  /** Reads `(…)`; null if there is none here. */
  #link(): string | null {
    if (!this.#startsWith("(")) return null;
    this.#at += 1;
    const begin = this.#at;
    let link = "";
    while (this.#at < this.#source.length && !this.#startsWith(")")) {
      const escape = this.#escapes(this.#at) ? 1 : 0;
      link += this.#source.charAt(this.#at + escape);
      this.#at += 1 + escape;
    }
    if (!this.#startsWith(")"))
      throw unparsed(`Can't find end of a URL at byte offset ${this.#bytes(begin)}`);
    this.#at += 1;
    return link;
  }

  /** Ends the quote at a line break. `||` before it makes the quote an expandable one. */
  #closeQuote(last: Open): void {
    const isMark =
      last.kind === "spoiler" &&
      /^\|\|\r?\n/.test(this.#source.slice(last.at, this.#at + 1)) &&
      last.at >= this.#at - 3;
    if (isMark) this.#open.pop();
    const quote = this.#open.at(-1);
    if (quote?.kind !== "quote") throw this.#endless(quote ?? last);
    this.#open.pop();
    this.#inQuote = false;
    this.#take("\n", 1);
    this.#quote(quote, isMark);
  }

  /** Ends a quote that reaches the end of the text. */
  #endQuote(): void {
    const last = this.#open.at(-1);
    if (!this.#inQuote || !last) return;
    const isMark = last.kind === "spoiler" && last.at === this.#source.length - 2;
    if (isMark) this.#open.pop();
    const quote = this.#open.at(-1);
    if (quote?.kind !== "quote") return;
    this.#open.pop();
    if (this.#text.length > quote.offset) this.#quote(quote, isMark);
  }

  #quote({ offset }: Open, isExpandable: boolean): void {
    const type = isExpandable ? "expandable_blockquote" : "blockquote";
    this.#entities.push({ type, offset, length: this.#text.length - offset });
  }

  #endless({ kind, language, at }: Open) {
    const name = kind === "pre" && language !== undefined ? "PreCode" : NAMES[kind];
    return unparsed(`Can't find end of ${name} entity at byte offset ${this.#bytes(at)}`);
  }

  #bytes(at: number): number {
    return Buffer.byteLength(this.#source.slice(0, at));
  }
}

type Place = Pick<MessageEntity, "offset" | "length">;

function unparsed(words: string) {
  return new FormattingError(`can't parse entities: ${words}`);
}
