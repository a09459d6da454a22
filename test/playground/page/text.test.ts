import type { MessageEntity } from "@grammyjs/types";
import { array, assert, constantFrom, integer, property, record, string } from "fast-check";
import { describe, expect, it } from "vitest";
import { detected } from "../../../playground/page/message/detect.ts";
import { hostOf, safeLink } from "../../../playground/page/message/safe-link.ts";
import { isOnlyEmoji, nested, type Span } from "../../../playground/page/message/spans.ts";

type Simple = MessageEntity.CommonMessageEntity["type"];

/** An entity over the first occurrence of some words. */
function over(text: string, words: string, type: Simple): MessageEntity {
  return { type, offset: text.indexOf(words), length: words.length };
}

/** The tree as markup that is easy to read: <bold>words</bold>. */
function shown(spans: readonly Span[]): string {
  return spans
    .map((span) => {
      if (typeof span === "string") return span;
      const { type } = span.entity;
      return `<${type}>${shown(span.children)}</${type}>`;
    })
    .join("");
}

describe("a text and its entities", () => {
  it("are a tree: an entity within another is its child", () => {
    const text = "one two three";
    const entities = [over(text, "two", "italic"), over(text, "one two three", "bold")];
    expect(shown(nested(text, entities))).toBe("<bold>one <italic>two</italic> three</bold>");
  });

  it("count in UTF-16 units", () => {
    const text = "👩‍💻🎉 bold";
    expect(shown(nested(text, [over(text, "bold", "bold")]))).toBe("👩‍💻🎉 <bold>bold</bold>");
  });

  it("are cut where two cross: the style and not the link", () => {
    const text = "one two three";
    const entities = [over(text, "one two", "bold"), over(text, "two three", "url")];
    expect(shown(nested(text, entities))).toBe("<bold>one </bold><url><bold>two</bold> three</url>");
  });

  it("leave a quote in one piece, and its line break to it", () => {
    const text = "before\nquoted words\nafter";
    const entities = [over(text, text, "bold"), over(text, "quoted words", "blockquote")];
    expect(shown(nested(text, entities))).toBe(
      "<bold>before\n</bold><blockquote><bold>quoted words</bold></blockquote><bold>\nafter</bold>",
    );
    expect(shown(nested(text, [over(text, "quoted words", "blockquote")]))).toBe(
      "before\n<blockquote>quoted words</blockquote>after",
    );
  });

  it("have nothing in code and no link in a link", () => {
    const text = "bot.start() and t.me/x";
    const code = [over(text, "bot.start()", "code"), over(text, "start", "bold")];
    expect(shown(nested(text, code))).toBe("<code>bot.start()</code> and t.me/x");
    const links = [over(text, "t.me/x", "url"), over(text, "me/x", "mention")];
    expect(shown(nested(text, links))).toBe("bot.start() and <url>t.me/x</url>");
  });

  it("lose no letter, whatever the entities", () => {
    const types: Simple[] = ["bold", "url", "spoiler", "code", "italic", "mention"];
    const entity = record({
      type: constantFrom(...types),
      offset: integer({ min: -2, max: 14 }),
      length: integer({ min: 0, max: 14 }),
    });
    const letters = (spans: readonly Span[]): string =>
      spans.map((span) => (typeof span === "string" ? span : letters(span.children))).join("");
    assert(
      property(string({ maxLength: 12 }), array(entity, { maxLength: 8 }), (text, entities) => {
        expect(letters(nested(text, entities))).toBe(text);
      }),
    );
  });
});

describe("what is found in a text that nobody marked", () => {
  it("is links, commands, mentions, tags and addresses", () => {
    const text = "See https://example.org/a?b=1, /help, @herald, #news, $USD or me@example.org.";
    expect(shown(nested(text, detected(text)))).toBe(
      "See <url>https://example.org/a?b=1</url>, <bot_command>/help</bot_command>, <mention>@herald</mention>, " +
        "<hashtag>#news</hashtag>, <cashtag>$USD</cashtag> or <email>me@example.org</email>.",
    );
  });

  it("is nothing within words and within code", () => {
    const text = "and/or 1/2 a@b code /start";
    expect(detected(text, [over(text, "code /start", "code")])).toHaveLength(1);
  });
});

describe("a link", () => {
  it("leads only where a click may lead", () => {
    expect(safeLink("example.org:8080/a")).toBe("https://example.org:8080/a");
    expect(safeLink("http://example.org")).toBe("http://example.org/");
    expect(safeLink("tel:+49301234")).toBe("tel:+49301234");
    expect(safeLink("javascript:alert(1)")).toBeUndefined();
    expect(safeLink("data:text/html,x")).toBeUndefined();
    expect(safeLink("https://")).toBeUndefined();
  });

  it("is named by its host", () => {
    expect(hostOf("https://www.example.org/path")).toBe("example.org");
  });
});

it("one to three emoji are shown large", () => {
  expect(["🎉", "👍🏽 👩‍💻", "❤️❤️❤️"].every(isOnlyEmoji)).toBe(true);
  expect(["🎉🎉🎉🎉", "Hi 🎉", "12", ""].some(isOnlyEmoji)).toBe(false);
});
