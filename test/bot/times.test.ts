import { describe, expect, test } from "vitest";
import { offsetOf, fullTime } from "../../src/bot/ui/times.ts";
import { dateFormat, moment, timeOfDay } from "../../src/bot/ui/words.ts";
import { instantAt } from "../../src/schedule/wall.ts";
import { callsOf, isNode, nameOf, sourceIn, stringOf } from "../support/source.ts";

describe("what is written of an instant comes from the zone data that it was found by", () => {
  // By Node 20's own data, clocks in Vancouver show 08:00 then.
  const zone = "America/Vancouver";
  const instant = instantAt({ year: 2027, month: 1, day: 15, hour: 9, minute: 0 }, zone);

  test("in full, in brief, and as an offset", () => {
    expect(fullTime(instant, { locale: "en", timezone: zone })).toBe("Fri 15 Jan 2027, 09:00");
    expect(fullTime(instant, { locale: "ru", timezone: zone })).toBe("Пт 15 января 2027, 09:00");
    expect(moment(instant, new Date("2026-11-23T12:00:00Z"), zone, "en")).toBe("15 Jan 2027, 09:00");
    expect(moment(instant, instant, zone, "en")).toBe("09:00");
    expect(timeOfDay(instant, zone)).toBe("09:00");
    expect(offsetOf(instant, zone)).toBe("UTC-7");
  });

  test("around midnight, on the right day", () => {
    const late = new Date("2027-01-16T07:30:00Z"); // 00:30 there; 23:30 by Node 20's data
    expect(dateFormat("en", { day: "numeric", month: "short" }).format(late, zone)).toBe("16 Jan");
  });

  test.each([
    ["Asia/Kathmandu", "UTC+5:45"],
    ["Pacific/Marquesas", "UTC-9:30"],
    ["UTC", "UTC"],
    ["Europe/Moscow", "UTC+3"],
  ])("%s is %s", (zone, offset) => {
    expect(offsetOf(instant, zone)).toBe(offset);
  });

  test("Node formats no date by a zone of its own", () => {
    const files = sourceIn("src").filter(({ path }) => path !== "db/schema.ts"); // a column is called so
    const named = files.flatMap(({ path, nodes }) => {
      const zones = nodes.filter(
        ({ type, key, value }) =>
          type === "Property" && nameOf(key) === "timeZone" && isNode(value) && stringOf(value) !== "UTC",
      );
      const calls = callsOf(nodes, "CallExpression", "toLocaleDateString", "toLocaleTimeString");
      return [...zones, ...calls].map(() => path);
    });
    expect(named).toEqual([]);
  });
});
