import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  checkCron,
  nextRun,
  readRecurrence,
  type Recurrence,
  runsBetween,
} from "../../src/schedule/recurrence.ts";
import { nextRunsWithin } from "../../src/schedule/runs.ts";
import { daysInMonth, instantsAt, wallOf, type Weekday } from "../../src/schedule/wall.ts";

type Rule = Recurrence["rule"];

/** At any hour. */
const nextRuns = (recurrence: Recurrence, after: Date, made: number, count: number) =>
  nextRunsWithin(recurrence, null, after, made, count);

const DAY = 24 * 60 * 60_000;
const iso = (runs: Date[]) => runs.map((run) => run.toISOString().slice(0, 16));
const shown = (runs: Date[], zone: string) =>
  runs.map((run) => {
    const { month, day, hour, minute } = wallOf(run, zone);
    return `${month}/${day} ${hour}:${String(minute).padStart(2, "0")}`;
  });
const runsOf = (rule: Rule, zone: string, after: string, count: number) =>
  nextRuns({ rule, zone }, new Date(after), 0, count);
const cron = (expression: string): Rule => ({ every: "cron", expression });
const daily = (hour: number, minute = 0): Rule => ({ every: "day", hour, minute });
const weekly = (days: Weekday[], hour: number, minute = 0): Rule => ({ every: "week", days, hour, minute });
const monthly = (day: number, hour: number, minute = 0): Rule => ({ every: "month", day, hour, minute });

const daysOf = (day: number, after: string) =>
  runsOf(monthly(day, 9), "Europe/Berlin", after, 12).map((run) => wallOf(run, "Europe/Berlin").day);

describe("a year of a weekly campaign", () => {
  test.each([
    ["Europe/Berlin", ["2026-10-23T08:00", "2026-10-30T09:00"], ["2027-03-26T09:00", "2027-04-02T08:00"]],
    ["America/New_York", ["2026-10-30T14:00", "2026-11-06T15:00"], ["2027-03-12T15:00", "2027-03-19T14:00"]],
  ])("keeps its hour in %s over both changes", (zone, autumn, spring) => {
    const year = runsOf(weekly([5], 10), zone, "2026-08-01T00:00:00Z", 52);
    for (const run of year) expect(wallOf(run, zone)).toMatchObject({ weekday: 5, hour: 10, minute: 0 });
    expect(iso(year)).toEqual(expect.arrayContaining([...autumn, ...spring]));
    const apart = year.slice(1).map((run, index) => (run.getTime() - year[index]!.getTime()) / 3_600_000);
    expect(apart.filter((hours) => hours !== 168)).toEqual([169, 167]);
  });

  test("keeps its hour in Tehran, whose clocks no longer change", () => {
    const year = runsOf(weekly([5], 10), "Asia/Tehran", "2026-08-01T00:00:00Z", 52);
    expect(new Set(iso(year).map((run) => run.slice(11)))).toEqual(new Set(["06:30"]));
    expect(year.at(-1)!.getTime() - year[0]!.getTime()).toBe(51 * 7 * DAY);
  });

  test("goes out on each of its days", () => {
    const days = runsOf(weekly([1, 4, 7], 18, 30), "UTC", "2026-11-22T18:30:00Z", 4);
    expect(iso(days)).toEqual([
      "2026-11-23T18:30",
      "2026-11-26T18:30",
      "2026-11-29T18:30",
      "2026-11-30T18:30",
    ]);
  });
});

describe("a month's day", () => {
  test("the 31st is the last day of every month", () => {
    expect(daysOf(31, "2026-01-01T00:00:00Z")).toEqual([31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]);
  });

  test("the 30th and 29th are kept but in February", () => {
    expect(daysOf(30, "2026-01-01T00:00:00Z")).toEqual([30, 28, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30]);
    expect(daysOf(29, "2026-01-01T00:00:00Z").slice(0, 3)).toEqual([29, 28, 29]);
  });

  test("a leap year has a 29th of February", () => {
    expect(daysOf(31, "2028-01-01T00:00:00Z").slice(0, 3)).toEqual([31, 29, 31]);
    expect(daysOf(29, "2028-01-01T00:00:00Z").slice(0, 3)).toEqual([29, 29, 29]);
  });

  test("the 1st is the zone's, not Greenwich's", () => {
    expect(iso(runsOf(monthly(1, 1), "Asia/Tokyo", "2026-12-31T00:00:00Z", 2))).toEqual([
      "2026-12-31T16:00",
      "2027-01-31T16:00",
    ]);
  });
});

describe("when clocks change", () => {
  test.each([daily(2, 30), cron("30 2 * * *"), weekly([7], 2, 30), monthly(29, 2, 30)])(
    "02:30 that is left out comes at 03:30: %o",
    (rule) => {
      const [run] = runsOf(rule, "Europe/Berlin", "2026-03-28T12:00:00Z", 1);
      expect(run!.toISOString()).toBe("2026-03-29T01:30:00.000Z");
      const late = nextRun({ rule, zone: "Europe/Berlin" }, new Date("2026-03-29T01:10:00Z"), 0);
      expect(late).toEqual(run);
      expect(nextRun({ rule, zone: "Europe/Berlin" }, run!, 0)!.getTime()).toBeGreaterThan(
        run!.getTime() + 22 * 3_600_000,
      );
    },
  );

  test.each([daily(2, 30), cron("30 2 * * *"), weekly([7], 2, 30)])(
    "02:30 that comes twice runs once, at the first: %o",
    (rule) => {
      const zone = "Europe/Berlin";
      expect(iso(runsOf(rule, zone, "2026-10-25T00:00:00Z", 1))).toEqual(["2026-10-25T00:30"]);
      for (const after of ["2026-10-25T00:30:00Z", "2026-10-25T01:15:00Z", "2026-10-25T01:30:00Z"]) {
        const next = nextRun({ rule, zone }, new Date(after), 0)!;
        expect(next.getTime()).toBeGreaterThan(Date.parse("2026-10-25T12:00:00Z"));
      }
    },
  );

  test("lists and steps of named hours run once, too", () => {
    const after = "2026-10-25T00:00:00Z";
    expect(iso(runsOf(cron("30 2,3 * * *"), "Europe/Berlin", after, 3))).toEqual([
      "2026-10-25T00:30",
      "2026-10-25T02:30",
      "2026-10-26T01:30",
    ]);
    expect(iso(runsOf(cron("*/30 1 * * *"), "America/New_York", "2026-11-01T00:00:00Z", 3))).toEqual([
      "2026-11-01T05:00",
      "2026-11-01T05:30",
      "2026-11-02T06:00",
    ]);
  });

  test("in spring they keep their order, and what falls together runs once", () => {
    const zone = "Europe/Berlin";
    expect(shown(runsOf(cron("15,45 2 * * *"), zone, "2026-03-28T12:00:00Z", 3), zone)).toEqual([
      "3/29 3:15",
      "3/29 3:45",
      "3/30 2:15",
    ]);
    expect(shown(runsOf(cron("0,30 2,3 * * *"), zone, "2026-03-28T12:00:00Z", 3), zone)).toEqual([
      "3/29 3:00",
      "3/29 3:30",
      "3/30 2:00",
    ]);
    expect(shown(runsOf(cron("40 2,3 * * *"), zone, "2026-03-28T12:00:00Z", 2), zone)).toEqual([
      "3/29 3:40",
      "3/30 2:40",
    ]);
    expect(shown(runsOf(cron("0,20,40 2-4 * * *"), zone, "2026-03-29T01:20:00Z", 2), zone)).toEqual([
      "3/29 3:40",
      "3/29 4:00",
    ]);
  });

  test("where half an hour is left out, a time in it may come after a later one", () => {
    const zone = "Australia/Lord_Howe";
    expect(shown(runsOf(cron("10,35 2 * * *"), zone, "2026-10-03T12:00:00Z", 3), zone)).toEqual([
      "10/4 2:35",
      "10/4 2:40",
      "10/5 2:10",
    ]);
  });

  test("every hour means every hour that passes", () => {
    for (const [zone, after] of [
      ["Europe/Berlin", "2026-10-24T20:00:00Z"],
      ["Europe/Berlin", "2026-03-28T20:00:00Z"],
      ["America/New_York", "2026-11-01T01:00:00Z"],
      ["America/New_York", "2026-03-08T01:00:00Z"],
    ] as const) {
      const hourly = runsOf(cron("30 * * * *"), zone, after, 12).map((run) => run.getTime());
      expect(hourly).toEqual(hourly.map((_, index) => Date.parse(after) + (index + 0.5) * 3_600_000));
    }
  });

  test("midnight that is left out comes at one", () => {
    const zone = "America/Santiago";
    expect(shown(runsOf(daily(0), zone, "2026-09-05T12:00:00Z", 2), zone)).toEqual(["9/6 1:00", "9/7 0:00"]);
  });
});

describe("a series ends", () => {
  const zone = "UTC";

  test("after its last day, whose run it makes", () => {
    const until = "2026-05-03T09:00:00.000Z";
    const series: Recurrence = { zone, rule: daily(9), until };
    expect(iso(nextRuns(series, new Date("2026-05-01T00:00:00Z"), 0, 9))).toEqual([
      "2026-05-01T09:00",
      "2026-05-02T09:00",
      "2026-05-03T09:00",
    ]);
    expect(nextRun(series, new Date(until), 0)).toBeNull();
    const shorter = { ...series, until: "2026-05-03T08:59:59.999Z" };
    expect(nextRuns(shorter, new Date("2026-05-01T00:00:00Z"), 0, 9)).toHaveLength(2);
  });

  test("after so many runs", () => {
    const series: Recurrence = { zone, rule: daily(9), runs: 5 };
    const after = new Date("2026-05-01T00:00:00Z");
    expect(nextRuns(series, after, 0, 9)).toHaveLength(5);
    expect(nextRuns(series, after, 3, 9)).toHaveLength(2);
    expect(nextRun(series, after, 4)).not.toBeNull();
    expect(nextRun(series, after, 5)).toBeNull();
  });

  test("by whichever comes first", () => {
    const series: Recurrence = { zone, rule: daily(9), runs: 5, until: "2026-05-02T12:00:00.000Z" };
    expect(nextRuns(series, new Date("2026-05-01T00:00:00Z"), 0, 9)).toHaveLength(2);
    expect(nextRuns(series, new Date("2026-05-01T00:00:00Z"), 4, 9)).toHaveLength(1);
  });

  test("with a cron expression that has no more days", () => {
    expect(nextRuns({ zone, rule: cron("0 9 31 2 *") }, new Date("2026-05-01T00:00:00Z"), 0, 9)).toEqual([]);
  });
});

describe("missed runs", () => {
  const series: Recurrence = { zone: "UTC", rule: daily(9) };
  const between = (from: string, to: string, recurrence = series) =>
    runsBetween(recurrence, new Date(from), new Date(to));

  test("are those after the first instant, up to the second", () => {
    expect(between("2026-05-01T09:00:00Z", "2026-05-04T09:00:00Z")).toBe(3);
    expect(between("2026-05-01T08:59:00Z", "2026-05-04T08:59:00Z")).toBe(3);
    expect(between("2026-05-01T09:00:00Z", "2026-05-02T08:59:00Z")).toBe(0);
    expect(between("2026-05-04T00:00:00Z", "2026-05-01T00:00:00Z")).toBe(0);
  });

  test("end with the series", () => {
    const ending = { ...series, until: "2026-05-02T12:00:00.000Z" };
    expect(between("2026-05-01T00:00:00Z", "2026-06-01T00:00:00Z", ending)).toBe(2);
  });

  test("are counted to a thousand", () => {
    expect(between("2000-01-01T00:00:00Z", "2026-01-01T00:00:00Z")).toBe(1000);
  });
});

describe("any rule", () => {
  const time = { hour: fc.integer({ min: 0, max: 23 }), minute: fc.integer({ min: 0, max: 59 }) };
  const weekday = fc.constantFrom<Weekday>(1, 2, 3, 4, 5, 6, 7);
  const timed = fc.oneof(
    fc.record({ every: fc.constant("day" as const), ...time }),
    fc.record({
      every: fc.constant("week" as const),
      days: fc
        .uniqueArray(weekday, { minLength: 1 })
        .map((days) => days.toSorted((one, other) => one - other)),
      ...time,
    }),
    fc.record({ every: fc.constant("month" as const), day: fc.integer({ min: 1, max: 31 }), ...time }),
  );
  const zone = fc.constantFrom(
    "Europe/Berlin",
    "America/New_York",
    "Asia/Tehran",
    "Australia/Lord_Howe",
    "America/Santiago",
    "Antarctica/Troll",
  );
  // Half of the instants lie about a change of clocks in one of the zones.
  const changes = ["2026-03-29T01:00Z", "2026-10-25T01:00Z", "2026-03-08T07:00Z", "2026-11-01T06:00Z"];
  const instant = fc.oneof(
    fc.date({ min: new Date("2024-01-01"), max: new Date("2032-01-01"), noInvalidDate: true }),
    fc
      .tuple(
        fc.constantFrom(...changes, "2026-10-03T15:30Z", "2026-09-06T04:00Z"),
        fc.integer({ min: -DAY, max: DAY }),
      )
      .map(([change, offset]) => new Date(Date.parse(change) + offset)),
  );

  test("runs later than asked, at its hour or as much later as clocks have gone forward", () => {
    fc.assert(
      fc.property(timed, zone, instant, (rule, zone, after) => {
        const run = nextRun({ rule, zone }, after, 0)!;
        expect(run.getTime()).toBeGreaterThan(after.getTime());
        const { weekday, ...wall } = wallOf(run, zone);
        const planned = { ...wall, hour: rule.hour, minute: rule.minute };
        const kept = wall.hour === rule.hour && wall.minute === rule.minute;
        const [first] = instantsAt(planned, zone);
        expect(first ?? "left out").toEqual(kept ? run : "left out");
        expect(rule.every === "week" ? rule.days : [weekday]).toContain(weekday);
        const day =
          rule.every === "month" ? Math.min(rule.day, daysInMonth(wall.year, wall.month)) : wall.day;
        expect(wall.day).toBe(day);
      }),
      { numRuns: 500 },
    );
  });

  test("leaves none out: asked from a little earlier, it answers the same or one before", () => {
    fc.assert(
      fc.property(timed, zone, instant, fc.integer({ min: 1, max: DAY }), (rule, zone, after, earlier) => {
        const run = nextRun({ rule, zone }, after, 0)!;
        const before = nextRun({ rule, zone }, new Date(after.getTime() - earlier), 0)!;
        expect(before > after ? before : run).toEqual(run);
        expect(nextRun({ rule, zone }, new Date(run.getTime() - 1), 0)).toEqual(run);
      }),
      { numRuns: 300 },
    );
  });

  test("in a row is one after the other", () => {
    const rules = fc.oneof(timed, fc.constantFrom("*/20 1-3 * * *", "0 9 * * 1-5", "30 * * * *").map(cron));
    fc.assert(
      fc.property(rules, zone, instant, fc.integer({ min: 0, max: 5 }), (rule, zone, after, made) => {
        const series: Recurrence = { rule, zone, runs: 8 };
        const oneByOne: Date[] = [];
        for (let at: Date | null = after; ;) {
          at = nextRun(series, at, made + oneByOne.length);
          if (!at) break;
          oneByOne.push(at);
        }
        expect(oneByOne).toHaveLength(8 - made);
        expect(nextRuns(series, after, made, 20)).toEqual(oneByOne);
        expect(runsBetween(series, after, oneByOne.at(-1)!)).toBe(8 - made);
        expect(oneByOne).toEqual(oneByOne.toSorted((one, other) => one.getTime() - other.getTime()));
      }),
      { numRuns: 200 },
    );
  });
});

describe("a cron expression", () => {
  const now = new Date("2026-11-22T12:00:00Z");

  test.each([
    ["0 9 * * 1-5", "ok"],
    ["  0   9 * * mon,thu ", "ok"],
    ["*/15 * * * *", "ok"],
    ["0 9 L * *", "ok"],
    ["0 9 29 2 *", "ok"],
    ["5,55 9 * * *", "ok"],
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
  ])("%s is %s", (expression, verdict) => {
    expect(checkCron(expression, "Europe/Berlin", now)).toBe(verdict);
  });
});

describe("what admins type", () => {
  const now = new Date("2026-11-22T12:00:00Z");
  const read = (text: string) => readRecurrence(text, now, "Europe/Berlin");
  const workdays: Weekday[] = [1, 2, 3, 4, 5];

  test.each<[string, Rule]>([
    ["every day at 9", daily(9)],
    ["daily 09:00", daily(9)],
    ["every day 9", daily(9)],
    ["every day 9:00", daily(9)],
    ["каждый день 9:00", daily(9)],
    ["everyday 21:45", daily(21, 45)],
    ["Daily at 9 p.m.", daily(21)],
    ["9:30 every day", daily(9, 30)],
    ["at 9:30, every day", daily(9, 30)],
    ["every day at noon", daily(12)],
    ["every day at midnight", daily(0)],
    ["every day at 12am", daily(0)],
    ["every day at 12:30 pm", daily(12, 30)],
    ["every day at 7 o'clock", daily(7)],
    ["mon-sun 9", daily(9)],
    ["каждый день в 9:00", daily(9)],
    ["Ежедневно в 9.30", daily(9, 30)],
    ["ежедневно в 9 утра", daily(9)],
    ["каждый день в 7 часов вечера", daily(19)],
    ["каждый день в 12 ночи", daily(0)],
    ["каждый день в полдень", daily(12)],
    ["every Monday and Thursday 18:30", weekly([1, 4], 18, 30)],
    ["mon, wed, fri 10:00", weekly([1, 3, 5], 10)],
    ["Mon Wed Fri at 10", weekly([1, 3, 5], 10)],
    ["fri, mon 10:00", weekly([1, 5], 10)],
    ["on Tuesdays at 10:05", weekly([2], 10, 5)],
    ["weekly on Sunday at 10", weekly([7], 10)],
    ["every week on tue & thurs at 10", weekly([2, 4], 10)],
    ["weekdays 9:00", weekly(workdays, 9)],
    ["every weekday at 9", weekly(workdays, 9)],
    ["on business days at 9", weekly(workdays, 9)],
    ["mon–fri: 9:00", weekly(workdays, 9)],
    ["Monday to Friday, 9:00", weekly(workdays, 9)],
    ["from Mon through Fri at 9", weekly(workdays, 9)],
    ["sat-mon 9:00", weekly([1, 6, 7], 9)],
    ["every weekend at 10", weekly([6, 7], 10)],
    ["weekdays and sat at 9", weekly([1, 2, 3, 4, 5, 6], 9)],
    ["по будням в 10", weekly(workdays, 10)],
    ["в 10:00 по рабочим дням", weekly(workdays, 10)],
    ["каждый будний день в 10", weekly(workdays, 10)],
    ["с пн по пт в 10", weekly(workdays, 10)],
    ["с понедельника по пятницу в 10", weekly(workdays, 10)],
    ["по выходным в 11 утра", weekly([6, 7], 11)],
    ["по понедельникам и средам в 18:30", weekly([1, 3], 18, 30)],
    ["по понедельникам по средам в 18:30", weekly([1, 3], 18, 30)],
    ["по вторникам, четвергам и субботам в 10", weekly([2, 4, 6], 10)],
    ["каждую пятницу в 10", weekly([5], 10)],
    ["каждое воскресенье в 10", weekly([7], 10)],
    ["еженедельно по чт в 10", weekly([4], 10)],
    ["Пн., ср., пт. в 10:00", weekly([1, 3, 5], 10)],
    ["on the 1st at 12:00", monthly(1, 12)],
    ["every month on the 31st at 10", monthly(31, 10)],
    ["monthly on the 2nd, 9:00", monthly(2, 9)],
    ["the 15th of every month at 9", monthly(15, 9)],
    ["on the last day of the month at 18", monthly(31, 18)],
    ["1-го числа каждого месяца в 12:00", monthly(1, 12)],
    ["каждого 15 числа в 12", monthly(15, 12)],
    ["каждое 1-е число в 12", monthly(1, 12)],
    ["по 15-м числам в 10", monthly(15, 10)],
    ["ежемесячно 3-го в 10", monthly(3, 10)],
    ["в последний день месяца в 18:00", monthly(31, 18)],
    ["0 9 * * 1-5", cron("0 9 * * 1-5")],
    [" 0  9 1 * * ", cron("0 9 1 * *")],
    ["30 10 * * mon,thu", cron("30 10 * * mon,thu")],
  ])("%s", (text, rule) => {
    expect(read(text)).toEqual({ type: "recurrence", rule });
  });

  test.each<[string, Rule]>([
    ["every day at 3", daily(3)],
    ["every Monday 6", weekly([1], 6)],
    ["по понедельникам в 3", weekly([1], 3)],
    ["каждый день в 3 часа", daily(3)],
    ["15-го числа в 1", monthly(15, 1)],
  ])("night or afternoon: %s", (text, rule) => {
    expect(read(text)).toEqual({ type: "which-half", rule });
  });

  test.each<[string, Rule]>([
    ["every day at 3:00", daily(3)],
    ["every day at 03", daily(3)],
    ["every day at 3pm", daily(15)],
    ["every day at 15", daily(15)],
    ["по понедельникам в 3 ночи", weekly([1], 3)],
    ["каждый день в 3 дня", daily(15)],
    ["каждый день в 0", daily(0)],
  ])("no question: %s", (text, rule) => {
    expect(read(text)).toEqual({ type: "recurrence", rule });
  });

  test.each([
    "every day",
    "Mondays",
    "по будням",
    "on the 1st",
    "в последний день месяца",
    "monthly on the 5th",
  ])("the time is missing: %s", (text) => {
    expect(read(text)).toEqual({ type: "no-time" });
  });

  test.each([
    ["* * * * *", "too-often"],
    ["*/5 9-18 * * *", "too-often"],
    ["0 9 31 2 *", "never"],
    ["0 0 9 * * *", "not-cron"],
    ["0 9 * *", "not-cron"],
    ["99 9 * * *", "not-cron"],
  ])("%s is a cron expression, %s", (text, fault) => {
    expect(read(text)).toEqual({ type: "cron-fault", fault });
  });

  test.each([
    "",
    "  ",
    "hello",
    "at 9",
    "9:00",
    "weekly",
    "every week at 9",
    "monthly at 9",
    "monthly 15 9:00",
    "on the last day at 10",
    "last day every week at 10",
    "every day at 25",
    "every day at 24:00",
    "every day at 9:60",
    "every day at 9:5",
    "every day at 13pm",
    "every day at 0am",
    "каждый день в 9 дня",
    "every day at 9 and 18",
    "every day at 9, 18:00",
    "every day 9-18",
    "daily 9,",
    "every day at 9:00:30",
    "every 2 weeks on monday at 9",
    "every other day at 9",
    "every hour",
    "every day on monday at 9",
    "weekly on the 1st at 9",
    "every month on monday at 9",
    "on the 1st and 15th at 9",
    "on the 32nd at 9",
    "on the 9th:00",
    "on day 9:00",
    "day 9 9:00",
    "9 day 9:00",
    "on the 0th at 9",
    "weekdays except fri at 9",
    "mon-mon 9:00",
    "every day at 9 (promo)",
    "завтра в 9",
    "каждый день в 9 по Москве",
    "через день в 9",
  ])("not understood: %s", (text) => {
    expect(read(text)).toEqual({ type: "unknown" });
  });

  test("words strewn at random are never read with one left over", () => {
    const words = [
      "every",
      "day",
      "mon",
      "по",
      "пт",
      "9:00",
      "9",
      "at",
      "в",
      "1st",
      ",",
      "-",
      "and",
      "month",
      "pm",
    ];
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...words), { maxLength: 8 }), (strewn) => {
        const text = strewn.join(" ");
        const reading = read(text);
        expect(["cron-fault", "unknown"]).toContain(read(`${text} banana`).type);
        const rule = reading.type === "recurrence" && reading.rule.every !== "cron" ? reading.rule : null;
        const times = strewn.filter((word) => word.startsWith("9")).length;
        expect(times).toBe(rule ? 1 : times);
      }),
      { numRuns: 1000 },
    );
  });
});
