import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type People, EVERYONE, NOBODY } from "../../src/audience/segment/audience.ts";
import { applyToggle } from "../../src/bot/features/compose/audience/choose-people.ts";

const SHOWN = ["en", "ru", "de"];
type Tap = readonly [which: "all" | "others" | "lang", language?: string];
const tap = (audience: People, [which, language = ""]: Tap) => applyToggle(audience, which, language, SHOWN);

/** As a set: the order of taps does not matter. */
const set = ({ languages, othersThan }: People) => ({
  languages: languages === "all" ? languages : languages.toSorted(),
  othersThan,
});

test.each<[string, People, Tap, People]>([
  ["all off", EVERYONE, ["all"], NOBODY],
  ["all on", NOBODY, ["all"], EVERYONE],
  ["all on over a choice", { languages: ["en"], othersThan: SHOWN }, ["all"], EVERYONE],
  ["one from all begins a choice with it", EVERYONE, ["lang", "ru"], { languages: ["ru"] }],
  ["others from all begins a choice with them", EVERYONE, ["others"], { languages: [], othersThan: SHOWN }],
  ["one more", { languages: ["en"] }, ["lang", "ru"], { languages: ["en", "ru"] }],
  ["one less", { languages: ["en", "ru"] }, ["lang", "en"], { languages: ["ru"] }],
  ["the last one off is nobody, not everyone", { languages: ["en"] }, ["lang", "en"], NOBODY],
  ["others on", { languages: ["en"] }, ["others"], { languages: ["en"], othersThan: SHOWN }],
  ["others off", { languages: ["en"], othersThan: SHOWN }, ["others"], { languages: ["en"] }],
  [
    "others off when there were none to part them from",
    { languages: [], othersThan: [] },
    ["others"],
    NOBODY,
  ],
  [
    "others stay those that they were when another is tapped",
    { languages: [], othersThan: ["en"] },
    ["lang", "ru"],
    { languages: ["ru"], othersThan: ["en"] },
  ],
])("%s", (_, before, one, after) => {
  expect(tap(before, one)).toEqual(after);
});

describe("whatever is tapped", () => {
  const oneTap: fc.Arbitrary<Tap> = fc.oneof(
    fc.constant<Tap>(["all"]),
    fc.constant<Tap>(["others"]),
    fc.constantFrom(...SHOWN).map((language): Tap => ["lang", language]),
  );
  const reached = fc.array(oneTap, { maxLength: 20 }).map((taps) => taps.reduce(tap, EVERYONE));

  test("no language stands twice, the audience before is not changed, and it survives being stored", () => {
    fc.assert(
      fc.property(reached, oneTap, (audience, one) => {
        const before = structuredClone(audience);
        const after = tap(audience, one);
        expect(audience).toEqual(before);
        const languages = after.languages === "all" ? [] : after.languages;
        expect(new Set(languages).size).toBe(languages.length);
        expect(JSON.parse(JSON.stringify(after))).toStrictEqual(after);
      }),
    );
  });

  test("a second tap undoes the first, except from all languages, which a tap on one leaves", () => {
    fc.assert(
      fc.property(reached, oneTap, (audience, one) => {
        const twice = set(tap(tap(audience, one), one));
        const wasAll = audience.languages === "all";
        const tappedAll = one[0] === "all";
        expect(twice).toEqual(set(wasAll === tappedAll ? (wasAll ? EVERYONE : audience) : NOBODY));
      }),
    );
  });
});
