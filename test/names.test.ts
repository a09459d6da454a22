import { describe, expect, test } from "vitest";
import { fullName, visibleName } from "../src/person-name.ts";

describe("a name that shows nothing is no name", () => {
  test.each([
    ["nothing", ""],
    ["spaces", " \t\n\u00A0\u2003\u3000"],
    ["the Hangul filler", "\u3164"],
    ["the halfwidth Hangul filler", "\uFFA0"],
    ["Hangul jamo fillers", "\u115F\u1160"],
    ["Khmer inherent vowels", "\u17B4\u17B5"],
    ["the Braille blank", "\u2800\u2800"],
    ["zero-width characters", "\u200B\u200C\u200D\u2060\uFEFF"],
    ["soft hyphens", "\u00AD"],
    ["directional marks", "\u200E\u200F\u202E\u2066\u2069\u061C"],
    ["the Mongolian vowel separator", "\u180E"],
    ["the combining grapheme joiner", "\u034F"],
    ["variation selectors", "\uFE0F\u{E0100}"],
    ["tag characters", "\u{E0020}\u{E007F}"],
    ["annotation marks", "\uFFF9\uFFFB"],
    ["the object replacement character", "\uFFFC"],
    ["a notehead without ink", "\u{1D159}"],
    ["marks that Telegram drops", "\u030A\u0333 \u033F"],
    ["control characters", "\u0000\u0007\u0085"],
  ])("%s", (_, name) => {
    expect(visibleName(name)).toBeNull();
    expect(visibleName(`${name}x${name}`)).toContain("x");
  });

  test.each(["\u0600", "👩\u200D👩\u200D👧", "🇩🇪", "می\u200Cخواهم", ".", "null", "\u0301"])(
    "%j shows something",
    (name) => {
      expect(visibleName(name)).toBe(name);
    },
  );

  test("no first name leaves the last one, and neither is null", () => {
    expect(fullName("\u3164", " Lee ")).toBe("Lee");
    expect(fullName("Ann", "Lee")).toBe("Ann Lee");
    expect(fullName(undefined, null)).toBeNull();
  });
});

describe("a decomposed name is composed", () => {
  test.each([
    ["A\u030Asa", "\u00C5sa"],
    ["Jo\u0301se\u0301", "J\u00F3s\u00E9"],
    ["Андреи\u0306", "Андре\u0439"],
    ["Nguye\u0302\u0303n", "Nguy\u1EC5n"],
    ["\u1100\u1161\u11A8", "\uAC01"],
  ])("%j", (name, composed) => {
    expect(visibleName(name)).toBe(composed);
  });

  test("but no other character is replaced by its equivalent", () => {
    for (const name of ["\uFA19", "\u212B", "\u2126"]) expect(visibleName(name)).toBe(name);
  });
});
