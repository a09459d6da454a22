import { describe, expect, test } from "vitest";
import { readHours } from "../../../src/schedule/typed/read-hours.ts";
import { readMoment } from "../../../src/schedule/typed/read-moment.ts";
import { readRepeat, ruleAt } from "../../../src/schedule/typed/read-repeat.ts";
import { CLOCKS, NOW, ZONE } from "./phrases.ts";

/*
 * One table for moments, repeats and sending hours: a time of day that one of them reads, the others read alike, and where
 * one of them asks, so do the others.
 */

const MIDNIGHT = Date.parse("2026-11-24T00:00:00+03:00");
const TUESDAY = 2;

/** Minutes since the day's begin as the table writes them: "09:30", "24:00". */
const written = (minutes: number[]) =>
  minutes
    .map((all) => [Math.floor(all / 60), all % 60].map((part) => String(part).padStart(2, "0")).join(":"))
    .join(" or ");

function asMoment(text: string): string {
  const reading = readMoment(text, NOW, ZONE);
  if (reading.type !== "at" && reading.type !== "ambiguous") return reading.type;
  const instants = reading.type === "at" ? [reading.instant] : reading.candidates;
  return written(instants.map((instant) => (instant.getTime() - MIDNIGHT) / 60_000));
}

function asRepeat(text: string): string {
  const reading = readRepeat(text, NOW);
  if (reading.type === "no-such-time") return "no-time";
  if (reading.type !== "rule" && reading.type !== "ambiguous") return reading.type;
  const rules =
    reading.type === "rule"
      ? [reading.rule]
      : reading.repeats.map(({ days, minutes = 0 }) => ruleAt(days, minutes));
  return written(
    rules.map((rule) => {
      if (rule.every !== "week") return Number.NaN;
      return ((rule.days[0] ?? 0) - TUESDAY) * 1440 + rule.hour * 60 + rule.minute;
    }),
  );
}

function asHours(text: string): string {
  const reading = readHours(text, ZONE);
  if (reading.type === "no-such-time") return "no-time";
  if (reading.type !== "hours" && reading.type !== "ambiguous") return reading.type;
  const windows = reading.type === "hours" ? [reading.window] : reading.windows;
  return written(windows.map(({ from }) => from));
}

describe.each([
  ["en", "tomorrow at", "every Tuesday at", "to"],
  ["ru", "завтра в", "по вторникам в", "до"],
] as const)("a time of day in %s", (language, tomorrow, everyTuesday, to) => {
  const rows = CLOCKS.filter(([of]) => of === language);

  test.each(rows)("%s, a moment: %s", (_, text, times) => {
    expect(asMoment(`${tomorrow} ${text}`)).toBe(times);
  });

  test.each(rows)("%s, a repeat: %s", (_, text, times) => {
    expect(asRepeat(`${everyTuesday} ${text}`)).toBe(times);
  });

  test.each(rows)("%s, sending hours: %s", (_, text, times) => {
    // Hours begin at the midnight of their day.
    const begins = times === "24:00" || times === "00:00 or 24:00" ? "00:00" : times;
    expect(asHours(`${text} ${to} 23:59`)).toBe(begins);
  });
});

describe("however a text repeats itself", () => {
  const pieces = [
    "at ",
    "1 ",
    "1.",
    "1:",
    "in 1 hour ",
    "двадцать ",
    "a half ",
    "полтора ",
    "12",
    "9999 years ",
    "(",
  ];
  const ofRepeats = [
    "mon ",
    "mon and ",
    "пн, ",
    "вт по ",
    "every ",
    "1st ",
    "1st and ",
    "second monday ",
    "of month ",
  ];

  test.each([...pieces, ...ofRepeats, "9-", "to 9 "])("a text full of %j takes no time", (piece) => {
    const texts = [piece.repeat(2000), piece.repeat(Math.floor(99 / piece.length)), piece.repeat(12)];
    const begin = process.cpuUsage();
    for (const text of texts) {
      readMoment(text, NOW, ZONE);
      readRepeat(text, NOW);
      readHours(text, ZONE);
    }
    expect(process.cpuUsage(begin).user / 1000).toBeLessThan(1000);
  });
});
