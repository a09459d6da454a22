import { describe, expect, test } from "vitest";
import { readHours } from "../../../src/schedule/typed/read-hours.ts";
import type { Weekday } from "../../../src/schedule/wall.ts";
import type { Window } from "../../../src/schedule/window.ts";

const ZONE = "Europe/Berlin";
const every: Weekday[] = [1, 2, 3, 4, 5, 6, 7];
const workdays: Weekday[] = [1, 2, 3, 4, 5];
const window = (from: string, to: string, days = every): Window => ({
  zone: ZONE,
  from: minutesOf(from),
  to: minutesOf(to),
  days,
});

function minutesOf(time: string): number {
  const [hour, minute] = time.split(":").map(Number);
  return hour! * 60 + minute!;
}

describe("what admins type", () => {
  test.each([
    ["09:00-21:00", window("09:00", "21:00")],
    ["9–21", window("09:00", "21:00")],
    ["22:00 – 06:00", window("22:00", "06:00")],
    ["22-6", window("22:00", "06:00")],
    ["9.30 — 18.45", window("09:30", "18:45")],
    ["9am-9pm", window("09:00", "21:00")],
    ["9:30 a.m. to 5 p.m.", window("09:30", "17:00")],
    ["9am-21:00", window("09:00", "21:00")],
    ["noon–midnight", window("12:00", "00:00")],
    ["18-24", window("18:00", "00:00")],
    ["18:00-24:00", window("18:00", "00:00")],
    ["0-8", window("00:00", "08:00")],
    ["from 9 to 21", window("09:00", "21:00")],
    ["between 9 and 21", window("09:00", "21:00")],
    ["daily 9-21", window("09:00", "21:00")],
    ["с 9 до 21", window("09:00", "21:00")],
    ["С 9:00 до 21:00 ежедневно", window("09:00", "21:00")],
    ["с 9 утра до 9 вечера", window("09:00", "21:00")],
    ["с 10 часов до 18 часов", window("10:00", "18:00")],
    ["9:00-18:00 Mon-Fri", window("09:00", "18:00", workdays)],
    ["weekdays 9-18", window("09:00", "18:00", workdays)],
    ["9-18, weekdays", window("09:00", "18:00", workdays)],
    ["Mon–Fri: 9–18", window("09:00", "18:00", workdays)],
    ["weekends 10-20", window("10:00", "20:00", [6, 7])],
    ["9-18 on mon, wed and fri", window("09:00", "18:00", [1, 3, 5])],
    ["9-18 mon-thu, sat", window("09:00", "18:00", [1, 2, 3, 4, 6])],
    ["10-12 fri-mon", window("10:00", "12:00", [1, 5, 6, 7])],
    ["с 9 до 18 по будням", window("09:00", "18:00", workdays)],
    ["по будням с 9 до 18", window("09:00", "18:00", workdays)],
    ["10-20 пн-пт", window("10:00", "20:00", workdays)],
    ["пн-пт с 10 до 20", window("10:00", "20:00", workdays)],
    ["с понедельника по пятницу с 10 до 20", window("10:00", "20:00", workdays)],
    ["по субботам и воскресеньям с 10 до 20", window("10:00", "20:00", [6, 7])],
    ["с 10 до 20 по выходным", window("10:00", "20:00", [6, 7])],
    ["9-18,", window("09:00", "18:00")],
    ["24-6", window("00:00", "06:00")],
    ["с 9 до 9 вечера", window("09:00", "21:00")],
    ["from 9 in the morning to half past six in the evening", window("09:00", "18:30")],
    ["с полдесятого утра до девяти вечера", window("09:30", "21:00")],
    ["с девяти до восемнадцати", window("09:00", "18:00")],
    ["9-30 - 18-45", window("09:30", "18:45")],
    ["с 12 до 12 ночи", window("12:00", "00:00")],
  ])("%s", (text, expected) => {
    expect(readHours(text, ZONE)).toEqual({ type: "hours", window: expected });
  });

  test.each([
    "",
    "9",
    "mon-fri",
    "09:00 - 9am",
    "0-24",
    "00:00-24:00",
    "9-25",
    "9:5-18",
    "9-18-20",
    "9-18 10-20",
    "9-18 mon mon-mon",
    "9-18 mon-fri except wed",
    "9-18 mon tomorrow",
    "9-18 Berlin",
    "between 9 to 18",
    "9 and 18",
    "9 18",
    "900-1800",
    "с 9 до 18 кроме выходных",
    "в любое время",
  ])("not understood: %s", (text) => {
    expect(readHours(text, ZONE)).toEqual({ type: "unknown" });
  });

  test.each([
    ["9-5", "09:00-05:00, 09:00-17:00, 21:00-05:00"],
    ["9:00-5:00", "09:00-05:00, 09:00-17:00, 21:00-05:00"],
    ["с 9 до 6", "09:00-06:00, 09:00-18:00, 21:00-06:00"],
    ["9-11pm", "09:00-23:00, 21:00-23:00"],
    ["9am-5", "09:00-05:00, 09:00-17:00"],
    ["9-9", "09:00-21:00, 21:00-09:00"],
    ["3-8", "03:00-08:00, 15:00-20:00"],
    ["half past nine to six", "09:30-06:00, 09:30-18:00, 21:30-06:00"],
  ])("the afternoon or the night: %s", (text, hours) => {
    const reading = readHours(`${text} weekdays`, ZONE);
    const windows = hours.split(", ").map((range) => {
      const [from = "", to = ""] = range.split("-");
      return window(from, to, workdays);
    });
    expect(reading).toEqual({ type: "ambiguous", windows });
  });

  test.each(["9:00-18:60", "с 25:00 до 26:00"])("no clock shows it: %s", (text) => {
    expect(readHours(text, ZONE)).toEqual({ type: "no-such-time" });
  });
});
