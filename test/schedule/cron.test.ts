import { Cron } from "croner";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type CronMeaning, cronFault, cronMeaning, isOneOf } from "../../src/schedule/cron.ts";
import { wallIn } from "../../src/schedule/wall.ts";

const NOW = new Date("2026-11-22T12:00:00Z");
const DAY = 86_400_000;

describe("a cron expression", () => {
  test.each([
    ["0 9 * * 1-5", null],
    ["  0   9 * * mon,thu ", null],
    ["*/15 * * * *", null],
    ["0 9 L * *", null],
    ["0 9 29 2 *", null],
    ["5,55 9 * * *", null],
    ["0 9 13 * +FRI", null],
    ["", "not-cron"],
    ["0 9 * *", "not-cron"],
    ["0 0 9 * * *", "not-cron"],
    ["@daily", "not-cron"],
    ["2026-12-01T10:00:00", "not-cron"],
    ["61 9 * * *", "not-cron"],
    ["0 25 * * *", "not-cron"],
    ["0 9 * * 5-1", "not-cron"],
    ["*/0 9 * * *", "not-cron"],
    ["0 9 * * пн", "not-cron"],
    ["every day at nine sharp", "not-cron"],
    ["0 9 31 2 *", "never"],
    ["0 * 30 2 *", "never"],
    ["* * * * *", "too-often"],
    ["*/14 * * * *", "too-often"],
    ["0,10 9 * * 1", "too-often"],
    ["0,14 9 1 1 *", "too-often"],
    ["5,55 0,23 * * *", "too-often"],
  ])("%s: %s", (expression, fault) => {
    expect(cronFault(expression, NOW)).toBe(fault);
  });
});

/** Times in hours. */
const at = (...times: number[]): CronMeaning["times"] => ({
  type: "list",
  times: times.map((time) => time * 60),
});
const steps = (minutes: number, from: number, to: number): CronMeaning["times"] => ({
  type: "steps",
  minutes,
  from: from * 60,
  to: to * 60,
});

const number = (min: number, max: number) => fc.integer({ min, max }).map(String);

/** Whatever may stand in a field of an expression, `others` among it. */
function field(min: number, max: number, ...others: fc.Arbitrary<string>[]): fc.Arbitrary<string> {
  const range = fc
    .tuple(fc.integer({ min, max }), fc.integer({ min, max }))
    .map(([one, other]) => `${Math.min(one, other)}-${Math.max(one, other)}`);
  const step = number(2, 12).map((n) => `*/${n}`);
  const one = fc.oneof(number(min, max), range, fc.constant("*"), step, ...others);
  return fc.oneof(
    { arbitrary: fc.constant("*"), weight: 2 },
    { arbitrary: one, weight: 3 },
    { arbitrary: fc.array(one, { minLength: 1, maxLength: 3 }).map((all) => all.join()), weight: 1 },
  );
}

describe("what an expression means", () => {
  const everyDay = { type: "every-day" } as const;

  test.each<[string, CronMeaning]>([
    ["0 9 * * *", { days: everyDay, times: at(9) }],
    ["0 9,18 * * *", { days: everyDay, times: at(9, 18) }],
    // croner runs it every day: a list with a star is a star.
    ["0 9 * * *,1", { days: everyDay, times: at(9) }],
    ["0 9 * * 1-5", { days: { type: "weekdays", days: [1, 2, 3, 4, 5] }, times: at(9) }],
    ["0 9 * * sun,sat", { days: { type: "weekdays", days: [6, 7] }, times: at(9) }],
    ["0 9 ? * 1", { days: { type: "weekdays", days: [1] }, times: at(9) }],
    ["0 9 1,15 * *", { days: { type: "month-days", days: [1, 15] }, times: at(9) }],
    ["0 9 31 * *", { days: { type: "month-days", days: [31] }, times: at(9) }],
    ["0 9 L * *", { days: { type: "last-day" }, times: at(9) }],
    ["0 9 * * 1#2", { days: { type: "nth-weekday", nth: 2, weekday: 1 }, times: at(9) }],
    ["0 9 * * 5#L", { days: { type: "nth-weekday", nth: "last", weekday: 5 }, times: at(9) }],
    ["0 9 8-14 * +FRI", { days: { type: "nth-weekday", nth: 2, weekday: 5 }, times: at(9) }],
    ["0 9 25 12 *", { days: { type: "date", month: 12, day: 25 }, times: at(9) }],
    ["0 * * * *", { days: everyDay, times: steps(60, 0, 23) }],
    ["0 */3 * * *", { days: everyDay, times: steps(180, 0, 21) }],
    ["*/30 9-18 * * *", { days: everyDay, times: steps(30, 9, 18.5) }],
  ])("%s", (expression, meaning) => {
    expect(cronMeaning(expression)).toEqual(meaning);
  });

  test.each([
    // Either of its days, both of its days, or neither: no simple words say that.
    "0 9 1,15 * 1-5",
    "0 9 */2 * 1",
    "0 9 13 * +FRI",
    "0 9 * * 1-5#2",
    "0 9 15W * *",
    "0 9 LW * *",
    // Every Saturday but the 31st; the 1st of January when it is a Saturday.
    "0 9 1-30 * +SAT",
    "0 9 1 1 +SAT",
    "0 9 1 1,4,7,10 *",
    "0,20 8,9,10,17 * * *",
    "0 9 31 2 *",
    "not a cron expression",
    "",
  ])("is not put into words: %s", (expression) => {
    expect(cronMeaning(expression)).toBeNull();
  });

  test("holds for the runs of years that were not looked at, whatever the expression", () => {
    const minute = fc.oneof(number(0, 59), fc.constantFrom("0,30", "*/15", "15,45"));
    const hour = field(0, 23);
    const monthDay = field(1, 31, fc.constantFrom("L", "LW", "15W", "?"));
    const month = field(1, 12, fc.constantFrom("JAN", "FEB-MAR"));
    const weekday = field(0, 7, fc.constantFrom("MON", "+FRI", "+1-5", "1#2", "5#L", "FRI#1", "1-5#2", "?"));
    const expressions = fc.tuple(minute, hour, monthDay, month, weekday).map((fields) => fields.join(" "));
    let worded = 0;
    fc.assert(
      fc.property(expressions, (expression) => {
        const meaning = cronMeaning(expression);
        if (!meaning) return;
        worded++;
        const { times } = meaning;
        const minutes = times.type === "list" ? times.times : [];
        if (times.type === "steps")
          for (let at = times.from; at <= times.to; at += times.minutes) minutes.push(at);
        const [from, to] = [Date.UTC(2059, 0), Date.UTC(2061, 0)];
        const meant: number[] = [];
        for (let day = from; day < to; day += DAY)
          if (isOneOf(meaning.days, wallIn(new Date(day))))
            meant.push(...minutes.map((minute) => day + minute * 60_000));
        const calendar = new Cron(expression, { mode: "5-part", utcOffset: 0 });
        const runs: number[] = [];
        for (
          let at = calendar.nextRun(new Date(from - 1));
          at && at.getTime() < to;
          at = calendar.nextRun(at)
        ) {
          runs.push(at.getTime());
          // Of a busy one, some weeks are enough.
          if (runs.length === 400) break;
        }
        expect(runs).toEqual(meant.slice(0, Math.max(runs.length, runs.length < 400 ? meant.length : 400)));
      }),
      { numRuns: 150 },
    );
    expect(worded).toBeGreaterThan(15);
  });

  test("no text makes it throw", () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.string(), fc.string({ unit: fc.constantFrom(..."0123456789*,-/L#W+? ") })),
        (text) => {
          expect(cronMeaning(text)).toBeDefined();
          expect(cronFault(text, NOW)).toBeDefined();
        },
      ),
    );
  });
});
