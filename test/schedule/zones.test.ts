import { describe, expect, test } from "vitest";
import { wallOf } from "../../src/schedule/wall.ts";
import { isZone } from "../../src/schedule/zone-data.ts";
import { readClock } from "../../src/schedule/typed/read-moment.ts";
import { COMMON_ZONES, findZones, zonesShowing } from "../../src/schedule/zones.ts";

const NOW = new Date("2026-11-23T12:00:00Z");
const SUMMER = new Date("2026-07-01T12:00:00Z");

test("the cities on the buttons are zones, each found by its name in either language", () => {
  expect(COMMON_ZONES).toHaveLength(12);
  const found = COMMON_ZONES.map(({ zone, en, ru }) => [isZone(zone), findZones(en)[0], findZones(ru)[0]]);
  expect(found).toEqual(COMMON_ZONES.map(({ zone }) => [true, zone, zone]));
});

test("every zone that Node knows, by its old name or its new one, is found by its name and by the last part of it", () => {
  const lost = Intl.supportedValuesOf("timeZone").filter((zone) => {
    const city = zone.slice(zone.lastIndexOf("/") + 1).replaceAll("_", " ");
    const samePlace = (found: string) =>
      new Intl.DateTimeFormat("en", { timeZone: found }).resolvedOptions().timeZone === zone;
    return !findZones(zone).some(samePlace) || !findZones(city).some(samePlace);
  });
  expect(lost.filter((zone) => zone.includes("/"))).toEqual([]);
});

describe("a typed city, zone or offset", () => {
  test.each([
    ["Berlin", ["Europe/Berlin"]],
    ["  berlin ", ["Europe/Berlin"]],
    ["Москва", ["Europe/Moscow"]],
    ["мск", ["Europe/Moscow"]],
    ["нью-йорк", ["America/New_York"]],
    ["НЬЮ ЙОРК", ["America/New_York"]],
    ["new_york", ["America/New_York"]],
    ["europe/kyiv", ["Europe/Kyiv"]],
    ["Europe/Kiev", ["Europe/Kyiv"]],
    ["Kiev", ["Europe/Kyiv"]],
    ["Львів", ["Europe/Kyiv"]],
    ["Алматы", ["Asia/Almaty"]],
    ["Астана", ["Asia/Almaty"]],
    ["Питер", ["Europe/Moscow"]],
    ["Санкт-Петербург", ["Europe/Moscow"]],
    ["Saint Petersburg", ["Europe/Moscow"]],
    ["Petersburg", ["Europe/Moscow", "America/Indiana/Petersburg"]],
    ["Новосибирск", ["Asia/Novosibirsk"]],
    ["Milan", ["Europe/Rome"]],
    ["Мюнхен", ["Europe/Berlin"]],
    ["Кёльн", ["Europe/Berlin"]],
    ["Кельн", ["Europe/Berlin"]],
    ["Düsseldorf", ["Europe/Berlin"]],
    ["Barcelona", ["Europe/Madrid"]],
    ["Mumbai", ["Asia/Kolkata"]],
    ["San Francisco", ["America/Los_Angeles"]],
    ["Вашингтон", ["America/New_York"]],
    ["Пекин", ["Asia/Shanghai"]],
    ["Рио-де-Жанейро", ["America/Sao_Paulo"]],
    ["São Paulo", ["America/Sao_Paulo"]],
    ["Харьков", ["Europe/Kyiv"]],
    ["Calcutta", ["Asia/Kolkata"]],
    ["mosc", ["Europe/Moscow"]],
    ["екатер", ["Asia/Yekaterinburg"]],
    ["UTC+3", ["Etc/GMT-3"]],
    ["utc + 3", ["Etc/GMT-3"]],
    ["GMT-5", ["Etc/GMT+5"]],
    ["GMT−5", ["Etc/GMT+5"]],
    ["+3", ["Etc/GMT-3"]],
    ["+03:00", ["Etc/GMT-3"]],
    ["МСК+2", ["Etc/GMT-5"]],
    ["UTC", ["UTC"]],
    ["UTC+0", ["UTC"]],
    ["UTC+5:30", ["Asia/Kolkata"]],
    ["+5:45", ["Asia/Kathmandu"]],
    ["EST", ["America/New_York"]],
    ["CST", ["America/Chicago", "Asia/Shanghai"]],
    ["UTC+15", []],
    ["UTC-13", []],
    ["+3:20", []],
    ["Atlantis", []],
    ["Europe", []],
    ["mo", []],
    ["+", []],
    ["", []],
    ["🌍", []],
  ])("%j", (typed, zones) => {
    expect(findZones(typed)).toEqual(zones);
  });

  test("an offset is a zone that is so far ahead of UTC, summer and winter", () => {
    for (let hours = -12; hours <= 14; hours++) {
      const [zone = ""] = findZones(`UTC${hours < 0 ? hours : `+${hours}`}`);
      for (const instant of [NOW, SUMMER]) {
        const wall = wallOf(instant, zone);
        const shown = Date.UTC(wall.year, wall.month - 1, wall.day, wall.hour, wall.minute);
        expect(shown - instant.getTime()).toBe(hours * 3_600_000);
      }
    }
  });

  test.each(["san", "por", "нов", "est", "ist", "+9:30", "-9:30", "+4:30", "+8:45", "+6:30", "+3:30"])(
    "%j leads to one to six zones",
    (typed) => {
      const zones = findZones(typed);
      expect(zones.length).toBeGreaterThan(0);
      expect(zones.length).toBeLessThanOrEqual(6);
      expect(zones.filter((zone) => !isZone(zone))).toEqual([]);
    },
  );
});

describe("What time is it for you now?", () => {
  test.each([
    [15, 0, "Europe/Moscow"],
    [14, 55, "Europe/Moscow"],
    [13, 5, "Europe/Berlin"],
    [12, 0, "Europe/London"],
    [7, 0, "America/New_York"],
    [4, 0, "America/Los_Angeles"],
    [17, 30, "Asia/Kolkata"],
    [17, 45, "Asia/Kathmandu"],
    [1, 0, "Pacific/Auckland"],
    [0, 54, "Pacific/Auckland"],
  ])("at %i:%i it is best known as %s", (hour, minute, zone) => {
    expect(zonesShowing(hour, minute, NOW)[0]).toBe(zone);
  });

  test("zones that change their clocks and zones that do not are told apart", () => {
    const zones = zonesShowing(13, 0, NOW);
    expect(zones).toContain("Europe/Berlin");
    expect(zones).toContain("Africa/Lagos");
    // Paris keeps Berlin's time.
    expect(zones).not.toContain("Europe/Paris");
  });

  test("zones are told apart, too, whose clocks change two days apart", () => {
    const zones = zonesShowing(14, 0, NOW);
    expect(zones).toContain("Europe/Kyiv");
    expect(zones).toContain("Asia/Jerusalem");
  });

  test("a clock may be wrong by 7 minutes, not by 8", () => {
    expect(zonesShowing(15, 7, NOW)).toContain("Europe/Moscow");
    expect(zonesShowing(14, 53, NOW)).toContain("Europe/Moscow");
    expect(zonesShowing(15, 8, NOW)).toEqual([]);
  });

  test("every hour of the day is somewhere, and no more than six are named", () => {
    const counts = Array.from({ length: 24 }, (_, hour) => zonesShowing(hour, 0, SUMMER).length);
    expect(Math.min(...counts)).toBeGreaterThan(0);
    expect(Math.max(...counts)).toBeLessThanOrEqual(6);
  });
});

describe("a time of day", () => {
  test.each([
    ["14:05", 14, 5],
    ["2:05 pm", 14, 5],
    ["2:05pm", 14, 5],
    ["14.05", 14, 5],
    ["10.12", 10, 12],
    ["14-05", 14, 5],
    ["14 05", 14, 5],
    ["в 14:05", 14, 5],
    ["9", 9, 0],
    ["09:00", 9, 0],
    ["9 вечера", 21, 0],
    ["9 pm", 21, 0],
    ["12 am", 0, 0],
    ["14ч05", 14, 5],
    ["noon", 12, 0],
    ["0:00", 0, 0],
  ])("%j is %i:%i", (text, hour, minute) => {
    expect(readClock(text)).toEqual({ hour, minute });
  });

  test.each([
    "25:00",
    "14:60",
    "24:00",
    "half past six",
    "завтра",
    "завтра 14:05",
    "14:05 15:05",
    "banana",
    "",
  ])("%j is none", (text) => {
    expect(readClock(text)).toBeNull();
  });
});
