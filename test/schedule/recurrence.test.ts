import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { anchored, nextRun, type Recurrence, runsBetween } from "../../src/schedule/recurrence.ts";
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

/** A rule of which only every so many days, weeks or months count, from this first run on. */
const stepped = (rule: Rule, step: number, first: string, zone = "Europe/Berlin") =>
  anchored({ zone, rule: { ...rule, step } as Rule }, new Date(first));
const daysAndHours = (recurrence: Recurrence, after: string, count: number) =>
  nextRuns(recurrence, new Date(after), 0, count).map((run) => {
    const { month, day, hour } = wallOf(run, recurrence.zone);
    return `${month}/${day} ${hour}`;
  });

describe("every other, and every third", () => {
  test("day counts from the first run, at the same hour over both changes of clocks", () => {
    const spring = stepped(daily(9), 2, "2026-03-26T08:00:00Z");
    expect(spring.since).toBe("2026-03-26");
    expect(daysAndHours(spring, "2026-03-26T08:00:00Z", 3)).toEqual(["3/28 9", "3/30 9", "4/1 9"]);
    const autumn = stepped(daily(9), 3, "2026-10-22T07:00:00Z");
    expect(daysAndHours(autumn, "2026-10-22T07:00:00Z", 3)).toEqual(["10/25 9", "10/28 9", "10/31 9"]);
  });

  test("week is the week of the first run, Monday to Sunday", () => {
    // The first run was on a Thursday: its Monday had passed.
    const recurrence = stepped(weekly([1, 4], 10), 2, "2026-11-26T09:00:00Z");
    expect(daysAndHours(recurrence, "2026-11-26T09:00:00Z", 4)).toEqual([
      "12/7 10",
      "12/10 10",
      "12/21 10",
      "12/24 10",
    ]);
    const sunday = stepped(weekly([1, 7], 10), 2, "2026-11-29T09:00:00Z");
    expect(daysAndHours(sunday, "2026-11-29T09:00:00Z", 2)).toEqual(["12/7 10", "12/13 10"]);
  });

  test("month counts over the end of the year, and the 31st is its last day", () => {
    const quarterly = stepped(monthly(31, 9), 3, "2026-11-30T08:00:00Z");
    expect(daysAndHours(quarterly, "2026-11-30T08:00:00Z", 3)).toEqual(["2/28 9", "5/31 9", "8/31 9"]);
  });

  test("the hour that is left out does not move the days", () => {
    const night = stepped(daily(2, 30), 2, "2026-03-27T01:30:00Z");
    expect(nextRuns(night, new Date("2026-03-27T01:30:00Z"), 0, 2).map((run) => run.toISOString())).toEqual([
      "2026-03-29T01:30:00.000Z",
      "2026-03-31T00:30:00.000Z",
    ]);
  });

  test("of the zone's days, not of Greenwich's", () => {
    expect(stepped(daily(1), 2, "2026-11-23T16:00:00Z", "Asia/Tokyo").since).toBe("2026-11-24");
  });

  test("no others are anchored", () => {
    const weekdays: Recurrence = { zone: "UTC", rule: weekly([1], 9) };
    expect(anchored(weekdays, new Date("2026-11-23T09:00:00Z"))).toEqual(weekdays);
    const every = { zone: "UTC", rule: { ...daily(9), step: 1 } as Rule, since: "2020-01-01" };
    expect(anchored(every, new Date("2026-11-23T09:00:00Z"))).not.toHaveProperty("since");
  });

  test("whenever it is asked, after a stop of weeks or in the middle, the days are the same", () => {
    const rules = fc.constantFrom<Rule>(daily(9), weekly([1, 5, 7], 9), monthly(30, 9));
    const from = Date.parse("2026-03-02T08:00:00Z");
    fc.assert(
      fc.property(rules, fc.integer({ min: 2, max: 5 }), fc.nat(300 * 24), (rule, step, hours) => {
        const unanchored = { zone: "Europe/Berlin", rule: { ...rule, step } as Rule };
        const first = nextRun(unanchored, new Date(from), 0)!;
        const recurrence = anchored(unanchored, first);
        const all = [first, ...nextRuns(recurrence, first, 1, 200)];
        const asked = new Date(from + hours * 3_600_000);
        expect(nextRun(recurrence, asked, 0)).toEqual(all.find((run) => run > asked));
      }),
      { numRuns: 100 },
    );
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
