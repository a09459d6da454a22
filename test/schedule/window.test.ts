import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Weekday } from "../../src/schedule/wall.ts";
import { closesAt, endsAt, isOpen, opensAt, type Window } from "../../src/schedule/window.ts";

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const every: Weekday[] = [1, 2, 3, 4, 5, 6, 7];
const workdays: Weekday[] = [1, 2, 3, 4, 5];
const window = (from: string, to: string, days = every, zone = "UTC"): Window => ({
  zone,
  from: minutesOf(from),
  to: minutesOf(to),
  days,
});
const at = (text: string) => new Date(text);

function minutesOf(time: string): number {
  const [hour, minute] = time.split(":").map(Number);
  return hour! * 60 + minute!;
}

describe("hours of a day", () => {
  const hours = window("09:00", "21:00", every, "Europe/Berlin");

  test("are open from the first minute, and shut at the last", () => {
    expect(isOpen(hours, at("2026-11-23T07:59:59.999Z"))).toBe(false);
    expect(isOpen(hours, at("2026-11-23T08:00:00Z"))).toBe(true);
    expect(isOpen(hours, at("2026-11-23T19:59:59.999Z"))).toBe(true);
    expect(isOpen(hours, at("2026-11-23T20:00:00Z"))).toBe(false);
  });

  test("while open: opens now, and says when it closes", () => {
    const noon = at("2026-11-23T12:00:00Z");
    expect(opensAt(hours, noon)).toEqual(noon);
    expect(closesAt(hours, noon)).toEqual(at("2026-11-23T20:00:00Z"));
  });

  test("while closed: opens in the morning", () => {
    expect(opensAt(hours, at("2026-11-23T03:00:00Z"))).toEqual(at("2026-11-23T08:00:00Z"));
    expect(opensAt(hours, at("2026-11-23T20:00:00Z"))).toEqual(at("2026-11-24T08:00:00Z"));
    expect(closesAt(hours, at("2026-11-23T03:00:00Z"))).toBeNull();
  });
});

describe("over midnight", () => {
  const night = window("22:00", "06:00");

  test("22:00–06:00 is open at 23:30 and at 05:59, and closed at 06:00 sharp", () => {
    expect(isOpen(night, at("2026-11-23T23:30:00Z"))).toBe(true);
    expect(isOpen(night, at("2026-11-24T05:59:59Z"))).toBe(true);
    expect(isOpen(night, at("2026-11-24T06:00:00Z"))).toBe(false);
    expect(isOpen(night, at("2026-11-24T21:59:59Z"))).toBe(false);
    expect(closesAt(night, at("2026-11-23T23:30:00Z"))).toEqual(at("2026-11-24T06:00:00Z"));
  });

  test("on weekdays, Friday's opening lasts into Saturday, and Sunday's is none", () => {
    const nights = { ...night, days: workdays };
    expect(isOpen(nights, at("2026-11-28T05:00:00Z"))).toBe(true);
    expect(isOpen(nights, at("2026-11-28T22:30:00Z"))).toBe(false);
    expect(isOpen(nights, at("2026-11-30T05:00:00Z"))).toBe(false);
    expect(opensAt(nights, at("2026-11-28T06:00:00Z"))).toEqual(at("2026-11-30T22:00:00Z"));
  });

  test("until 24:00, kept as 0, is until midnight", () => {
    const evening = window("18:00", "00:00");
    expect(closesAt(evening, at("2026-11-23T20:00:00Z"))).toEqual(at("2026-11-24T00:00:00Z"));
    expect(isOpen(evening, at("2026-11-24T00:00:00Z"))).toBe(false);
  });
});

test("once a week it opens a week later", () => {
  const once = window("10:00", "11:00", [3]);
  expect(opensAt(once, at("2026-11-25T11:00:00Z"))).toEqual(at("2026-12-02T10:00:00Z"));
});

test("a window without days says so", () => {
  expect(() => opensAt(window("10:00", "11:00", []), at("2026-11-25T11:00:00Z"))).toThrow(RangeError);
});

describe("when clocks change", () => {
  const zone = "Europe/Berlin";

  test("an opening at 02:30 that is left out is at 03:30", () => {
    const early = window("02:30", "06:00", every, zone);
    expect(opensAt(early, at("2026-03-29T00:00:00Z"))).toEqual(at("2026-03-29T01:30:00Z"));
    expect(isOpen(early, at("2026-03-29T01:29:00Z"))).toBe(false);
    expect(closesAt(early, at("2026-03-29T02:00:00Z"))).toEqual(at("2026-03-29T04:00:00Z"));
  });

  test("hours that the change swallows wait for their next day", () => {
    const swallowed = window("02:30", "03:15", [7], zone);
    expect(opensAt(swallowed, at("2026-03-28T12:00:00Z"))).toEqual(at("2026-04-05T00:30:00Z"));
  });

  test("a night is an hour shorter in spring and an hour longer in autumn", () => {
    const night = window("22:00", "06:00", every, zone);
    const hours = (evening: string) =>
      (closesAt(night, at(evening))!.getTime() - Date.parse(evening)) / 3_600_000;
    expect(hours("2026-03-28T21:00:00Z")).toBe(7);
    expect(hours("2026-10-24T20:00:00Z")).toBe(9);
    expect(hours("2026-11-23T21:00:00Z")).toBe(8);
  });

  test("a time that comes twice opens or closes at the first", () => {
    expect(opensAt(window("02:30", "06:00", every, zone), at("2026-10-24T23:00:00Z"))).toEqual(
      at("2026-10-25T00:30:00Z"),
    );
    const late = window("22:00", "02:30", every, zone);
    expect(closesAt(late, at("2026-10-25T00:00:00Z"))).toEqual(at("2026-10-25T00:30:00Z"));
    expect(isOpen(late, at("2026-10-25T01:15:00Z"))).toBe(false);
  });
});

describe("when sending is done", () => {
  const hours = window("09:00", "21:00");

  test("without a window, so much later", () => {
    expect(endsAt(null, at("2026-11-23T20:59:00Z"), 3600)).toEqual(at("2026-11-23T21:59:00Z"));
  });

  test("within the hours, so much later", () => {
    expect(endsAt(hours, at("2026-11-23T20:00:00Z"), 3600)).toEqual(at("2026-11-23T21:00:00Z"));
  });

  test("what is left at the close goes on the next morning", () => {
    expect(endsAt(hours, at("2026-11-23T20:00:00Z"), 3601)).toEqual(at("2026-11-24T09:00:01Z"));
    expect(endsAt({ ...hours, days: workdays }, at("2026-11-27T20:30:00Z"), 3600)).toEqual(
      at("2026-11-30T09:30:00Z"),
    );
  });

  test("a start while closed counts from the opening", () => {
    expect(endsAt(hours, at("2026-11-23T03:00:00Z"), 0.5)).toEqual(at("2026-11-23T09:00:00.500Z"));
    expect(endsAt(hours, at("2026-11-23T03:00:00Z"), 0)).toEqual(at("2026-11-23T03:00:00Z"));
  });

  test("years in narrow hours are found at once, and are exact where clocks keep still", () => {
    const narrow = window("10:00", "10:01", [1]);
    const started = performance.now();
    // 52,000 Mondays of a minute each.
    expect(endsAt(narrow, at("2026-11-23T10:00:00Z"), 52_000 * 60)).toEqual(
      new Date(Date.parse("2026-11-23T10:01:00Z") + 51_999 * 7 * DAY),
    );
    expect(performance.now() - started).toBeLessThan(5000);
  });

  test("whole weeks taken at once keep the hour over changes of clocks", () => {
    const berlin = window("09:00", "21:00", every, "Europe/Berlin");
    expect(endsAt(berlin, at("2026-11-23T08:00:00Z"), 300 * 12 * 3600)).toEqual(at("2027-09-18T19:00:00Z"));
  });
});

/**
 * Every minute of nine weeks about a change of clocks, and what the clocks show in it, by Intl alone. Hours are walked
 * through minute by minute: a time opens or closes them in the first minute that shows it; where the clocks jump over
 * it, as many minutes after the jump as it lies after the last minute shown.
 */
class Walk {
  readonly #shown: number[] = [];
  readonly #first = new Map<number, number>();
  readonly begin: number;
  readonly zone: string;

  constructor(zone: string, change: string) {
    this.zone = zone;
    this.begin = Date.parse(change) - 21 * DAY;
    const format = new Intl.DateTimeFormat("en-US", {
      timeZone: zone,
      hourCycle: "h23",
      year: "numeric",
      month: "numeric",
      day: "numeric",
      hour: "numeric",
      minute: "numeric",
    });
    for (let minute = 0; minute < 63 * 24 * 60; minute++) {
      // No zone changes its clocks but at a quarter of an hour.
      if (minute % 15 === 0) {
        const parts = Object.fromEntries(
          format.formatToParts(this.begin + minute * MINUTE).map(({ type, value }) => [type, Number(value)]),
        );
        const { year, month, day, hour, minute: past } = parts;
        this.#shown.push(Date.UTC(year!, month! - 1, day, hour, past) / MINUTE);
      } else this.#shown.push(this.#shown.at(-1)! + 1);
    }
    for (const [minute, wall] of this.#shown.entries())
      if (!this.#first.has(wall)) this.#first.set(wall, minute);
  }

  /** Which minutes are open, and in which an opening ends; without the days at both ends, where one may be cut. */
  hours({ from, to, days }: Window): { open: boolean[]; closings: Set<number> } {
    const open = this.#shown.map(() => false);
    const closings = new Set<number>();
    const firstDay = Math.ceil(this.#shown[0]! / 1440) + 1;
    for (let day = firstDay; day < firstDay + 58; day++) {
      // The first day of 1970 was a Thursday.
      if (!days.includes((((day + 3) % 7) + 1) as Weekday)) continue;
      const closing = this.#reached((to < from ? day + 1 : day) * 1440 + to);
      open.fill(true, this.#reached(day * 1440 + from), closing);
      closings.add(closing);
    }
    return { open, closings };
  }

  #reached(wall: number): number {
    const first = this.#first.get(wall);
    if (first !== undefined) return first;
    const after = this.#shown.findIndex((shown) => shown > wall);
    return after + wall - this.#shown[after - 1]! - 1;
  }
}

describe("against a walk minute by minute", () => {
  const walks = [
    ["Europe/Berlin", "2026-03-29T01:00:00Z"],
    ["Europe/Berlin", "2026-10-25T01:00:00Z"],
    ["America/New_York", "2026-03-08T07:00:00Z"],
    ["America/New_York", "2026-11-01T06:00:00Z"],
    ["Australia/Lord_Howe", "2026-10-03T15:30:00Z"],
    ["America/Santiago", "2026-04-05T03:00:00Z"],
    ["America/Santiago", "2026-09-06T04:00:00Z"],
  ] as const;
  // The hours that changes leave out and repeat are tried more often than others.
  const time = fc.oneof(
    fc.integer({ min: 0, max: 1439 }),
    fc.integer({ min: 0, max: 12 }).map((quarters) => quarters * 15),
    fc.constant(1425),
  );
  const hours = fc
    .record({ from: time, to: time, days: fc.subarray(every, { minLength: 1 }) })
    .filter(({ from, to }) => from !== to);
  // In minutes from the change, which lies three weeks after the walk's begin.
  const moment = fc.oneof(
    fc.integer({ min: -14 * 1440, max: 14 * 1440 }),
    fc.integer({ min: -1500, max: 1500 }),
  );
  const CHANGE = 21 * 1440;

  test.each(walks)("open, opens, closes and ends agree in %s about %s", (zone, change) => {
    const walk = new Walk(zone, change);
    const instant = (minute: number) => new Date(walk.begin + minute * MINUTE);
    fc.assert(
      fc.property(
        hours,
        fc.array(moment, { minLength: 5, maxLength: 5 }),
        fc.nat(600),
        (drawn, moments, work) => {
          const window = { zone, ...drawn };
          const { open, closings } = walk.hours(window);
          for (const minute of moments.map((offset) => CHANGE + offset)) {
            const now = instant(minute);
            expect(isOpen(window, now)).toBe(open[minute]);
            expect(opensAt(window, now)).toEqual(instant(open.indexOf(true, minute)));

            const closes = closesAt(window, now);
            const closing = closes ? (closes.getTime() - walk.begin) / MINUTE : minute;
            expect(closing > minute).toBe(open[minute]);
            expect(closes === null || closings.has(closing)).toBe(true);
            expect(open.slice(minute, closing).every(Boolean)).toBe(true);

            const minutes = Math.min(work, (drawn.to - drawn.from + 1440) % 1440);
            let end = minute;
            for (let left = minutes; left > 0; end++) if (open[end]) left--;
            expect(endsAt(window, now, minutes * 60)).toEqual(instant(end));
          }
        },
      ),
      { numRuns: 60 },
    );
  });
});
