import { describe, expect, test } from "vitest";
import { codeOf, readCode } from "../../src/bot/features/compose/when/repeat-codes.ts";
import type { RepeatDays } from "../../src/schedule/typed/read-repeat.ts";

describe("what the button of a repeat carries", () => {
  test.each<[string, RepeatDays]>([
    ["d", { every: "day", step: 1 }],
    ["d/2", { every: "day", step: 2 }],
    ["w135", { every: "week", days: [1, 3, 5], step: 1 }],
    ["w1/2", { every: "week", days: [1], step: 2 }],
    ["m31", { every: "month", days: [31], step: 1 }],
    ["m1,15", { every: "month", days: [1, 15], step: 1 }],
    ["m1/3", { every: "month", days: [1], step: 3 }],
    ["n2.1", { every: "nth", nth: 2, weekday: 1 }],
    ["nL.5", { every: "nth", nth: "last", weekday: 5 }],
    ["y12.25", { every: "year", month: 12, day: 25 }],
  ])("%s, with its hour and without", (code, days) => {
    expect(codeOf(days)).toBe(code);
    expect(readCode(code)).toEqual({ days });
    expect(readCode(codeOf(days, 600))).toEqual({ days, minutes: 600 });
  });

  test.each([
    "",
    "d/0",
    "d@1440",
    "w",
    "w8",
    "m0",
    "m32",
    "m1,31",
    "m",
    "n5.1",
    "n1.8",
    "y13.1",
    "y2",
    "x",
    "d@",
    "0 9 * * *",
  ])("%j is none", (code) => {
    expect(readCode(code)).toBeNull();
  });
});
