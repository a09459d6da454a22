import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { needsNoZone, readClock, readMoment } from "../../../src/schedule/typed/read-moment.ts";
import type { Reading } from "../../../src/schedule/typed/reading.ts";
import { type Wall, wallOf } from "../../../src/schedule/wall.ts";
import { ASKED, ELSEWHERE, NOW, READ, ZONE } from "./phrases.ts";

const padded = (value: number) => String(value).padStart(2, "0");
const shown = ({ year, month, day, hour, minute }: Wall) =>
  `${year}-${padded(month)}-${padded(day)} ${padded(hour)}:${padded(minute)}`;

/** A reading as the tables write it. */
function written(reading: Reading, zone: string): string {
  const at = (instant: Date) => shown(wallOf(instant, zone));
  switch (reading.type) {
    case "at":
      return at(reading.instant);
    case "past":
    case "too-far":
      return `${reading.type} ${reading.whole ? `${reading.whole} of ` : ""}${at(reading.instant)}`;
    case "twice": {
      const [first, second] = reading.instants.map((instant) => `${instant.toISOString().slice(11, 16)}Z`);
      return `twice ${at(reading.instants[0])}, ${first} or ${second}`;
    }
    case "gap":
      return `gap ${shown(reading.wall)}, next ${at(reading.next)}`;
    case "which-hour":
      return `which-hour ${reading.suggestions.map(at).join(", ")}`.trim();
    case "ambiguous":
      return `ambiguous ${reading.candidates.map(at).join(", ")}`;
    case "no-date":
    case "no-time":
    case "unknown":
      return reading.type;
  }
}

describe("a time that is read", () => {
  test.each(READ)("%s", (text, reading) => {
    expect(written(readMoment(text, NOW, ZONE), ZONE)).toBe(reading);
  });
});

describe("a time that is asked back or refused", () => {
  test.each(ASKED)("%s", (text, reading) => {
    expect(written(readMoment(text, NOW, ZONE), ZONE)).toBe(reading);
  });
});

describe("a time that needs no zone", () => {
  test.each([
    "in 1 minute",
    "in 2 hours",
    "in half an hour",
    "an hour from now",
    "In 2 hours 15 minutes!",
    "now",
    "через минуту",
    "через час",
    "через полтора часа",
    "через 2 часа и 15 минут",
    "прямо сейчас",
  ])("%s", (text) => {
    expect(needsNoZone(text)).toBe(true);
    const [first, ...others] = ["UTC", "Europe/Berlin", "Pacific/Kiritimati"].map((zone) =>
      readMoment(text, NOW, zone),
    );
    expect(first?.type).toBe("at");
    for (const other of others) expect(other).toEqual(first);
  });

  test.each([
    "tomorrow 9",
    "завтра в 9",
    "21:30",
    "in 2 days",
    "через неделю",
    "in 1 day 2 hours",
    "Monday",
    "in 2 hours 9:00",
    "every hour",
    "in Berlin",
    "9-18",
    "",
    "in 1 minute ".repeat(20),
  ])("is not “%s”", (text) => {
    expect(needsNoZone(text)).toBe(false);
  });
});

test("the time of day that no clock shows is none", () => {
  expect(readClock("25:00")).toBeNull();
  expect(readClock("12:60")).toBeNull();
});

describe("other zones and days", () => {
  test.each(ELSEWHERE)("$text, typed at $now in $zone", ({ zone, now, text, reading }) => {
    expect(written(readMoment(text, new Date(now), zone), zone)).toBe(reading);
  });
});

describe("whatever is typed", () => {
  const MINUTE = 60_000;
  const TWO_YEARS = 730 * 24 * 60;
  const zone = fc.constantFrom(...Intl.supportedValuesOf("timeZone"));

  test("an instant of the next two years, printed, is read back to itself", () => {
    const ahead = fc.integer({ min: 0, max: TWO_YEARS });
    fc.assert(
      fc.property(ahead, zone, (minutes, zone) => {
        const instant = new Date(NOW.getTime() + minutes * MINUTE);
        const { year, month, day, hour, minute } = wallOf(instant, zone);
        const text = `${padded(day)}.${padded(month)}.${year} ${padded(hour)}:${padded(minute)}`;
        const reading = readMoment(text, NOW, zone);
        const instants =
          reading.type === "twice" ? reading.instants : reading.type === "at" ? [reading.instant] : [];
        expect(instants).toContainEqual(instant);
      }),
      { numRuns: 300 },
    );
  });

  test("no time is read without a word of it: a strange word anywhere makes it unknown", () => {
    const row = fc.constantFrom(...READ.map(([text]) => text));
    fc.assert(
      fc.property(row, fc.nat(), (text, place) => {
        const words = text.split(" ");
        words.splice(place % (words.length + 1), 0, "banana");
        expect(readMoment(words.join(" "), NOW, ZONE)).toEqual({ type: "unknown" });
      }),
      { numRuns: 200 },
    );
  });

  test("what is offered lies ahead, at most four, the earliest first", () => {
    const words = fc.constantFrom(
      ..."tomorrow monday next 5 / 6 at 9 10:00 half past six pm вечером в полночь 25 ноября through через 2 дня утра".split(
        " ",
      ),
    );
    fc.assert(
      fc.property(fc.array(words, { minLength: 1, maxLength: 6 }), (words) => {
        const reading = readMoment(words.join(" "), NOW, ZONE);
        const offered =
          reading.type === "ambiguous"
            ? reading.candidates
            : reading.type === "which-hour"
              ? reading.suggestions
              : [];
        expect(offered.length).toBeLessThanOrEqual(4);
        expect(offered.every((instant) => instant >= NOW)).toBe(true);
        expect(offered).toEqual(offered.toSorted((one, other) => Number(one) - Number(other)));
        expect(new Set(offered.map(Number)).size).toBe(offered.length);
        expect(reading.type === "ambiguous" && offered.length < 2).toBe(false);
      }),
      { numRuns: 300 },
    );
  });

  test("no text makes it throw", () => {
    const pieces = fc.constantFrom(
      ..."in through через 9999 years лет ago назад 25 . : / - 0 31 th month месяцев".split(" "),
    );
    const text = fc.oneof(
      fc.string({ unit: "binary" }),
      fc.array(pieces, { maxLength: 12 }).map((all) => all.join("")),
    );
    fc.assert(
      fc.property(text, zone, (text, zone) => {
        expect(readMoment(text, NOW, zone)).toHaveProperty("type");
      }),
      { numRuns: 500 },
    );
  });
});
