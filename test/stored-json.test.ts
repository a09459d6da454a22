import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Audience } from "../src/audience/segment/audience.ts";
import { storedAudience } from "../src/audience/segment/stored-audience.ts";
import type { Recurrence, Rule } from "../src/schedule/recurrence.ts";
import { storedRecurrence, storedWindow } from "../src/schedule/stored-schedule.ts";
import type { Weekday } from "../src/schedule/wall.ts";
import type { Window } from "../src/schedule/window.ts";
import {
  type Format,
  type Stored,
  format,
  integer,
  list,
  object,
  optional,
  text,
} from "../src/stored-json.ts";

interface Box {
  name: string;
  sizes: number[];
  inside?: { name: string };
}
const boxes = format<Box, "box">(
  "box",
  object<Box>({ name: text, sizes: list(integer), inside: optional(object({ name: text })) }),
);

/** A value as it comes back from a JSON column. */
function column<Name extends string>(value: unknown): Stored<Name> {
  return JSON.parse(JSON.stringify(value)) as Stored<Name>;
}

describe("a JSON column", () => {
  test("carries the version that it was written with", () => {
    expect(boxes.store({ name: "a", sizes: [] })).toEqual({ name: "a", sizes: [], v: 1 });
  });

  test("without a version, as the first builds wrote it, is read as it is", () => {
    const box = { name: "a", sizes: [1], inside: { name: "b" }, unknown: "kept" };
    expect(boxes.parse(column(box), "campaign 12")).toStrictEqual(box);
  });

  test("that a newer Herald wrote is refused, and the sentence names the row", () => {
    expect(() => boxes.parse(column({ v: 2 }), "campaign 12")).toThrow(
      "The box of campaign 12 was written by a newer Herald (version 2; this one reads 1).",
    );
  });

  test.each([
    [{ sizes: [] }, "name should be a text"],
    [{ name: "a", sizes: [1, 2.5] }, "sizes.1 should be a whole number"],
    [{ name: "a", sizes: [], inside: { name: 1 } }, "inside.name should be a text"],
    [{ name: "a", sizes: [], v: "x" }, "v should be 1"],
    [[], "it should be an object"],
    ["text", "it should be an object"],
  ])("that is not what Herald writes is refused with the place: %j", (value, place) => {
    expect(() => boxes.parse(column(value), "series 3")).toThrow(`The box of series 3`);
    expect(() => boxes.parse(column(value), "series 3")).toThrow(place);
  });
});

/** What a value is when it has been written and read. */
function read<T, Name extends string>(format: Format<T, Name>, value: T): T {
  return format.parse(column(format.store(value)), "campaign 1");
}

const days = fc.subarray<Weekday>([1, 2, 3, 4, 5, 6, 7]);
const zone = fc.constantFrom("UTC", "Europe/Moscow");

describe("what is written comes back", () => {
  test("of audiences", () => {
    const languages = fc.array(fc.string());
    const audiences: fc.Arbitrary<Audience> = fc.oneof(
      fc.record(
        { languages: fc.oneof(fc.constant("all" as const), languages), othersThan: languages },
        { requiredKeys: ["languages"] },
      ),
      fc.record({
        chats: fc.array(
          fc.record({ chatId: fc.maxSafeInteger(), threadId: fc.nat() }, { requiredKeys: ["chatId"] }),
        ),
      }),
    );
    fc.assert(
      fc.property(audiences, (value) => {
        expect(read(storedAudience, value)).toEqual(value);
      }),
    );
  });

  test("of recurrences", () => {
    const time = { step: fc.nat(), hour: fc.nat(23), minute: fc.nat(59) };
    const required = ["every", "hour", "minute"] as const;
    const rule: fc.Arbitrary<Rule> = fc.oneof(
      fc.record({ every: fc.constant("day" as const), ...time }, { requiredKeys: [...required] }),
      fc.record(
        { every: fc.constant("week" as const), days, ...time },
        { requiredKeys: [...required, "days"] },
      ),
      fc.record(
        { every: fc.constant("month" as const), day: fc.integer({ min: 1, max: 31 }), ...time },
        { requiredKeys: [...required, "day"] },
      ),
      fc.record({ every: fc.constant("cron" as const), expression: fc.string() }),
    );
    const recurrences: fc.Arbitrary<Recurrence> = fc.record(
      { zone, rule, since: fc.string(), until: fc.string(), runs: fc.nat() },
      { requiredKeys: ["zone", "rule"] },
    );
    fc.assert(
      fc.property(recurrences, (value) => {
        expect(read(storedRecurrence, value)).toEqual(value);
      }),
    );
  });

  test("of hours", () => {
    const windows: fc.Arbitrary<Window> = fc.record({ zone, from: fc.nat(1439), to: fc.nat(1439), days });
    fc.assert(
      fc.property(windows, (value) => {
        expect(read(storedWindow, value)).toEqual(value);
      }),
    );
  });
});
