import { type CronFault, cronFault, fieldsOf } from "../cron.ts";
import type { Rule, TimedRule } from "../recurrence.ts";
import type { Weekday } from "../wall.ts";
import { type Cycle, cycle } from "./cycles.ts";
import { dateInWords } from "./dates.ts";
import { dateEnding, one, ordinal, ordinalGenitive } from "./numbers.ts";
import {
  type Parser,
  after,
  either,
  followed,
  maybe,
  optional,
  rule,
  saying,
  some,
  wholesOf,
  word,
  words,
} from "./parser.ts";
import { type Clock, type Part, hoursOf, part, time } from "./time-of-day.ts";
import { anyWeekday, every, weekdays } from "./weekdays.ts";

/** The days of a repeat, before its hour is known. */
export type RepeatDays =
  | { every: "day"; step: number }
  | { every: "week"; days: Weekday[]; step: number }
  /** One day of the month, or several, none of them after the 28th. */
  | { every: "month"; days: number[]; step: number }
  | { every: "nth"; nth: 1 | 2 | 3 | 4 | "last"; weekday: Weekday }
  | { every: "year"; month: number; day: number };

/** A repeat that may lack only its hour. */
export interface Repeat {
  days: RepeatDays;
  /** Minutes since midnight. */
  minutes?: number;
}

export type RepeatReading =
  | { type: "rule"; rule: Rule }
  /** The days are clear, but the time of day is missing: "every Monday". */
  | { type: "which-hour"; days: RepeatDays }
  /** The day of the week or month is missing: "every 2 weeks at 10". */
  | { type: "which-day"; unit: "week" | "month"; step: number; minutes?: number }
  /** It can be read in 2 to 4 ways. */
  | { type: "ambiguous"; repeats: Repeat[] }
  /** It looks like a cron expression, but cannot be used. */
  | { type: "cron-fault"; fault: CronFault }
  /** Fully understood, but there is no such time. */
  | { type: "no-such-time" }
  | { type: "unknown" };

const MOST_OFFERED = 4;
/** Longer intervals are typos. */
const MOST_STEPS: Partial<Record<Cycle["unit"], number>> = { day: 366, week: 52, month: 24, year: 1 };

// ---------------------------------------------------------------------------------------------------------------------
// The grammar
// ---------------------------------------------------------------------------------------------------------------------

interface Phrase {
  cycle: Cycle;
  weekdays: Weekday[];
  nth: { nth: number | "last"; weekday: Weekday; isEvery: boolean };
  monthDays: number[];
  /** A day of the month only if the text names the month: "on the last day", "day 15". */
  dayOf: number;
  date: { month: number; day: number };
  clock: Clock;
  part: Part;
}

const onThe = optional(word("on по в во"), word("the"));
const ofMonth = word("числа число числам");

const monthDay = rule(
  [
    optional(every, onThe),
    either(
      followed(one, either(followed(dateEnding, maybe(ofMonth)), ofMonth)),
      followed(one, after(optional(word("-")), after(word("м ым"), ofMonth))),
      followed(ordinalGenitive, maybe(ofMonth)),
    ),
  ],
  ([, day]) => (day >= 1 && day <= 31 ? day : null),
);

const nthWeekday = rule(
  [
    either(saying(true, every), saying(false, onThe)),
    either<number | "last">(ordinal, saying("last", word("last последний последнюю последнее"))),
    anyWeekday,
  ],
  ([isEvery, nth, weekday]) => ({ nth, weekday, isEvery }),
);

/** "every morning", "по вечерам". */
const everyPart: Parser<Part> = either(
  saying<Part>("morning", after(every, word("morning утро")), words("по утрам")),
  saying<Part>("afternoon", after(every, word("afternoon"))),
  saying<Part>("evening", after(every, word("evening вечер")), words("по вечерам")),
  saying<Part>("night", after(every, word("night ночь")), words("по ночам")),
);

const piece = either<Partial<Phrase>>(
  rule([cycle], ([cycle]) => ({ cycle })),
  rule([weekdays, maybe(word(":"))], ([weekdays]) => ({ weekdays })),
  rule([after(every, word("other")), weekdays], ([, weekdays]) => ({
    weekdays,
    cycle: { unit: "week", step: 2 } as const,
  })),
  rule([nthWeekday], ([nth]) => ({ nth })),
  rule([some(monthDay, optional(word(","), word("and и")))], ([monthDays]) => ({ monthDays })),
  rule([optional(every, onThe), either(words("last day"), words("последний день"))], () => ({ dayOf: 31 })),
  rule([after(optional(word("on")), word("day")), one], ([, dayOf]) =>
    dayOf >= 1 && dayOf <= 31 ? { dayOf } : null,
  ),
  rule([dateInWords], ([day]) =>
    day.type === "date" && day.year === undefined ? { date: { month: day.month, day: day.day } } : null,
  ),
  rule([time], ([clock]) => ({ clock })),
  rule([part], ([part]) => ({ part })),
  rule([everyPart], ([part]) => ({ cycle: { unit: "day", step: 1 } as const, part })),
);

const hourPiece = either<Partial<Pick<Phrase, "clock" | "part">>>(
  rule([time], ([clock]) => ({ clock })),
  rule([part], ([part]) => ({ part })),
);

const filler = word("at on в во @ ровно exactly sharp please пожалуйста ,");

// ---------------------------------------------------------------------------------------------------------------------
// What it means
// ---------------------------------------------------------------------------------------------------------------------

/**
 * Reads an answer to "how often?", in English or Russian, or a cron expression. Days and the time come in any order; a
 * weekday alone means every one of that name. All of the text must be understood, or it is `unknown`.
 */
export function readRepeat(text: string, now: Date): RepeatReading {
  if (looksLikeCron(text)) return cronReading(fieldsOf(text).join(" "), now);
  const phrases = wholesOf(text, piece, filler).filter(
    (phrase) =>
      phrase.cycle || phrase.weekdays || phrase.nth || phrase.monthDays || phrase.dayOf || phrase.date,
  );
  const possible = phrases.filter(({ clock }) => clock?.style !== "none");
  if (possible.length === 0) return { type: phrases.length > 0 ? "no-such-time" : "unknown" };
  return decide(possible, now);
}

/** Reads the hour of a repeat whose days are known. */
export function readHourOf(days: RepeatDays, text: string): RepeatReading {
  const phrases = wholesOf(text, hourPiece, filler).filter(({ clock }) => clock !== undefined);
  const repeats = phrases.flatMap((phrase) => timed(days, phrase));
  if (repeats.length === 0) return { type: phrases.length > 0 ? "no-such-time" : "unknown" };
  return oneOf(repeats);
}

/** The rule of a repeat at an hour. */
export function ruleAt(days: RepeatDays, minutes: number): Rule {
  const at = { hour: Math.floor(minutes / 60), minute: minutes % 60 };
  const cron = (dates: string, weekday: string): Rule => ({
    every: "cron",
    expression: `${at.minute} ${at.hour} ${dates} ${weekday}`,
  });
  switch (days.every) {
    case "day":
      return withStep({ every: "day", ...at }, days.step);
    case "week":
      return days.days.length === 7 && days.step === 1
        ? { every: "day", ...at }
        : withStep({ every: "week", days: days.days, ...at }, days.step);
    case "month": {
      const [day = 1, another] = days.days;
      return another === undefined
        ? withStep({ every: "month", day, ...at }, days.step)
        : cron(`${days.days.join()} *`, "*");
    }
    case "nth":
      return cron("* *", `${days.weekday % 7}#${days.nth === "last" ? "L" : days.nth}`);
    case "year":
      return cron(`${days.day} ${days.month}`, "*");
  }
}

function withStep(rule: TimedRule, step: number): TimedRule {
  return step > 1 ? { ...rule, step } : rule;
}

function decide(phrases: readonly Partial<Phrase>[], now: Date): RepeatReading {
  const [interval, another] = distinct(phrases.flatMap((phrase) => intervalOf(phrase) ?? []));
  const repeats = phrases.flatMap((phrase) => daysOf(phrase).flatMap((days) => timed(days, phrase)));
  if (interval !== undefined)
    return repeats.length === 0 && another === undefined ? cronReading(interval, now) : { type: "unknown" };
  if (repeats.length > 0) return oneOf(repeats);
  const lacking = phrases.find(({ cycle }) => cycle?.unit === "week" || cycle?.unit === "month");
  return lacking?.cycle && !hasDays(lacking) ? whichDay(lacking.cycle, lacking) : { type: "unknown" };
}

/** Combines all meanings of a text into one reading. */
function oneOf(all: readonly Repeat[]): RepeatReading {
  // The hour is asked for if any meaning lacks it.
  const isTimed = all.every(({ minutes }) => minutes !== undefined);
  const repeats = distinct<Repeat>(isTimed ? all : all.map(({ days }) => ({ days })));
  const [first, another] = repeats;
  if (!first) return { type: "unknown" };
  if (another !== undefined) return { type: "ambiguous", repeats: repeats.slice(0, MOST_OFFERED) };
  return first.minutes === undefined
    ? { type: "which-hour", days: first.days }
    : { type: "rule", rule: ruleAt(first.days, first.minutes) };
}

function hasDays({ weekdays, nth, monthDays, dayOf, date }: Partial<Phrase>): boolean {
  return [weekdays, nth, monthDays, dayOf, date].some((days) => days !== undefined);
}

/** The days that a phrase can mean; none if it names none, or contradictory ones. */
function daysOf(phrase: Partial<Phrase>): RepeatDays[] {
  const { cycle, weekdays, nth, monthDays, dayOf, date } = phrase;
  const step = cycle?.step ?? 1;
  if (cycle && step > (MOST_STEPS[cycle.unit] ?? 0)) return [];
  if ([weekdays, nth, monthDays, dayOf, date].filter((days) => days !== undefined).length > 1) return [];
  if (!hasDays(phrase)) return cycle?.unit === "day" ? [{ every: "day", step }] : [];
  if (date) return cycle?.unit === "year" ? [{ every: "year", ...date }] : [];
  if (weekdays) return cycle && cycle.unit !== "week" ? [] : [{ every: "week", days: weekdays, step }];
  if (nth) return nthOf(nth, cycle);
  if (cycle && cycle.unit !== "month") return [];
  if (dayOf !== undefined) return cycle ? [{ every: "month", days: [dayOf], step }] : [];
  if (!monthDays) return [];
  const days = [...new Set(monthDays)].toSorted((one, other) => one - other);
  // With several days, a shorter month would lack one, or have its last day twice.
  return days.length > 1 && (step > 1 || days.some((day) => day > 28))
    ? []
    : [{ every: "month", days, step }];
}

/** "Every second Monday" is every other Monday, or the second of each month. */
function nthOf({ nth, weekday, isEvery }: Phrase["nth"], cycle: Cycle | undefined): RepeatDays[] {
  const ofMonth: RepeatDays[] =
    nth === "last" || nth === 1 || nth === 2 || nth === 3 || nth === 4
      ? [{ every: "nth", nth, weekday }]
      : [];
  if (cycle) return cycle.unit === "month" && cycle.step === 1 ? ofMonth : [];
  if (!isEvery || nth === "last" || nth === 1) return ofMonth;
  return [{ every: "week", days: [weekday], step: nth }, ...ofMonth];
}

/** These days at each hour that a phrase can mean. */
function timed(days: RepeatDays, { clock, part }: Partial<Pick<Phrase, "clock" | "part">>): Repeat[] {
  if (!clock) return [{ days }];
  return hoursOf(clock, { part, isLone: false, isOfDay: true }).map((hour) => {
    const minutes = (hour % 24) * 60 + clock.minute;
    const shifted = hour < 24 ? days : dayAfter(days);
    return shifted ? { days: shifted, minutes } : { days };
  });
}

/** The days after these, for midnight at their end; null if there is no rule for them. */
function dayAfter(days: RepeatDays): RepeatDays | null {
  switch (days.every) {
    case "day":
      return days;
    case "week":
      return {
        ...days,
        days: days.days.map((day) => ((day % 7) + 1) as Weekday).toSorted((one, other) => one - other),
      };
    case "month": {
      const [day = 0, another] = days.days;
      if (another !== undefined || (day > 27 && day < 31)) return null;
      return { ...days, days: [day === 31 ? 1 : day + 1] };
    }
    case "nth":
    case "year":
      return null;
  }
}

function whichDay({ unit, step }: Cycle, phrase: Partial<Phrase>): RepeatReading {
  if ((unit !== "week" && unit !== "month") || step > (MOST_STEPS[unit] ?? 0)) return { type: "unknown" };
  const times = timed({ every: "day", step: 1 }, phrase);
  const [first, another] = times;
  const minutes = another === undefined ? first?.minutes : undefined;
  return { type: "which-day", unit, step, ...(minutes !== undefined && { minutes }) };
}

/** "Every 3 hours", "every hour on weekdays", as a cron expression; null for anything else. */
function intervalOf({ cycle, weekdays, ...rest }: Partial<Phrase>): string | null {
  if (!cycle || Object.keys(rest).length > 0) return null;
  const { unit, step } = cycle;
  const days = weekdays && weekdays.length < 7 ? weekdays.map((day) => day % 7).join() : "*";
  // Other steps do not divide the day or the hour evenly.
  if (unit === "hour" && 24 % step === 0 && step < 24)
    return `0 ${step === 1 ? "*" : `*/${step}`} * * ${days}`;
  return unit === "minute" && 60 % step === 0 && step < 60 ? `*/${step} * * * ${days}` : null;
}

/** True for texts that begin with two fields of digits and stars, as words never do. */
function looksLikeCron(text: string): boolean {
  const fields = fieldsOf(text);
  return fields.length >= 4 && fields.slice(0, 2).every((field) => /^[\d*][\d*/,-]*$/.test(field));
}

function cronReading(expression: string, now: Date): RepeatReading {
  const fault = cronFault(expression, now);
  return fault ? { type: "cron-fault", fault } : { type: "rule", rule: { every: "cron", expression } };
}

function distinct<T>(values: readonly T[]): T[] {
  return [...new Map(values.map((value) => [JSON.stringify(value), value])).values()];
}
