import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { daysInMonth, daysLater, instantAt, instantsAt, wallOf, weekdayOf } from "../../src/schedule/wall.ts";

const wall = (year: number, month: number, day: number, hour = 0, minute = 0) => ({
  year,
  month,
  day,
  hour,
  minute,
});
const iso = (instants: Date[]) => instants.map((instant) => instant.toISOString());

test("clocks show their own day and weekday", () => {
  const instant = new Date("2026-11-22T22:30:00Z");
  expect(wallOf(instant, "Europe/Moscow")).toEqual({ ...wall(2026, 11, 23, 1, 30), weekday: 1 });
  expect(wallOf(instant, "America/New_York")).toEqual({ ...wall(2026, 11, 22, 17, 30), weekday: 7 });
  expect(wallOf(instant, "Asia/Kathmandu")).toEqual({ ...wall(2026, 11, 23, 4, 15), weekday: 1 });
});

describe("when clocks change", () => {
  test("a time as a rule is one instant", () => {
    expect(iso(instantsAt(wall(2026, 7, 1, 9), "Europe/Berlin"))).toEqual(["2026-07-01T07:00:00.000Z"]);
  });

  test("in autumn a time comes twice, and the first counts", () => {
    const twice = wall(2026, 10, 25, 2, 30);
    expect(iso(instantsAt(twice, "Europe/Berlin"))).toEqual([
      "2026-10-25T00:30:00.000Z",
      "2026-10-25T01:30:00.000Z",
    ]);
    expect(instantAt(twice, "Europe/Berlin").toISOString()).toBe("2026-10-25T00:30:00.000Z");
  });

  test.each([
    ["Europe/Berlin", wall(2026, 3, 29, 2, 30), wall(2026, 3, 29, 3, 30)],
    ["America/New_York", wall(2026, 3, 8, 2, 0), wall(2026, 3, 8, 3, 0)],
    ["America/Santiago", wall(2026, 9, 6, 0, 15), wall(2026, 9, 6, 1, 15)],
    ["Australia/Lord_Howe", wall(2026, 10, 4, 2, 10), wall(2026, 10, 4, 2, 40)],
  ])("in spring a time is left out in %s, and comes after the change", (zone, leftOut, shown) => {
    expect(instantsAt(leftOut, zone)).toEqual([]);
    expect(wallOf(instantAt(leftOut, zone), zone)).toMatchObject(shown);
  });
});

test("every instant is among those at which clocks show what they show then", () => {
  const zones = ["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Tehran", "UTC"];
  fc.assert(
    fc.property(
      fc.integer({ min: Date.UTC(2020, 0) / 60_000, max: Date.UTC(2030, 0) / 60_000 }),
      fc.constantFrom(...zones),
      (minutes, zone) => {
        const instant = new Date(minutes * 60_000);
        const instants = instantsAt(wallOf(instant, zone), zone);
        expect(instants).toContainEqual(instant);
        expect(instantAt(wallOf(instant, zone), zone)).toEqual(instants[0]);
      },
    ),
  );
});

test("days are added by the calendar", () => {
  expect(daysLater(wall(2028, 2, 28, 9, 5), 2)).toEqual(wall(2028, 3, 1, 9, 5));
  expect(daysLater(wall(2026, 1, 1), -1)).toEqual(wall(2025, 12, 31));
});

test("months have their days, and days their weekday", () => {
  expect([2, 4, 12].map((month) => daysInMonth(2026, month))).toEqual([28, 30, 31]);
  expect([2028, 2100, 2000].map((year) => daysInMonth(year, 2))).toEqual([29, 28, 29]);
  expect([wall(2026, 11, 23), wall(2026, 11, 29)].map(weekdayOf)).toEqual([1, 7]);
});
