import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { printLine } from "../../../src/audience/segment/print-line.ts";
import { type LineReading, readLine } from "../../../src/audience/segment/read-line.ts";
import type { Segment } from "../../../src/audience/segment/segment.ts";
import { describeSegment } from "../../../src/bot/ui/segment-words.ts";
import { loadWords } from "../../../src/bot/ui/words.ts";
import { dayBoundsIn } from "../../../src/schedule/day-bounds.ts";
import { ZONE, randomSegment } from "./random-segment.ts";

const read = (line: string): LineReading => readLine(line, dayBoundsIn(ZONE));

function segmentOf(line: string): Segment {
  const reading = read(line);
  if (reading.type !== "read") throw new Error(`${line}: ${JSON.stringify(reading)}`);
  return reading.segment;
}

const words = loadWords();

test.each(["en", "ru"] as const)("a segment, printed as a line in %s, reads as itself", (language) => {
  fc.assert(
    fc.property(randomSegment, (segment) => {
      expect(segmentOf(printLine(segment, language))).toEqual(segment);
      expect(describeSegment(words(language), segment)).not.toMatch(/segment-|undefined|\{/);
    }),
    { numRuns: 1_000 },
  );
});

test.each<[line: string, segment: Segment]>([
  ["tag:VIP -tag:refunded", { all: [{ tag: "vip" }, { not: { tag: "refunded" } }] }],
  ["Метка:vip и не тег:refunded", { all: [{ tag: "vip" }, { not: { tag: "refunded" } }] }],
  ["tag:“Spring fair”, tag:«b c».", { all: [{ tag: "spring fair" }, { tag: "b c" }] }],
  ["seen:<30d", { seen: { ago: "<", hours: 720 } }],
  ["заходил:30дней", { seen: { ago: "<", hours: 720 } }],
  ["blocked:>7d", { blocked: { ago: ">", hours: 168 } }],
  [
    "age>18 city:Kazan",
    {
      all: [
        { attribute: { name: "age", compare: ">", value: 18 } },
        { attribute: { name: "city", compare: "=", value: "Kazan" } },
      ],
    },
  ],
  ["возраст:≥18,5", { attribute: { name: "возраст", compare: ">=", value: 18.5 } }],
  [
    '"source":x source:x',
    { all: [{ attribute: { name: "source", compare: "=", value: "x" } }, { source: "x" }] },
  ],
  ["got:#12 -answered:12", { all: [{ got: 12 }, { not: { answered: { campaign: 12 } } }] }],
  [
    'answered:12="Blue" or voted:12=👍',
    { any: [{ answered: { campaign: 12, choice: "Blue" } }, { voted: { campaign: 12, choice: "👍" } }] },
  ],
  [
    "premium:no phone:yes lang:pt-BR",
    { all: [{ not: { premium: true } }, { phone: true }, { language: "pt" }] },
  ],
  ["tag:a (tag:b or tag:c) ", { all: [{ tag: "a" }, { any: [{ tag: "b" }, { tag: "c" }] }] }],
  [
    "tag:a tag:b | -(tag:c tag:d)",
    { any: [{ all: [{ tag: "a" }, { tag: "b" }] }, { not: { all: [{ tag: "c" }, { tag: "d" }] } }] },
  ],
  ["chance:12,5%", { chance: 12.5 }],
  ['list:"Spring Fair"', { list: "spring fair" }],
  [
    "joined:>2026-01-01",
    {
      joined: {
        compare: ">",
        day: "2026-01-01",
        from: "2025-12-31T21:00:00.000Z",
        to: "2026-01-01T21:00:00.000Z",
      },
    },
  ],
])("%s", (line, segment) => {
  expect(segmentOf(line)).toEqual(segment);
});

test("a saved segment is copied into the line that names it", () => {
  const saved = new Map<string, Segment>([
    ["regulars", { all: [{ tag: "vip" }, { seen: { ago: "<", hours: 720 } }] }],
    ["spring fair", { any: [{ tag: "a" }, { list: "b" }] }],
  ]);
  const reads = (line: string) => {
    const reading = readLine(line, dayBoundsIn(ZONE), saved);
    return reading.type === "read" ? printLine(reading.segment, "en") : reading;
  };
  expect(reads("saved:REGULARS -got:12")).toBe("tag:vip seen:<30d -got:12");
  expect(reads('-saved:"Spring  fair" premium:yes')).toBe("-(tag:a or list:b) premium:yes");
  expect(reads("сохранено:regulars или phone:yes")).toBe("tag:vip seen:<30d or phone:yes");
  // In quotes, it is the name of an attribute, and is printed so.
  expect(reads('"saved":regulars')).toBe('"saved":regulars');
  for (const [line, why] of [
    ["saved:strangers tag:c", "saved"],
    ["saved:>regulars", "value"],
    ["saved:a,b", "value"],
  ] as const)
    expect(reads(line)).toMatchObject({ type: "unread", faults: [{ why }] });
  expect(readLine("saved:regulars", dayBoundsIn(ZONE))).toMatchObject({ faults: [{ why: "saved" }] });
  const many = Array.from({ length: 30 }, (_, index) => `tag:t${index}`).join(" ");
  const big = new Map([["big", segmentOf(many)]]);
  expect(readLine("saved:big saved:big", dayBoundsIn(ZONE), big)).toMatchObject({ type: "too-long" });
});

describe("a line that cannot be read says what was understood, and what was not", () => {
  test.each<[line: string, understood: string | null, faults: [part: string, why: string][]]>([
    ["tag:vip hello", "tag:vip", [["hello", "word"]]],
    [
      "tag: seen:<30x",
      null,
      [
        ["tag:", "value"],
        ["seen:<30x", "time"],
      ],
    ],
    ["joined:>2026-02-30 tag:a", "tag:a", [["joined:>2026-02-30", "time"]]],
    ["joined:<9999-12-31", null, [["joined:<9999-12-31", "time"]]],
    ["joined:>0099-12-31", null, [["joined:>0099-12-31", "time"]]],
    ["got:twelve", null, [["got:twelve", "campaign"]]],
    ['tapped:12="Shop" lang:en', "lang:en", [['tapped:12="Shop"', "untold"]]],
    ["city:>Kazan", null, [["city:>Kazan", "number"]]],
    ["chance:100%", null, [["chance:100%", "number"]]],
    ["tag:>5", null, [["tag:>5", "value"]]],
    ["tag:a or", "tag:a", [["or", "or"]]],
    ["or tag:a", "tag:a", [["or", "or"]]],
    ["(tag:a", "tag:a", [["(", "bracket"]]],
    ["tag:a)", "tag:a", [[")", "bracket"]]],
    ["tag:a ()", "tag:a", [["()", "bracket"]]],
    ["tag:a not", "tag:a", [["not", "word"]]],
    [
      'tag:"a',
      null,
      [
        ["tag:", "value"],
        ['"', "word"],
        ["a", "word"],
      ],
    ],
    ["-", null, [["-", "word"]]],
  ])("%s", (line, understood, faults) => {
    const reading = read(line);
    if (reading.type !== "unread") throw new Error(JSON.stringify(reading));
    expect(reading.understood && printLine(reading.understood, "en")).toBe(understood);
    expect(reading.faults.map(({ part, why }) => [part, why])).toEqual(faults);
  });

  test("without a condition it means nobody in particular, and never everybody", () => {
    for (const line of ["", "  ", ",", "and"]) expect(read(line)).toEqual({ type: "empty" });
  });

  test("whatever is typed, it is answered", () => {
    expect.hasAssertions();
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom(...'tag:vip<>=()-"«»“” or 12d'), maxLength: 30 }),
        (line) => {
          const reading = read(line);
          const segment = reading.type === "read" ? reading.segment : { tag: "x" };
          expect(segmentOf(printLine(segment, "ru"))).toEqual(segment);
          expect(reading.type === "unread" ? reading.faults : [reading.type]).not.toEqual([]);
        },
      ),
    );
  });

  // Each pair of quotes more took twice as long.
  test("quotes that nothing ends are read at once", { timeout: 1_000 }, () => {
    expect(read(`voted:${'"'.repeat(60)}`).type).toBe("unread");
    expect(read(`voted:${'"a"'.repeat(60)}`).type).toBe("unread");
  });

  test("it may be long, but not endless", () => {
    expect(read(Array.from({ length: 51 }, (_, index) => `tag:t${index}`).join(" "))).toMatchObject({
      type: "too-long",
      conditions: 51,
    });
    expect(read(`${"(tag:a or -".repeat(12)}tag:b${")".repeat(12)}`).type).toBe("too-long");
    for (const line of ["(".repeat(4_000), "-(".repeat(5_000), `${"-".repeat(9_999)}tag:a`])
      expect(read(line).type).toBe("too-long");
  });
});

test("in words, it says whom it means", () => {
  const line = "tag:vip -tag:refunded seen:<30d got:12 -answered:12";
  expect(describeSegment(words("en"), segmentOf(line))).toBe(
    "with the tag vip, without the tag refunded, seen in the last 30 days, who got #12 and have not answered it",
  );
  expect(describeSegment(words("ru"), segmentOf(line))).toBe(
    "с меткой vip, без метки refunded, заходившие за последние 30 дней, получившие № 12 и не ответившие",
  );
  expect(describeSegment(words("en"), segmentOf("tag:a (age:>18 or -premium:yes) -(tag:b or tag:c)"))).toBe(
    "with the tag a, (whose age is above 18 or without Telegram Premium), except those (with the tag b or with the tag c)",
  );
});
