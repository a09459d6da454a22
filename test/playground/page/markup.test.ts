import { array, assert, constantFrom, property } from "fast-check";
import { describe, expect, test } from "vitest";
import { parseMarkup } from "../../../playground/page/composer/markup.ts";

/** The text, and each entity as its type, what it covers, and what else it says. */
function read(source: string) {
  const { text, entities } = parseMarkup(source);
  return {
    text,
    entities: entities.map(({ type, offset, length, ...rest }) => [
      type,
      text.slice(offset, offset + length),
      ...Object.values(rest),
    ]),
  };
}

describe("marks become entities", () => {
  test.each([
    ["**a b**", "a b", [["bold", "a b"]]],
    ["__a__", "a", [["italic", "a"]]],
    ["++a++", "a", [["underline", "a"]]],
    ["~~a~~", "a", [["strikethrough", "a"]]],
    ["||a||", "a", [["spoiler", "a"]]],
    ["say `a**b**` now", "say a**b** now", [["code", "a**b**"]]],
    ["un**believ**able", "unbelievable", [["bold", "believ"]]],
    ["a\n**b\nc**", "a\nb\nc", [["bold", "b\nc"]]],
    [
      "[see **here**](https://x.io/a?b=1)",
      "see here",
      [
        ["text_link", "see here", "https://x.io/a?b=1"],
        ["bold", "here"],
      ],
    ],
    ["[a](https://x.io/a_(b))!", "a!", [["text_link", "a", "https://x.io/a_(b)"]]],
    ["[a](tg://user?id=1)", "a", [["text_link", "a", "tg://user?id=1"]]],
  ])("%j", (source, text, entities) => {
    expect(read(source)).toEqual({ text, entities });
  });
});

describe("what is no mark stays as it stands", () => {
  test.each([
    "**a",
    "a**",
    "****",
    "** a **",
    "a || b || c",
    "snake__case__name",
    "C++ or D++",
    "C++, C++.",
    "`a",
    "``",
    "``````",
    "```\n\n```",
    "[a](javascript:alert)",
    "[a](x.io)",
    "[](https://x.io)",
    "a > b",
    ">b",
    "1 * 2 * 3",
  ])("%j", (source) => {
    expect(parseMarkup(source)).toEqual({ text: source, entities: [] });
  });
});

test("marks nest, the outer one first", () => {
  expect(read("**a __b ~~c~~__** d")).toEqual({
    text: "a b c d",
    entities: [
      ["bold", "a b c"],
      ["italic", "b c"],
      ["strikethrough", "c"],
    ],
  });
});

test("of marks that cross, the first is one", () => {
  expect(read("**a __b** c__")).toEqual({ text: "a __b c__", entities: [["bold", "a __b"]] });
});

test("a mark does not end inside code or a link", () => {
  expect(read("**a `**` b**")).toEqual({
    text: "a ** b",
    entities: [
      ["bold", "a "],
      ["code", "**"],
      ["bold", " b"],
    ],
  });
  expect(read("**a [b](https://x.io/**) c**").entities).toEqual([
    ["bold", "a b c"],
    ["text_link", "b", "https://x.io/**"],
  ]);
});

test("what is nothing but code is not bold as well", () => {
  expect(read("**`a` `b`**")).toEqual({
    text: "a b",
    entities: [
      ["code", "a"],
      ["code", "b"],
    ],
  });
});

test("a block of code keeps its lines and tells its language", () => {
  expect(read("see:\n```ts\nif (a > b)\n> **no**\n```\nok")).toEqual({
    text: "see:\nif (a > b)\n> **no**\nok",
    entities: [["pre", "if (a > b)\n> **no**", "ts"]],
  });
  expect(read("```one line```")).toEqual({ text: "one line", entities: [["pre", "one line"]] });
});

test("lines in a row with a quote sign are one quote", () => {
  expect(read("a\n> **b**\n>\n> c\nd\n> e")).toEqual({
    text: "a\nb\n\nc\nd\ne",
    entities: [
      ["blockquote", "b\n\nc"],
      ["bold", "b"],
      ["blockquote", "e"],
    ],
  });
});

test("a quote may hold a block of code", () => {
  expect(read("> a\n> ```\n> b\n> ```")).toEqual({
    text: "a\nb",
    entities: [
      ["blockquote", "a\nb"],
      ["pre", "b"],
    ],
  });
});

test("the text is trimmed, and the entities with it", () => {
  expect(parseMarkup("\n  👋 **a** \n")).toEqual({
    text: "👋 a",
    entities: [{ type: "bold", offset: 3, length: 1 }],
  });
  expect(parseMarkup("```\n  a\n```")).toEqual({
    text: "a",
    entities: [{ type: "pre", offset: 0, length: 1 }],
  });
  expect(parseMarkup(" \n ")).toEqual({ text: "", entities: [] });
});

test("whatever is typed, entities lie inside the text, sorted, and do not cross", () => {
  const piece = constantFrom(
    "**",
    "__",
    "++",
    "~~",
    "||",
    "`",
    "```",
    "> ",
    "\n",
    " ",
    "a",
    "👋",
    "[b](https://x.io)",
  );
  assert(
    property(array(piece, { maxLength: 30 }), (pieces) => {
      const { text, entities } = parseMarkup(pieces.join(""));
      const open: number[] = [];
      let last = 0;
      for (const { offset, length } of entities) {
        expect(length).toBeGreaterThan(0);
        expect(offset).toBeGreaterThanOrEqual(last);
        while (open.length > 0 && (open.at(-1) ?? 0) <= offset) open.pop();
        expect(offset + length).toBeLessThanOrEqual(open.at(-1) ?? text.length);
        open.push(offset + length);
        last = offset;
      }
    }),
  );
});
