import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { countCharacters } from "../../src/content/content.ts";
import type { Formatted } from "../../src/content/personal.ts";
import { splitText } from "../../src/content/split.ts";
import { WHOLE, plant, trees } from "./formatted.ts";

const texts = (text: string, limit: number) => splitText({ text }, limit)?.map(({ text }) => text);

describe("where a text is cut", () => {
  test.each([
    ["between paragraphs", "One. Two.\nThree.\n\nFour. Five.", 20, ["One. Two.\nThree.", "Four. Five."]],
    ["between the last that fit", "A\n\nB\n\nC C C C", 7, ["A\n\nB", "C C C C"]],
    ["paragraphs parted by blanks", "One \n \t\n\n  Two", 6, ["One", "Two"]],
    ["rather between paragraphs than later", "A.\n\nB\nC", 6, ["A.", "B\nC"]],
    ["else between lines", "One. Two.\nThree. Four.", 20, ["One. Two.", "Three. Four."]],
    ["else between sentences", "One two. Three (four!) Five six", 24, ["One two. Three (four!)", "Five six"]],
    ["else between words", "One two three four", 10, ["One two", "three four"]],
    ["sentences of a script without blanks", "好好。好好。好", 6, ["好好。好好。", "好"]],
    ["else between letters", "abcdefgh", 5, ["abcde", "fgh"]],
    ["a later gap when the rest would be too long", "A\n\nbb cc dd", 7, ["A\n\nbb", "cc dd"]],
    ["never in an emoji", "aaaa👨‍👩‍👧b", 8, ["aaaa", "👨‍👩‍👧b"]],
    ["blanks beyond the limit go, too", "abcde     fghij", 5, ["abcde", "fghij"]],
    [
      "a placeholder stays whole",
      "aaaaaaaa aaaaaaaa {first_name|my friend} b",
      36,
      ["aaaaaaaa aaaaaaaa", "{first_name|my friend} b"],
    ],
  ])("%s", (_, text, limit, parts) => {
    expect(texts(text, limit)).toEqual(parts);
  });

  test("characters are counted, not UTF-16 units", () => {
    expect(texts("🎁".repeat(8), 4)).toEqual(["🎁".repeat(4), "🎁".repeat(4)]);
  });

  test("null when two are not enough", () => {
    expect(texts("a".repeat(11), 5)).toBeUndefined();
    expect(texts("aaaa bbbb cccc", 5)).toBeUndefined();
  });

  test("null when the only places lie in what cannot be cut", () => {
    const text = "https://example.com/abc";
    expect(splitText({ text, entities: [{ type: "url", offset: 0, length: text.length }] }, 20)).toBeNull();
  });

  test("a quotation is cut in two, a date is not", () => {
    const text = "aa bb cc dd";
    expect(splitText({ text, entities: [{ type: "blockquote", offset: 3, length: 8 }] }, 8)).toEqual([
      { text: "aa bb cc", entities: [{ type: "blockquote", offset: 3, length: 5 }] },
      { text: "dd", entities: [{ type: "blockquote", offset: 0, length: 2 }] },
    ]);
    const date = {
      type: "date_time" as const,
      offset: 3,
      length: 8,
      unix_time: 1,
      date_time_format: "r" as const,
    };
    expect(splitText({ text, entities: [date] }, 8)).toEqual([
      { text: "aa" },
      { text: "bb cc dd", entities: [{ ...date, offset: 0 }] },
    ]);
  });
});

/** Each letter with the entities around it. */
function letters({ text, entities = [] }: Formatted): string[] {
  return Array.from({ length: text.length }, (_, index) => {
    const around = entities.filter(({ offset, length }) => offset <= index && index < offset + length);
    return `${text[index]} ${around.map(({ type }) => type).join()}`;
  }).filter((letter) => letter.slice(0, 1).trim() !== "");
}

function wholes({ entities = [] }: Formatted) {
  return entities.filter(({ type }) => WHOLE.some((face) => face.type === type));
}

function graphemes({ text }: Formatted): string[] {
  const all = [...new Intl.Segmenter().segment(text)].map(({ segment }) => segment);
  return all.filter((one) => one.trim() !== "");
}

test("both parts together say the same words in the same way, and nothing whole is cut", () => {
  let cut = 0;
  fc.assert(
    fc.property(trees(), fc.integer({ min: 1, max: 40 }), (tree, limit) => {
      const formatted = plant(tree);
      const parts = splitText(formatted, limit);
      if (!parts) return;
      cut += 1;
      for (const { text } of parts) {
        expect(countCharacters(text)).toBeLessThanOrEqual(limit);
        expect(text.trim()).not.toBe("");
      }
      expect(parts.flatMap(letters)).toEqual(letters(formatted));
      expect(parts.flatMap(wholes)).toHaveLength(wholes(formatted).length);
      expect(parts.flatMap(graphemes)).toEqual(graphemes(formatted));
    }),
    { numRuns: 2_000 },
  );
  expect(cut).toBeGreaterThan(100);
});
