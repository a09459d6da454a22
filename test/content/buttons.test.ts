import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { formatButtons, parseButtons } from "../../src/content/buttons.ts";

const one = (text: string, url: string) => [[{ text, url }]];

const row = (count: number) => Array<string>(count).fill("A - a.com").join(" | ");
const lines = (count: number) => Array<string>(count).fill("A - a.com | B - b.com").join("\n");

describe("what admins type", () => {
  test.each([
    ["Shop - https://example.com", one("Shop", "https://example.com")],
    ["Shop – https://example.com", one("Shop", "https://example.com")],
    ["Shop — https://example.com", one("Shop", "https://example.com")],
    ["Shop https://example.com", one("Shop", "https://example.com")],
    ["  Shop  -  https://example.com  ", one("Shop", "https://example.com")],
    ["Shop-https://example.com", one("Shop", "https://example.com")],
    ["Shop -https://example.com", one("Shop", "https://example.com")],
    ["Sign-up - now — https://example.com/a-b", one("Sign-up - now", "https://example.com/a-b")],
    ["50 % – only today – https://example.com", one("50 % – only today", "https://example.com")],
    ["News - t.me/example", one("News", "https://t.me/example")],
    ["News - t.me/+AbC_d", one("News", "https://t.me/+AbC_d")],
    ["Help - example.com/help?a=1&b=2#c", one("Help", "https://example.com/help?a=1&b=2#c")],
    ["Help - Example.COM", one("Help", "https://Example.COM")],
    ["Почта – почта.рф", one("Почта", "https://почта.рф")],
    ["Open - tg://resolve?domain=example", one("Open", "tg://resolve?domain=example")],
    ["Old - http://example.com:8080/x", one("Old", "http://example.com:8080/x")],
    ["Loud - HTTPS://EXAMPLE.COM", one("Loud", "HTTPS://EXAMPLE.COM")],
    ["🎁 Gift 👨‍👩‍👧 - https://example.com", one("🎁 Gift 👨‍👩‍👧", "https://example.com")],
    ["Read https://a.com first - https://b.com", one("Read https://a.com first", "https://b.com")],
    ["Version 2.0 - example.com", one("Version 2.0", "https://example.com")],
  ])("%s", (typed, rows) => {
    expect(parseButtons(typed)).toEqual({ rows, faults: [] });
  });

  test("a row a line, several parted by |, blank lines left out, any line ends", () => {
    const typed = "A - a.com | B – b.com\r\n\r\n   \nC - c.com\n";
    expect(parseButtons(typed)).toEqual({
      rows: [
        [
          { text: "A", url: "https://a.com" },
          { text: "B", url: "https://b.com" },
        ],
        [{ text: "C", url: "https://c.com" }],
      ],
      faults: [],
    });
  });

  test("nothing is nothing", () => {
    expect(parseButtons("  \n\n")).toEqual({ rows: [], faults: [] });
  });
});

describe("faults name the line and the reason", () => {
  test.each([
    ["Shop", [{ line: 1, reason: "no-url", part: "Shop" }]],
    ["Shop - soon", [{ line: 1, reason: "no-url", part: "Shop - soon" }]],
    ["Shop -", [{ line: 1, reason: "no-url", part: "Shop -" }]],
    ["https://example.com", [{ line: 1, reason: "no-text", part: "https://example.com" }]],
    [" - example.com", [{ line: 1, reason: "no-text", part: "- example.com" }]],
    ["Files - ftp://example.com", [{ line: 1, reason: "bad-url", part: "ftp://example.com" }]],
    ["Bad - javascript://alert(1)", [{ line: 1, reason: "bad-url", part: "javascript://alert(1)" }]],
    ["Local - http://localhost", [{ line: 1, reason: "bad-url", part: "http://localhost" }]],
    ["Half - https://", [{ line: 1, reason: "bad-url", part: "https://" }]],
    [
      "A - a.com\n\nB\nC - c.com | D",
      [
        { line: 3, reason: "no-url", part: "B" },
        { line: 4, reason: "no-url", part: "D" },
      ],
    ],
    ["A - a.com |", [{ line: 1, reason: "no-url", part: "" }]],
  ])("%s", (typed, faults) => {
    expect(parseButtons(typed).faults).toEqual(faults);
  });

  test("a text of 64 characters is taken, one more is not; an emoji counts as one", () => {
    const fits = "🎁".repeat(64);
    expect(parseButtons(`${fits} - a.com`).faults).toEqual([]);
    expect(parseButtons(`A - a.com\n${fits}🎁 - a.com`).faults).toEqual([
      { line: 2, reason: "text-too-long", part: `${fits}🎁`, limit: 64 },
    ]);
  });

  test("eight in a row are taken, nine are not", () => {
    expect(parseButtons(row(8)).faults).toEqual([]);
    expect(parseButtons(`${row(1)}\n${row(9)}`).faults).toEqual([
      { line: 2, reason: "row-too-long", limit: 8 },
    ]);
  });

  test("a hundred are taken; the line with the next one is named, once", () => {
    expect(parseButtons(lines(50)).faults).toEqual([]);
    expect(parseButtons(lines(53)).faults).toEqual([{ line: 51, reason: "too-many", limit: 100 }]);
  });
});

describe("format and parse", () => {
  const text = fc
    .array(
      fc.oneof(
        { weight: 3, arbitrary: fc.string({ minLength: 1, maxLength: 8, unit: "grapheme" }) },
        {
          weight: 1,
          arbitrary: fc.constantFrom("-", "–", "—", "t.me", "https://x.com", "example.com", "2.0"),
        },
      ),
      { minLength: 1, maxLength: 5 },
    )
    .map((words) =>
      words
        .join(" ")
        .replaceAll(/[|\r\n\u2028\u2029]/g, "")
        .replace(/[\s\-–—]+$/, "")
        .trim(),
    )
    .filter((text) => text !== "" && [...text].length <= 64);
  const url = fc.oneof(
    fc.webUrl({ withQueryParameters: true, withFragments: true }).filter((url) => !/[|\s]/.test(url)),
    fc.constantFrom("https://t.me/example", "tg://resolve?domain=a", "http://example.com"),
  );
  const rows = fc.array(fc.array(fc.record({ text, url }), { minLength: 1, maxLength: 8 }), {
    maxLength: 10,
  });

  test("what is shown to an admin and sent back unchanged gives the same buttons", () => {
    fc.assert(
      fc.property(rows, (rows) => {
        expect(parseButtons(formatButtons(rows))).toEqual({ rows, faults: [] });
      }),
      { numRuns: 500 },
    );
  });

  test("whatever is typed, it is read or refused, never thrown", () => {
    const typed = fc.oneof(
      fc.string({ unit: "grapheme", maxLength: 200 }),
      fc
        .array(fc.constantFrom("a", " ", "-", "–", "|", "\n", "https://", "t.me/", ".", "://", "tg:"), {
          maxLength: 60,
        })
        .map((parts) => parts.join("")),
    );
    fc.assert(
      fc.property(typed, (typed) => {
        const { rows, faults } = parseButtons(typed);
        for (const { text, url } of rows.flat()) {
          expect(text.trim()).not.toBe("");
          expect(URL.canParse(url)).toBe(true);
        }
        for (const { line } of faults) expect(line).toBeLessThanOrEqual(typed.split(/\r?\n/).length);
      }),
      { numRuns: 500 },
    );
  });

  test("a long line is read in no time", () => {
    const began = performance.now();
    parseButtons(`${"- ".repeat(2_000)}x`);
    parseButtons(`${" ".repeat(4_000)}x`);
    parseButtons(`a${"-".repeat(4_000)}`);
    expect(performance.now() - began).toBeLessThan(500);
  });
});
