import { describe, expect, test } from "vitest";
import type { Recurrence } from "../../src/schedule/recurrence.ts";
import { leavesAt, nextRunWithin, nextRunsWithin } from "../../src/schedule/runs.ts";
import type { Weekday } from "../../src/schedule/wall.ts";
import type { Window } from "../../src/schedule/window.ts";

const ALL: Weekday[] = [1, 2, 3, 4, 5, 6, 7];
const WORKDAYS: Weekday[] = [1, 2, 3, 4, 5];
const hours = (from: number, to: number, days = ALL): Window => ({
  zone: "UTC",
  from: from * 60,
  to: to * 60,
  days,
});
const daily = (hour: number): Recurrence => ({ zone: "UTC", rule: { every: "day", hour, minute: 0 } });
const HOURLY: Recurrence = { zone: "UTC", rule: { every: "cron", expression: "0 * * * *" } };

/** 6 March 2026 is a Friday. */
const at = (day: number, hour: number) => new Date(Date.UTC(2026, 2, day, hour));
const written = (dates: Date[]) => dates.map((date) => date.toISOString().slice(8, 13));

describe("runs of a series within its hours", () => {
  test.each<[string, Recurrence, Window | null, string[]]>([
    ["none", daily(10), null, ["07T10", "08T10", "09T10", "10T10"]],
    ["open at its time", daily(10), hours(9, 21), ["07T10", "08T10", "09T10", "10T10"]],
    [
      "a weekend is left out, as Monday has a run of its own",
      daily(10),
      hours(9, 18, WORKDAYS),
      ["09T10", "10T10", "11T10", "12T10"],
    ],
    [
      "always before they open: each waits for its opening",
      daily(8),
      hours(9, 21),
      ["07T08", "08T08", "09T08", "10T08"],
    ],
    [
      "always outside, open once a week: one waits for each opening",
      daily(8),
      hours(9, 21, [1]),
      ["07T08", "10T08", "17T08", "24T08"],
    ],
    ["a night's runs are left out", HOURLY, hours(9, 12), ["06T11", "07T09", "07T10", "07T11"]],
    ["over midnight", HOURLY, hours(22, 1), ["06T22", "06T23", "07T00", "07T22"]],
  ])("%s", (_, recurrence, window, expected) => {
    expect(written(nextRunsWithin(recurrence, window, at(6, 10), 0, 4))).toEqual(expected);
  });

  test("end as the series does", () => {
    const twice = { ...daily(10), runs: 3 };
    expect(nextRunsWithin(twice, hours(9, 18, WORKDAYS), at(6, 10), 1, 9)).toHaveLength(2);
    expect(nextRunWithin({ ...daily(10), until: at(7, 0).toISOString() }, null, at(6, 10), 1)).toBeNull();
  });

  test("leave when they open", () => {
    expect(leavesAt(null, at(7, 8))).toEqual(at(7, 8));
    expect(leavesAt(hours(9, 21), at(7, 8))).toEqual(at(7, 9));
    expect(leavesAt(hours(9, 21), at(7, 10))).toEqual(at(7, 10));
  });
});
