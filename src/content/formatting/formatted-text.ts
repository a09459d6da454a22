import type { MessageEntity } from "grammy/types";
import { cleanFormatted } from "./clean.ts";
import { fixEntities } from "./fix-entities.ts";
import { FormattingError } from "./formatting-error.ts";
import { parseHtml } from "./html.ts";
import { parseMarkdown } from "./markdown.ts";

/** A text with all its entities. */
export interface Parsed {
  text: string;
  entities: MessageEntity[];
}

/** Reads a text with HTML or MarkdownV2 in it as the Bot API does. @throws FormattingError */
export function parseFormatted(text: string, mode: "html" | "markdownv2"): Parsed {
  return fixFormatted(mode === "html" ? parseHtml(text) : parseMarkdown(text));
}

/**
 * A text and its entities as Telegram keeps them (TDLib, `fix_formatted_text`).
 * @throws FormattingError if the entities do not fit the text
 */
export function fixFormatted({ text, entities }: Parsed): Parsed {
  for (const { offset, length } of entities) {
    if (offset < 0 || offset > 1_000_000)
      throw new FormattingError(`receive an entity with incorrect offset ${offset}`);
    if (length < 0 || length > 1_000_000)
      throw new FormattingError(`receive an entity with incorrect length ${length}`);
  }
  const cleaned = cleanFormatted(text, fixEntities(entities.filter(({ length }) => length > 0)));
  if (/^[ \n]*$/.test(cleaned.text)) return { text: "", entities: [] };
  // Removing characters may have made entities touch.
  return { text: cleaned.text, entities: fixEntities(cleaned.entities) };
}
