import moment from "moment-timezone";
import { describe, expect, test } from "vitest";
import { instantAt, wallOf } from "../../src/schedule/wall.ts";
import {
  CURRENT_ZONES,
  FORMER_NAMES,
  ZONE_DATA_VERSION,
  changesBetween,
  isZone,
  offsetAt,
} from "../../src/schedule/zone-data.ts";

const HOUR = 3_600_000;

test("a zone is known by its name in the database, by a former one, and in any case", () => {
  const known = ["Europe/Berlin", "Asia/Tehran", "UTC", "Europe/Kyiv", "Europe/Kiev", "US/Eastern"];
  expect([...known, "america/coyhaique", "Etc/GMT-3", "+03:00"].filter((name) => !isZone(name))).toEqual([]);
  expect(["Europe/Nowhere", "", "Berlin", "Etc/Unknown", "+3"].filter(isZone)).toEqual([]);
});

test("every zone of this Node is known", () => {
  expect(Intl.supportedValuesOf("timeZone").filter((name) => !isZone(name))).toEqual([]);
});

test("a former name has the clocks of the one that is used today", () => {
  expect(FORMER_NAMES.get("Europe/Kiev")).toBe("Europe/Kyiv");
  expect(FORMER_NAMES.get("Asia/Calcutta")).toBe("Asia/Kolkata");
  expect(FORMER_NAMES.get("Singapore")).toBe("Asia/Singapore");
  const years = Array.from({ length: 60 }, (_, month) => Date.UTC(2025, month, 15));
  for (const [former, current] of FORMER_NAMES) {
    expect(CURRENT_ZONES).toContain(current);
    expect(years.map((at) => offsetAt(at, former))).toEqual(years.map((at) => offsetAt(at, current)));
  }
});

test("what is not a zone is refused", () => {
  expect(() => offsetAt(0, "Europe/Nowhere")).toThrow(RangeError);
});

test("the data is read as the package reads it itself, in every zone", () => {
  expect(ZONE_DATA_VERSION).toBe(moment.tz.dataVersion);
  for (const name of moment.tz.names()) {
    const zone = moment.tz.zone(name)!;
    const [from, to] = [Date.UTC(2020, 0), Date.UTC(2099, 0)];
    const changes = zone.untils.filter((until) => until > from && until <= to);
    expect(changesBetween(from, to, name)).toEqual(changes);
    for (const at of [from, to, ...changes, ...changes.map((change) => change - 1)])
      expect(offsetAt(at, name)).toBeCloseTo(-zone.utcOffset(at) * 60_000, 3);
  }
});

describe("zones whose rules changed in 2026", () => {
  /** Nine in the morning, by decisions that Node 20 does not know; that of Cuba no Node knew in November 2026. */
  test.each([
    ["America/Vancouver", "2027-01-15", "2027-01-15T16:00:00.000Z"],
    ["America/Havana", "2026-12-15", "2026-12-15T13:00:00.000Z"],
    ["America/Edmonton", "2027-01-15", "2027-01-15T15:00:00.000Z"],
    ["America/Winnipeg", "2027-01-15", "2027-01-15T14:00:00.000Z"],
    ["America/Inuvik", "2027-01-15", "2027-01-15T15:00:00.000Z"],
    ["Africa/Casablanca", "2027-01-15", "2027-01-15T09:00:00.000Z"],
    ["Africa/El_Aaiun", "2027-01-15", "2027-01-15T09:00:00.000Z"],
  ])("%s, %s 09:00", (zone, day, instant) => {
    const [year, month, date] = day.split("-").map(Number) as [number, number, number];
    expect(instantAt({ year, month, day: date, hour: 9, minute: 0 }, zone).toISOString()).toBe(instant);
    expect(wallOf(new Date(instant), zone)).toMatchObject({ day: date, hour: 9 });
  });

  test("Chisinau changes its clocks at the instant at which the European Union does", () => {
    const [from, to] = [Date.UTC(2027, 0), Date.UTC(2028, 0)];
    expect(changesBetween(from, to, "Europe/Chisinau")).toEqual(changesBetween(from, to, "Europe/Berlin"));
  });
});

test("a zone that is an offset never changes its clocks", () => {
  expect(offsetAt(0, "+05:30")).toBe(5.5 * HOUR);
  expect(offsetAt(0, "-03:00")).toBe(-3 * HOUR);
});
