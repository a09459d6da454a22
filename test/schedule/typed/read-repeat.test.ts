import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Rule } from "../../../src/schedule/recurrence.ts";
import { type Repeat, readHourOf, readRepeat, ruleAt } from "../../../src/schedule/typed/read-repeat.ts";
import type { Weekday } from "../../../src/schedule/wall.ts";

const NOW = new Date("2026-11-22T12:00:00Z");
const read = (text: string) => readRepeat(text, NOW);

const cron = (expression: string): Rule => ({ every: "cron", expression });
const daily = (hour: number, minute = 0): Rule => ({ every: "day", hour, minute });
const weekly = (days: Weekday[], hour: number, minute = 0): Rule => ({ every: "week", days, hour, minute });
const every = (step: number, rule: Rule): Rule => ({ ...rule, step }) as Rule;
const monthly = (day: number, hour: number, minute = 0): Rule => ({ every: "month", day, hour, minute });
/** What one of several readings comes to. */
const meant = ({ days, minutes }: Repeat) => (minutes === undefined ? days : ruleAt(days, minutes));
const workdays: Weekday[] = [1, 2, 3, 4, 5];

describe("what admins type", () => {
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
    expect(read(text)).toEqual({ type: "rule", rule });
  });

  test.each<[string, ...Rule[]]>([
    ["every day at 3", daily(3), daily(15)],
    ["every Monday 6", weekly([1], 6), weekly([1], 18)],
    ["по понедельникам в 3", weekly([1], 3), weekly([1], 15)],
    ["каждый день в 3 часа", daily(3), daily(15)],
    ["15-го числа в 1", monthly(15, 1), monthly(15, 13)],
    ["every day at half past nine", daily(9, 30), daily(21, 30)],
    ["по будням в полдесятого", weekly(workdays, 9, 30), weekly(workdays, 21, 30)],
    // The midnight with which the day begins, or the one with which it ends.
    ["по понедельникам в 12 ночи", weekly([1], 0), weekly([2], 0)],
    ["weekdays at midnight", weekly(workdays, 0), weekly([2, 3, 4, 5, 6], 0)],
    ["on the 1st at midnight", monthly(1, 0), monthly(2, 0)],
    ["в последний день месяца в полночь", monthly(31, 0), monthly(1, 0)],
    ["every Friday night at 1", weekly([5], 1), weekly([6], 1)],
    ["every second Monday at 10", every(2, weekly([1], 10)), cron("0 10 * * 1#2")],
    ["каждую третью среду в 10", every(3, weekly([3], 10)), cron("0 10 * * 3#3")],
  ])("asked back: %s", (text, ...rules) => {
    const reading = read(text);
    expect(reading.type === "ambiguous" && reading.repeats.map(meant)).toEqual(rules);
  });

  test.each<[string, Rule]>([
    ["every day at 3:00", daily(3)],
    ["every day at 03", daily(3)],
    ["every day at 3pm", daily(15)],
    ["every day at 15", daily(15)],
    ["по понедельникам в 3 ночи", weekly([1], 3)],
    ["каждый день в 3 дня", daily(15)],
    ["каждый день в 0", daily(0)],
    // Every day has both midnights: the runs are the same.
    ["каждый день в 12 ночи", daily(0)],
    ["every day at 24:00", daily(0)],
    ["every Monday at 24:00", weekly([2], 0)],
    ["every day at 13pm", daily(13)],
    ["daily 9,", daily(9)],
    ["every morning at 9", daily(9)],
    ["каждое утро в 9", daily(9)],
    ["по вечерам в 8", daily(20)],
    ["every Monday morning at 9", weekly([1], 9)],
    ["каждый день в полдесятого вечера", daily(21, 30)],
    ["every Monday at seven", weekly([1], 7)],
    ["every day 18-30", daily(18, 30)],
  ])("no question: %s", (text, rule) => {
    expect(read(text)).toEqual({ type: "rule", rule });
  });

  test.each<[string, Rule]>([
    ["every other day at 10", every(2, daily(10))],
    ["every 2nd day 9:00", every(2, daily(9))],
    ["через день в 9", every(2, daily(9))],
    ["каждый второй день в 9", every(2, daily(9))],
    ["раз в два дня в 9", every(2, daily(9))],
    ["every three days at 10:00", every(3, daily(10))],
    ["каждые 3 дня в 10:00", every(3, daily(10))],
    ["every 2 weeks on Monday 10:00", every(2, weekly([1], 10))],
    ["каждые две недели по понедельникам в 10", every(2, weekly([1], 10))],
    ["раз в две недели по пн и чт в 10", every(2, weekly([1, 4], 10))],
    ["every other week on Mon and Thu at 10", every(2, weekly([1, 4], 10))],
    ["every other Monday at 10", every(2, weekly([1], 10))],
    ["once every two weeks on Friday at 10", every(2, weekly([5], 10))],
    ["fortnightly on Friday at 10", every(2, weekly([5], 10))],
    ["через неделю по вторникам в 9", every(2, weekly([2], 9))],
    ["каждую вторую неделю по вторникам в 9", every(2, weekly([2], 9))],
    ["every 3 months on the 1st at 9", every(3, monthly(1, 9))],
    ["раз в квартал 1-го числа в 9", every(3, monthly(1, 9))],
    ["once a week on Friday 10:00", weekly([5], 10)],
    ["every first Monday at 10", cron("0 10 * * 1#1")],
    ["on the second Monday of every month at 10", cron("0 10 * * 1#2")],
    ["каждый второй понедельник месяца в 10", cron("0 10 * * 1#2")],
    ["каждую последнюю пятницу месяца в 18", cron("0 18 * * 5#L")],
    ["every month on the last day at 18", monthly(31, 18)],
    ["on day 15 of every month at 10", monthly(15, 10)],
    ["on the 1st and 15th at 9", cron("0 9 1,15 * *")],
    ["1-го и 15-го в 9", cron("0 9 1,15 * *")],
    ["every year on 25 December at 10", cron("0 10 25 12 *")],
    ["ежегодно 8 марта в 9 утра", cron("0 9 8 3 *")],
    ["every hour", cron("0 * * * *")],
    ["каждые 3 часа", cron("0 */3 * * *")],
    ["every 2 hours on weekdays", cron("0 */2 * * 1,2,3,4,5")],
    ["каждые полчаса", cron("*/30 * * * *")],
  ])("not every one: %s", (text, rule) => {
    expect(read(text)).toEqual({ type: "rule", rule });
  });

  test.each([
    ["every day", { every: "day", step: 1 }],
    ["Mondays", { every: "week", days: [1], step: 1 }],
    ["по будням", { every: "week", days: workdays, step: 1 }],
    ["on the 1st", { every: "month", days: [1], step: 1 }],
    ["в последний день месяца", { every: "month", days: [31], step: 1 }],
    ["monthly on the 5th", { every: "month", days: [5], step: 1 }],
    ["every other day", { every: "day", step: 2 }],
    ["on the first Friday of the month", { every: "nth", nth: 1, weekday: 5 }],
    ["every year on 25 December", { every: "year", month: 12, day: 25 }],
    // The day after the 28th is the 29th or the 1st.
    ["on the 28th at midnight", { every: "month", days: [28], step: 1 }],
  ])("the time is missing: %s", (text, days) => {
    expect(read(text)).toEqual({ type: "which-hour", days });
  });

  test.each([
    ["weekly", { unit: "week", step: 1 }],
    ["every week at 9", { unit: "week", step: 1, minutes: 540 }],
    ["раз в две недели в 10", { unit: "week", step: 2, minutes: 600 }],
    ["every 2 weeks at 3", { unit: "week", step: 2 }],
    ["monthly at 9", { unit: "month", step: 1, minutes: 540 }],
  ])("the day is missing: %s", (text, rest) => {
    expect(read(text)).toEqual({ type: "which-day", ...rest });
  });

  test.each(["every day at 25:00", "по будням в 12:60"])("no clock shows it: %s", (text) => {
    expect(read(text)).toEqual({ type: "no-such-time" });
  });

  test("an hour is read for days that are known", () => {
    const days = { every: "week", days: [1 as const], step: 2 } as const;
    const hour = (text: string) => readHourOf({ ...days, days: [1] }, text);
    expect(hour("в 9 утра")).toEqual({ type: "rule", rule: every(2, weekly([1], 9)) });
    expect(hour("half past six")).toMatchObject({
      type: "ambiguous",
      repeats: [{ minutes: 390 }, { minutes: 1110 }],
    });
    expect(hour("25:00")).toEqual({ type: "no-such-time" });
    expect(hour("every day at 9")).toEqual({ type: "unknown" });
    expect(hour("evening")).toEqual({ type: "unknown" });
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
    "monthly 15 9:00",
    "on the last day at 10",
    "last day every week at 10",
    "every day at 25",
    "every day at 9:5",
    "every day at 0am",
    "каждый день в 9 дня",
    "every day at 9 and 18",
    "every day at 9, 18:00",
    "every day 9-18",
    "every day at 9:00:30",
    "every day on monday at 9",
    "weekly on the 1st at 9",
    "every month on monday at 9",
    "on the 1st and 31st at 9",
    "every 0 days at 9",
    "every 400 days at 9",
    "every 5 hours",
    "every 7 minutes",
    "every other day on monday at 9",
    "every second Monday every week at 9",
    "twice a day",
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
        const rule = reading.type === "rule" && reading.rule.every !== "cron" ? reading.rule : null;
        const times = strewn.filter((word) => word.startsWith("9")).length;
        expect(times).toBe(rule ? 1 : times);
      }),
      { numRuns: 1000 },
    );
  });
});
