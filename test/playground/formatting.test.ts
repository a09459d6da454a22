import { describe, expect, test } from "vitest";
import { linkFrom } from "../../src/content/links.ts";
import { readEntities } from "../../playground/text/entities.ts";
import { type Parsed, fixFormatted } from "../../src/content/formatting/formatted-text.ts";
import { parseHtml } from "../../src/content/formatting/html.ts";
import { parseMarkdown } from "../../src/content/formatting/markdown.ts";
import { FormattingError } from "../../src/content/formatting/formatting-error.ts";
import { Refusal } from "../../playground/wire/refusal.ts";
import tables from "./tdlib.json" with { type: "json" };

/*
 * tdlib.json is what TDLib itself says, the library inside Telegram's Bot API server: `npm run tdlib -- --write` makes it
 * anew, and compares thousands of generated texts besides.
 */

/** What we say, in TDLib's words: the Bot API server puts "Bad Request: " before them, and a small letter first. */
function answerOf(make: () => Parsed): Parsed | { error: string } {
  try {
    return make();
  } catch (error) {
    if (!(error instanceof Refusal || error instanceof FormattingError)) throw error;
    const words = error.message.replace("Bad Request: ", "");
    return { error: words.charAt(0).toUpperCase() + words.slice(1) };
  }
}

const link = (url: string) => readEntities([{ type: "text_link", offset: 0, length: 1, url }]);

describe(`Telegram reads (TDLib ${tables.tdlib})`, () => {
  test.each(tables.HTML)("the HTML $input", ({ input, output }) => {
    expect(answerOf(() => parseHtml(input))).toEqual(output);
  });

  test.each(tables.MarkdownV2)("the MarkdownV2 $input", ({ input, output }) => {
    expect(answerOf(() => parseMarkdown(input))).toEqual(output);
  });

  test.each(tables.entities)("the entities of $input", ({ input: { text, entities }, output }) => {
    expect(answerOf(() => fixFormatted({ text, entities: readEntities(entities) }))).toEqual(output);
  });

  test.each(tables.links)("the link $input", ({ input, output }) => {
    expect(answerOf(() => fixFormatted({ text: "x", entities: link(input) }))).toEqual(output);
  });
});

test("Herald takes a link with a scheme exactly if Telegram does", () => {
  const written = tables.links.filter(({ input }) => /^\w+:\/\//.test(input) && !input.includes(" "));
  const telegrams = written.map(({ input, output }) => [input, !("error" in output)]);
  expect(written.map(({ input }) => [input, linkFrom(input) !== null])).toEqual(telegrams);
});
