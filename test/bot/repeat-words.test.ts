import { describe, expect, test } from "vitest";
import { describeRepeat } from "../../src/bot/ui/repeat-words.ts";
import { loadWords } from "../../src/bot/ui/words.ts";
import type { Recurrence } from "../../src/schedule/recurrence.ts";

const words = loadWords();
const ZONE = "Europe/Moscow";
const NOW = new Date("2026-11-23T12:00:00Z");

function described(rule: Recurrence["rule"], now?: Date): string[] {
  return (["en", "ru"] as const).map((locale) =>
    describeRepeat({ zone: ZONE, rule }, { t: words(locale), locale, timezone: ZONE, ...(now && { now }) }),
  );
}

const cron = (expression: string) => ({ every: "cron", expression }) as const;

describe("a repeat in words", () => {
  test.each<[Recurrence["rule"], string, string]>([
    [{ every: "day", hour: 9, minute: 5 }, "every day 09:05", "каждый день в 09:05"],
    [
      { every: "week", days: [1, 2, 3, 4, 5], hour: 9, minute: 0 },
      "every weekday 09:00",
      "по будням в 09:00",
    ],
    [
      { every: "week", days: [1, 5], hour: 9, minute: 0 },
      "every Monday and Friday 09:00",
      "по понедельникам и пятницам в 09:00",
    ],
    [
      { every: "month", day: 1, hour: 9, minute: 0 },
      "on day 1 of every month, 09:00",
      "каждый месяц 1-го числа в 09:00",
    ],
    [
      { every: "month", day: 31, hour: 9, minute: 0 },
      "on day 31 of every month (or its last day), 09:00",
      "каждый месяц 31-го числа (или в последний день) в 09:00",
    ],
    [{ every: "day", step: 2, hour: 9, minute: 0 }, "every other day 09:00", "через день в 09:00"],
    [{ every: "day", step: 3, hour: 9, minute: 0 }, "every 3 days 09:00", "каждые 3 дня в 09:00"],
    [
      { every: "week", step: 2, days: [1, 4], hour: 9, minute: 0 },
      "every 2 weeks on Monday and Thursday 09:00",
      "раз в 2 недели по понедельникам и четвергам в 09:00",
    ],
    [
      { every: "month", step: 3, day: 1, hour: 9, minute: 0 },
      "every 3 months on day 1, 09:00",
      "раз в 3 месяца 1-го числа в 09:00",
    ],
  ])("%o", (rule, en, ru) => {
    expect(described(rule)).toEqual([en, ru]);
  });
});

describe("a cron expression in words", () => {
  test.each([
    ["0 9,18 * * *", "every day 09:00 and 18:00", "каждый день в 09:00 и 18:00"],
    ["0 9 * * *,1", "every day 09:00", "каждый день в 09:00"],
    ["0 9 * * 1-5", "every weekday 09:00", "по будням в 09:00"],
    ["0 9 1,15 * *", "on days 1 and 15 of every month, 09:00", "каждый месяц по числам 1 и 15 в 09:00"],
    [
      "0 9 31 * *",
      "on day 31 of every month that has it, 09:00",
      "31-го числа тех месяцев, где оно есть, в 09:00",
    ],
    ["0 9 L * *", "on the last day of every month, 09:00", "каждый месяц в последний день в 09:00"],
    ["0 9 * * 2#2", "on the second Tuesday of every month, 09:00", "каждый месяц во второй вторник в 09:00"],
    ["0 9 * * 5#L", "on the last Friday of every month, 09:00", "каждый месяц в последнюю пятницу в 09:00"],
    ["0 9 * * 7#1", "on the first Sunday of every month, 09:00", "каждый месяц в первое воскресенье в 09:00"],
    ["0 9 25 12 *", "every year on 25 December, 09:00", "каждый год 25 декабря в 09:00"],
    ["0 * * * *", "every hour", "каждый час"],
    ["0 */3 * * *", "every 3 hours", "каждые 3 часа"],
    ["30 */3 * * *", "every 3 hours from 00:30 to 21:30", "каждые 3 часа с 00:30 до 21:30"],
    ["*/15 * * * *", "every 15 minutes", "каждые 15 минут"],
    [
      "0 9-18 * * 1-5",
      "every weekday every hour from 09:00 to 18:00",
      "по будням каждый час с 09:00 до 18:00",
    ],
  ])("%s", (expression, en, ru) => {
    expect(described(cron(expression))).toEqual([`${en} (${expression})`, `${ru} (${expression})`]);
  });

  test("one without simple words stands for itself, and its next runs say what it means", () => {
    expect(described(cron("0 9 13 * +FRI"), NOW)).toEqual([
      "by the cron expression 0 9 13 * +FRI: Fri 13 Aug 2027 09:00, Fri 13 Oct 2028 09:00 and Fri 13 Apr 2029 09:00",
      "по выражению cron 0 9 13 * +FRI: Пт 13 авг. 2027 09:00, Пт 13 окт. 2028 09:00 и Пт 13 апр. 2029 09:00",
    ]);
    expect(described(cron("0 9 1,15 * 1-5"))).toEqual([
      "by the cron expression 0 9 1,15 * 1-5",
      "по выражению cron 0 9 1,15 * 1-5",
    ]);
  });

  test("what croner does not take any more is shown as it is, without its runs", () => {
    expect(described(cron("0 9 * * 9"), NOW)).toEqual([
      "by the cron expression 0 9 * * 9",
      "по выражению cron 0 9 * * 9",
    ]);
  });
});
