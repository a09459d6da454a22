import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { withButtonIds } from "../../src/content/button-ids.ts";
import { formatButtons, parseButtons } from "../../src/content/button-text.ts";
import { type Button, BUTTON_STYLES } from "../../src/content/content.ts";
import { keyboardOf } from "../../src/content/keyboard.ts";

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
    ["Pay-ton://transfer/abc?amount=1", one("Pay", "ton://transfer/abc?amount=1")],
    ["Site - tonsite://shop.ton/a", one("Site", "tonsite://shop.ton/a")],
    ["Blog - medium.com/@ada", one("Blog", "https://medium.com/@ada")],
    ["Log in - https://ada:secret@example.com/", one("Log in", "https://ada:secret@example.com/")],
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

const button = (typed: string) => {
  const { rows, faults } = parseButtons(typed);
  expect(faults).toEqual([]);
  expect(rows.flat()).toHaveLength(1);
  return rows[0]![0]!;
};

const emoji = (offset: number, length: number, id = "5368324170671202286") => ({
  type: "custom_emoji" as const,
  offset,
  length,
  custom_emoji_id: id,
});

describe("buttons that are no links", () => {
  test.each<[string, Button]>([
    ["Code - copy: SALE20", { text: "Code", copy: "SALE20" }],
    ["Код — копировать: SALE 20", { text: "Код", copy: "SALE 20" }],
    ["Code - Copy : a: b - c", { text: "Code", copy: "a: b - c" }],
    ["Look - copy: see https://a.com", { text: "Look", copy: "see https://a.com" }],
    ["Shop - app: https://app.example.com/x", { text: "Shop", app: "https://app.example.com/x" }],
    ["Магазин - приложение: example.com", { text: "Магазин", app: "https://example.com" }],
    ["Tell - share: gifts for you", { text: "Tell", share: "gifts for you" }],
    ["Сказать - поделиться:", { text: "Сказать", share: "" }],
    ["Find - here: cats", { text: "Find", here: "cats" }],
    ["Искать - здесь: коты", { text: "Искать", here: "коты" }],
    ["👍", { text: "👍", vote: true }],
    ["❤", { text: "❤️", vote: true }],
    ["❤️", { text: "❤️", vote: true }],
    ["👨‍👩‍👧", { text: "👨‍👩‍👧", vote: true }],
    ["🏴󠁧󠁢󠁳󠁣󠁴󠁿", { text: "🏴󠁧󠁢󠁳󠁣󠁴󠁿", vote: true }],
    ["👍 - example.com", { text: "👍", url: "https://example.com" }],
    ["? Hours - 9 to 5 - every day", { text: "Hours", answer: "9 to 5 - every day" }],
    ["? Where – https://a.com", { text: "Where", answer: "https://a.com" }],
    ["? Part-time - yes", { text: "Part-time", answer: "yes" }],
    ["(green) Shop - a.com", { text: "Shop", style: "success", url: "https://a.com" }],
    ["(Красная)Стоп - a.com", { text: "Стоп", style: "danger", url: "https://a.com" }],
    ["(зелёная) 👍", { text: "👍", style: "success", vote: true }],
    ["(зеленая) 👍", { text: "👍", style: "success", vote: true }],
    ["(blue) ? Hours - 9 to 5", { text: "Hours", style: "primary", answer: "9 to 5" }],
    ["(синяя) Код - copy: A", { text: "Код", style: "primary", copy: "A" }],
    // What looks like one of those and is none.
    ["Here: https://a.com", { text: "Here:", url: "https://a.com" }],
    ["Photo-copy: https://a.com", { text: "Photo-copy:", url: "https://a.com" }],
    ["What? - a.com", { text: "What?", url: "https://a.com" }],
    ["?! - a.com", { text: "?!", url: "https://a.com" }],
    ["(new) Shop - a.com", { text: "(new) Shop", url: "https://a.com" }],
    // What a backslash makes a part of the text.
    [String.raw`A \| B - a.com`, { text: "A | B", url: "https://a.com" }],
    [String.raw`\(green) A - a.com`, { text: "(green) A", url: "https://a.com" }],
    [String.raw`\? A - a.com`, { text: "? A", url: "https://a.com" }],
    [String.raw`To \- copy: me - a.com`, { text: "To - copy: me", url: "https://a.com" }],
    [String.raw`? A \- B - c`, { text: "A - B", answer: "c" }],
    [String.raw`C:\new\x - a.com`, { text: String.raw`C:\new\x`, url: "https://a.com" }],
  ])("%s", (typed, expected) => {
    expect(button(typed)).toEqual(expected);
  });

  test("two backslashes are one, and the | behind them parts", () => {
    expect(parseButtons(String.raw`A - copy: C:\\| B - b.com`).rows).toEqual([
      [
        { text: "A", copy: "C:\\" },
        { text: "B", url: "https://b.com" },
      ],
    ]);
  });

  test("a custom emoji before the text is the icon, wherever the button stands", () => {
    const typed = "A - a.com\r\n(red) 🎁 Gift - b.com | 👍🎁 | 🔥";
    const at = (text: string) => typed.indexOf(text);
    const entities = [emoji(at("🎁 Gift"), 2, "1"), emoji(at("👍🎁"), 2, "2"), emoji(at("🔥"), 2, "3")];
    expect(parseButtons(typed, entities)).toEqual({
      rows: [
        [{ text: "A", url: "https://a.com" }],
        [
          { text: "Gift", style: "danger", icon: "1", url: "https://b.com" },
          { text: "🎁", icon: "2", vote: true },
          // It has no other text, so it stays one.
          { text: "🔥", vote: true },
        ],
      ],
      faults: [],
    });
  });

  test("one within the text, or another entity, is no icon", () => {
    const bold = { type: "bold" as const, offset: 0, length: 4 };
    expect(parseButtons("Gift 🎁 - b.com", [bold, emoji(5, 2)]).rows).toEqual(
      one("Gift 🎁", "https://b.com"),
    );
  });

  test("an icon needs a text behind it", () => {
    expect(parseButtons("🎁 - b.com", [emoji(0, 2)]).faults).toEqual([
      { line: 1, reason: "no-text", part: "🎁 - b.com" },
    ]);
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
    ...[
      "http://a.com:",
      "http://a.com:0",
      "https:///a.com",
      "https://a.com\\b",
      "https://a\u3002com",
      "http://.",
      "tg://",
      "ton://a.b",
      "tel:+442079460000",
    ].map((part): [string, object[]] => [`Bad - ${part}`, [{ line: 1, reason: "bad-url", part }]]),
    ...[
      "info@shop.com",
      "mailto:info@shop.com",
      "https://info@shop.com",
      "MAILTO:info@shop.com?subject=Hi",
    ].map((typed): [string, object[]] => [
      `Write - ${typed}`,
      [{ line: 1, reason: "mail", part: "info@shop.com" }],
    ]),
    ["Write - app: info@shop.com", [{ line: 1, reason: "mail", part: "info@shop.com" }]],
    [
      "A - a.com\n\nB\nC - c.com | D",
      [
        { line: 3, reason: "no-url", part: "B" },
        { line: 4, reason: "no-url", part: "D" },
      ],
    ],
    ["A - a.com |", [{ line: 1, reason: "no-url", part: "" }]],
    ["\r\nA - a.com\r\nB", [{ line: 3, reason: "no-url", part: "B" }]],
    ["A - copy:", [{ line: 1, reason: "no-copy", part: "A - copy:" }]],
    ["- copy: A", [{ line: 1, reason: "no-text", part: "- copy: A" }]],
    ["A - app: http://a.com", [{ line: 1, reason: "bad-app", part: "http://a.com" }]],
    ["A - app: https://a.com b", [{ line: 1, reason: "bad-app", part: "https://a.com b" }]],
    ["A - app:", [{ line: 1, reason: "bad-app", part: "" }]],
    ["? A", [{ line: 1, reason: "no-answer", part: "? A" }]],
    ["(red) ? A -", [{ line: 1, reason: "no-answer", part: "(red) ? A -" }]],
    ["? - A", [{ line: 1, reason: "no-text", part: "? - A" }]],
    ["👍👍", [{ line: 1, reason: "no-url", part: "👍👍" }]],
    ["👍 | 👎\n❤ | 👍", [{ line: 2, reason: "same-vote", part: "👍" }]],
    ["❤ | ❤️", [{ line: 1, reason: "same-vote", part: "❤️" }]],
    ["❤️ | ❤", [{ line: 1, reason: "same-vote", part: "❤️" }]],
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

  test.each([
    ["copy", 256, "copy-too-long"],
    ["share", 256, "query-too-long"],
    ["here", 256, "query-too-long"],
  ])("%s takes %d characters and not one more", (action, limit, reason) => {
    const fits = "🎁".repeat(limit);
    expect(parseButtons(`A - ${action}: ${fits}`).faults).toEqual([]);
    expect(parseButtons(`A - ${action}: ${fits}🎁`).faults).toEqual([{ line: 1, reason, part: "A", limit }]);
  });

  test("a reply has 200 characters, an address 2,048", () => {
    const [reply, address] = ["🎁".repeat(200), `https://a.com/${"x".repeat(2034)}`];
    expect(parseButtons(`? A - ${reply}`).faults).toEqual([]);
    expect(parseButtons(`? A - ${reply}!`).faults).toEqual([
      { line: 1, reason: "answer-too-long", part: "A", limit: 200 },
    ]);
    expect(parseButtons(`A - ${address}\nB - app: ${address}`).faults).toEqual([]);
    expect(parseButtons(`A - ${address}x\nB - app: ${address}x`).faults).toEqual([
      { line: 1, reason: "url-too-long", part: "A", limit: 2048 },
      { line: 2, reason: "url-too-long", part: "B", limit: 2048 },
    ]);
  });

  test("the line that makes the keyboard too big is named, once; what is taken fits", () => {
    const line = `A - a.com/${"x".repeat(1000)}`;
    const faults = (count: number) => parseButtons(Array<string>(count).fill(line).join("\n")).faults;
    expect(faults(9)).toEqual([]);
    expect(faults(12)).toEqual([{ line: 10, reason: "too-big", limit: 10_240 }]);
    const { buttons: votes } = withButtonIds({
      kind: "text",
      text: "Hi",
      buttons: parseButtons("👍 | 👎").rows,
    });
    const keyboard = keyboardOf(votes, { campaignId: 9_999_999_999, seq: 9_999_999_999 });
    for (const button of keyboard!.inline_keyboard.flat())
      expect("callback_data" in button && button.callback_data.length).toBeLessThanOrEqual(64);
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
  const words = fc
    .oneof(
      text,
      fc
        .array(
          fc.constantFrom(
            ..."-–—|?:\\".split(""),
            " ",
            " - ",
            "(green)",
            "(red) ",
            "copy:",
            " - here:",
            "? ",
            "a",
            "🎁",
          ),
          { maxLength: 10 },
        )
        .map((parts) => parts.join("").trim()),
    )
    .filter((text) => text !== "" && [...text].length <= 64);
  const short = words.map((text) => [...text].slice(0, 20).join("").trim());
  const action = fc.oneof(
    fc.record({ url }),
    fc.record({ app: url.filter((url) => url.startsWith("https:")) }),
    fc.record({ copy: short }),
    fc.record({ share: fc.oneof(short, fc.constant("")) }),
    fc.record({ here: short }),
    fc.record({ answer: short }),
  );
  const face = fc.record(
    {
      style: fc.constantFrom(...BUTTON_STYLES),
      icon: fc.stringMatching(/^\d{5,19}$/),
    },
    { requiredKeys: [] },
  );
  const labelled = fc
    .tuple(words, face, action)
    .filter(([text, , action]) => !("url" in action) || !/[\s\-–—]$/.test(text))
    .map(([text, face, action]): Button => ({ text, ...face, ...action }));
  const vote = fc
    .tuple(fc.constantFrom("👍", "👎", "❤️", "🔥"), face)
    .map(([text, face]): Button => ({ text, ...face, vote: true }));
  const rows = fc
    .array(
      fc.array(fc.oneof({ weight: 5, arbitrary: labelled }, { weight: 1, arbitrary: vote }), {
        minLength: 1,
        maxLength: 8,
      }),
      {
        maxLength: 10,
      },
    )
    .filter((rows) => {
      const votes = rows.flat().filter((button) => "vote" in button);
      const size = JSON.stringify(rows).length;
      return new Set(votes.map(({ text }) => text)).size === votes.length && size < 5_000;
    });

  test("what is shown to an admin and sent back unchanged gives the same buttons", () => {
    fc.assert(
      fc.property(rows, fc.constantFrom("en", "ru"), (rows, language) => {
        const { text, entities } = formatButtons(rows, language);
        expect(parseButtons(text, entities)).toEqual({ rows, faults: [] });
      }),
      { numRuns: 500 },
    );
  });

  test("an admin is shown the words of their language", () => {
    const rows: Button[][] = [
      [
        { text: "A", style: "success", copy: "a" },
        { text: "B", style: "danger", app: "https://b.com" },
      ],
      [
        { text: "C", style: "primary", share: "c" },
        { text: "D", here: "d" },
      ],
      [{ text: "E", style: "success", answer: "e" }],
    ];
    expect(formatButtons(rows, "ru").text).toBe(
      "(зелёная) A - копировать: a | (красная) B - приложение: https://b.com\n" +
        "(синяя) C - поделиться: c | D - здесь: d\n(зелёная) ? E - e",
    );
    expect(formatButtons(rows).text).toBe(
      "(green) A - copy: a | (red) B - app: https://b.com\n" +
        "(blue) C - share: c | D - here: d\n(green) ? E - e",
    );
  });

  test("a text of several lines, as another bot may have written it, becomes one line", () => {
    const made = formatButtons([[{ text: "A\nB", copy: "c\r\nd" }], [{ text: "👍", vote: true }]]);
    expect(made).toEqual({ text: "A B - copy: c d\n👍" });
  });

  test("whatever is typed, it is read or refused, never thrown", () => {
    const typed = fc.oneof(
      fc.string({ unit: "grapheme", maxLength: 200 }),
      fc
        .array(
          fc.constantFrom(
            "a",
            " ",
            "-",
            "|",
            "\n",
            "https://",
            "t.me/",
            ".",
            "tg:",
            "\\",
            "? ",
            "(red)",
            "app:",
            "👍",
          ),
          {
            maxLength: 60,
          },
        )
        .map((parts) => parts.join("")),
    );
    fc.assert(
      fc.property(typed, (typed) => {
        const { rows, faults } = parseButtons(typed);
        for (const button of rows.flat()) {
          expect(button.text.trim()).not.toBe("");
          expect(!("url" in button) || URL.canParse(button.url)).toBe(true);
        }
        for (const { line } of faults) expect(line).toBeLessThanOrEqual(typed.split(/\r?\n/).length);
      }),
      { numRuns: 500 },
    );
  });

  test.each<[string, (length: number) => string]>([
    ["dashes", (length) => `${"- ".repeat(length)}x`],
    ["blanks", (length) => `${" ".repeat(length)}x`],
    ["a dash without end", (length) => `a${"-".repeat(length)}`],
    ["backslashes", (length) => "\\".repeat(length)],
    ["an answer of dashes", (length) => `? ${"- ".repeat(length)}`],
    ["votes", (length) => "👍|".repeat(length)],
  ])("four times as many %s do not take the square of it", (_, line) => {
    const time = (length: number) => {
      const text = line(length);
      const runs = Array.from({ length: 5 }, () => {
        const began = performance.now();
        parseButtons(text);
        return performance.now() - began;
      });
      return Math.min(...runs);
    };
    time(1_000); // compiled by then
    // Four times, with room for a busy machine; the square would be sixteen times and grow.
    expect(time(4_000)).toBeLessThan(12 * Math.max(time(1_000), 0.1));
  });
});

test("the | of a placeholder separates no buttons, and its default may have spaces", () => {
  const typed = "Hi {first_name|my friend} - https://a.com/?c={city|New York} | {city|a} - copy: {code}";
  const { rows, faults } = parseButtons(typed);
  expect(faults).toEqual([]);
  expect(rows).toEqual([
    [
      { text: "Hi {first_name|my friend}", url: "https://a.com/?c={city|New York}" },
      { text: "{city|a}", copy: "{code}" },
    ],
  ]);
  expect(formatButtons(rows).text).toBe(typed);
});
