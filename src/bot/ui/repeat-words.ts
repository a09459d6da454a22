import { type CronDays, type CronTimes, cronMeaning } from "../../schedule/cron.ts";
import type { Recurrence, TimedRule } from "../../schedule/recurrence.ts";
import { nextRunsWithin } from "../../schedule/runs.ts";
import type { Repeat, RepeatDays } from "../../schedule/typed/read-repeat.ts";
import { type Weekday, asUtc } from "../../schedule/wall.ts";
import { type Reader, briefTime, clockTime, dateOnly } from "./times.ts";
import { type Locale, type Translate, dateFormat, formatOf } from "./words.ts";

/** For a repeat that cannot be put into simple words, this many of its next runs say what it means. */
const RUNS_NAMED = 3;

/**
 * "every Monday and Friday 10:00", "по будням в 10:00"; the zone is named if it is not the reader's. A cron expression that
 * cannot be put into simple words is shown as it is, and with `now` its next runs are named. Never throws, whatever is
 * stored, because a card that cannot be drawn would lock its campaign.
 */
export function describeRepeat(recurrence: Recurrence, reader: Omit<Reader, "now"> & { now?: Date }): string {
  const { t, locale, timezone } = reader;
  const { zone, until, runs } = recurrence;
  const ends = [
    ...(until === undefined
      ? []
      : [t("repeats-until", { date: dateOnly(new Date(until), { locale, timezone: zone }) })]),
    ...(runs === undefined ? [] : [t("repeats-runs", { count: runs })]),
  ];
  const elsewhere = zone === timezone ? "" : ` (${zone})`;
  return [`${describeRule(recurrence, reader)}${elsewhere}`, ...ends].join(", ");
}

const EVERY_WORKDAY = "12345";

function describeRule({ rule, zone }: Recurrence, reader: Omit<Reader, "now"> & { now?: Date }): string {
  const { t, locale, now } = reader;
  if (rule.every === "cron") {
    const { expression } = rule;
    const meaning = cronMeaning(expression);
    if (meaning) return `${describeCron(meaning.days, meaning.times, t, locale)} (${expression})`;
    // The end and the number of runs are left out, to show what the expression itself means.
    const next = now ? nextRunsWithin({ rule, zone }, null, now, 0, RUNS_NAMED) : [];
    const runs = next.map((run) => briefTime(run, { ...reader, now: now ?? run }));
    return t("repeats-cron", { expression, runs: runs.length > 0 ? listOf(runs, locale) : "none" });
  }
  return atTime(daysOf(rule), clockTime(rule.hour * 60 + rule.minute), t, locale);
}

/** As describeRepeat() says it; while the hour is missing, only the days. */
export function repeatLabel({ days, minutes }: Repeat, { t, locale }: Pick<Reader, "t" | "locale">): string {
  return minutes === undefined ? describeDays(days, t, locale) : atTime(days, clockTime(minutes), t, locale);
}

function daysOf(rule: TimedRule): RepeatDays {
  const { step = 1 } = rule;
  switch (rule.every) {
    case "day":
      return { every: "day", step };
    case "week":
      return { every: "week", days: rule.days, step };
    case "month":
      return { every: "month", days: [rule.day], step };
  }
}

function atTime(days: RepeatDays, time: string, t: Translate, locale: Locale): string {
  const isDate = days.every !== "day" && days.every !== "week";
  return t(isDate ? "repeats-dated" : "repeats-at", { days: describeDays(days, t, locale), time });
}

function describeDays(days: RepeatDays, t: Translate, locale: Locale): string {
  switch (days.every) {
    case "day":
      return t("days-daily", { step: days.step });
    case "week": {
      const { step } = days;
      if (step === 1) return describeCronDays({ type: "weekdays", days: days.days }, t, locale);
      return t("days-weeks", { step, days: weekdayList(days.days, t, locale) });
    }
    case "month": {
      const [day = 1, another] = days.days;
      if (another !== undefined) return describeCronDays({ type: "month-days", days: days.days }, t, locale);
      return t(day > 28 ? "days-monthly-end" : "days-monthly", { day, step: days.step });
    }
    case "nth":
      return describeCronDays({ type: "nth-weekday", nth: days.nth, weekday: days.weekday }, t, locale);
    case "year":
      return describeCronDays({ type: "date", month: days.month, day: days.day }, t, locale);
  }
}

function describeCron(days: CronDays, times: CronTimes, t: Translate, locale: Locale): string {
  const words = describeCronDays(days, t, locale);
  const isDate = days.type !== "every-day" && days.type !== "weekdays";
  if (times.type === "list") {
    const time = listOf(times.times.map(clockTime), locale);
    return t(isDate ? "repeats-dated" : "repeats-at", { days: words, time });
  }
  const { minutes, from, to } = times;
  const isHours = minutes % 60 === 0;
  const every = t(isHours ? "steps-hours" : "steps-minutes", { count: isHours ? minutes / 60 : minutes });
  const isWholeDay = from === 0 && to + minutes === 24 * 60;
  const steps = isWholeDay ? every : t("steps-within", { every, from: clockTime(from), to: clockTime(to) });
  return days.type === "every-day"
    ? steps
    : t(isDate ? "repeats-dated-steps" : "repeats-steps", { days: words, steps });
}

function describeCronDays(days: CronDays, t: Translate, locale: Locale): string {
  switch (days.type) {
    case "every-day":
      return t("days-daily", { step: 1 });
    case "weekdays":
      return days.days.join("") === EVERY_WORKDAY
        ? t("days-workdays")
        : t("days-weekly", { days: weekdayList(days.days, t, locale) });
    case "month-days":
      // Unlike a monthly repeat, cron skips months that do not have such a day.
      return t(days.days.some((day) => day > 28) ? "days-dates-long" : "days-dates", {
        days: listOf(days.days.map(String), locale),
        count: days.days.length,
      });
    case "last-day":
      return t("days-last");
    case "nth-weekday": {
      const nth = t(`nth-${genderOf(days.weekday)}-${days.nth}`);
      return t("days-nth", { nth, weekday: t(`weekday-${days.weekday}`) });
    }
    case "date": {
      // 2028 is a leap year.
      const date = asUtc({ year: 2028, month: days.month, day: days.day, hour: 0, minute: 0 });
      return t("days-yearly", {
        date: dateFormat(locale, { day: "numeric", month: "long" }).format(date, "UTC"),
      });
    }
  }
}

function weekdayList(days: readonly Weekday[], t: Translate, locale: Locale): string {
  return listOf(
    days.map((day) => t(`repeats-day-${day}`)),
    locale,
  );
}

/** The gender of the Russian word for a weekday: понедельник, среда, воскресенье. */
function genderOf(weekday: number): "m" | "f" | "n" {
  if (weekday === 7) return "n";
  return weekday === 3 || weekday === 5 || weekday === 6 ? "f" : "m";
}

function listOf(words: string[], locale: Locale): string {
  return new Intl.ListFormat(formatOf(locale)).format(words);
}
