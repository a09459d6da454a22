import { Cron } from "croner";
import { daysInMonth, daysLater, instantAt, type Wall, type Weekday, wallOf, weekdayOf } from "./wall.ts";
import { EVERY, Phrase, type TimeOfDay, readDays, readTime } from "./weekdays.ts";

/** When a repeating campaign goes out, by the clocks of a zone. */
export interface Recurrence {
  /** In the time zone database: `isZone`. */
  zone: string;
  rule:
    | { every: "day"; hour: number; minute: number }
    /** 1 Monday … 7 Sunday; sorted, at least one. */
    | { every: "week"; days: Weekday[]; hour: number; minute: number }
    /** 1 to 31; in a shorter month its last day. */
    | { every: "month"; day: number; hour: number; minute: number }
    /** Five fields that `checkCron` calls ok. */
    | { every: "cron"; expression: string };
  /** Nothing after this instant (ISO 8601, UTC); a run at this very instant is made. */
  until?: string;
  /** So many runs in all. */
  runs?: number;
}

type Rule = Recurrence["rule"];
type TimedRule = Exclude<Rule, { every: "cron" }>;

/** A broadcast that repeats faster is a mistake: people would leave. */
const LEAST_MINUTES_APART = 15;
/** Enough to see a whole day at the fastest rate allowed, and months of a slower one. */
const RUNS_LOOKED_AT = 200;
const MOST_COUNTED = 1000;
const MINUTE = 60_000;
/** No clock in use leaves out more when it goes forward: most an hour, Troll Station in Antarctica two. */
const LONGEST_GAP = 180 * MINUTE;

/**
 * The first run after `after`; null when the series has ended. `made` counts the runs so far, for `runs`.
 * A time of day that clocks leave out in spring comes as much later as they go forward (02:30 becomes 03:30); one that
 * they show twice in autumn comes once, at the first.
 */
export function nextRun(recurrence: Recurrence, after: Date, made: number): Date | null {
  const { runs } = recurrence;
  return runs !== undefined && made >= runs ? null : nextUntil(recurrence, after);
}

/**
 * How many runs lie after `from` and at or before `to`, by the rule and `until`; `runs` counts runs made, and these
 * were not. Stops counting at 1000. For "3 runs were missed".
 */
export function runsBetween(recurrence: Recurrence, from: Date, to: Date): number {
  let count = 0;
  let last = nextUntil(recurrence, from);
  while (last && last <= to && count < MOST_COUNTED) {
    count++;
    last = nextUntil(recurrence, last);
  }
  return count;
}

/**
 * Whether a cron expression can be used: five fields, understood, with a run to come, and at least 15 minutes between
 * two of its times. Otherwise the fault.
 */
export function checkCron(
  expression: string,
  zone: string,
  now: Date,
): "ok" | "not-cron" | "never" | "too-often" {
  // croner also takes nicknames (@daily) and dates: these are no fields, and cannot be shown as such.
  if (fieldsOf(expression).length !== 5) return "not-cron";
  if (!parses(expression)) return "not-cron";
  if (!nextByRule({ every: "cron", expression }, zone, now)) return "never";
  return runsTooOften(expression, now) ? "too-often" : "ok";
}

function nextUntil({ rule, zone, until }: Recurrence, after: Date): Date | null {
  const next = nextByRule(rule, zone, after);
  return next && until !== undefined && next.getTime() > Date.parse(until) ? null : next;
}

function nextByRule(rule: Rule, zone: string, after: Date): Date | null {
  if (rule.every === "cron" && isHourly(rule.expression)) return cron(rule.expression, zone).nextRun(after);
  let next: Date | null = null;
  for (const wall of wallsOf(rule, startAfter(after, zone))) {
    const run = instantAt(wall, zone);
    if (run > after && (!next || run < next)) next = run;
    // On Lord Howe half an hour is left out, and 02:35 comes before 02:10, which is at 02:40: look on as far as that.
    if (next && asUtc(wall) >= asUtc(wallOf(next, zone))) return next;
  }
  return next;
}

/** What clocks show at `after`; soon after they went forward, what they showed before: 02:30 was left out and still comes. */
function startAfter(after: Date, zone: string): Wall {
  const shown = wallOf(after, zone);
  const before = wallOf(new Date(after.getTime() - LONGEST_GAP), zone);
  return asUtc(shown).getTime() - asUtc(before).getTime() > LONGEST_GAP ? before : shown;
}

/** What clocks show at each run of a rule, in order, from `start` on or a little before. */
function wallsOf(rule: Rule, start: Wall): Generator<Wall> {
  switch (rule.every) {
    case "day":
      return daily({ ...start, hour: rule.hour, minute: rule.minute }, () => true);
    case "week":
      return daily({ ...start, hour: rule.hour, minute: rule.minute }, (wall) =>
        rule.days.includes(weekdayOf(wall)),
      );
    case "month":
      return monthly({ ...start, hour: rule.hour, minute: rule.minute }, rule.day);
    case "cron":
      return byCron(rule.expression, start);
  }
}

function* daily(first: Wall, fits: (wall: Wall) => boolean): Generator<Wall> {
  for (let wall = first; ; wall = daysLater(wall, 1)) if (fits(wall)) yield wall;
}

function* monthly({ year, month, hour, minute }: Wall, day: number): Generator<Wall> {
  for (let months = year * 12 + month - 1; ; months++) {
    const [inYear, inMonth] = [Math.floor(months / 12), (months % 12) + 1];
    yield { year: inYear, month: inMonth, day: Math.min(day, daysInMonth(inYear, inMonth)), hour, minute };
  }
}

/**
 * croner reads the calendar only, in UTC, where no hour is left out or repeated; the caller finds the instants.
 * Measured with croner 11 in a zone: at the change to summer time `30 2 * * *` runs at 03:00 and `15,45 2 * * *`
 * not at all, at the change back `30 2,3 * * *` runs twice at 02:30 and every other list or step does too.
 */
function* byCron(expression: string, start: Wall): Generator<Wall> {
  const calendar = cron(expression, "UTC");
  for (let at = calendar.nextRun(asUtc(start)); at; at = calendar.nextRun(at)) yield wallOf(at, "UTC");
}

/** With `*` for its hours it names minutes of any hour that passes, and a repeated hour passes twice. */
function isHourly(expression: string): boolean {
  return fieldsOf(expression)[1] === "*";
}

function runsTooOften(expression: string, now: Date): boolean {
  const calendar = cron(expression, "UTC");
  let last = calendar.nextRun(now);
  for (let looked = 1; last && looked < RUNS_LOOKED_AT; looked++) {
    const next = calendar.nextRun(last);
    if (next && next.getTime() - last.getTime() < LEAST_MINUTES_APART * MINUTE) return true;
    last = next;
  }
  return false;
}

function cron(expression: string, timezone: string): Cron {
  return new Cron(expression, { mode: "5-part", timezone });
}

function parses(expression: string): boolean {
  try {
    return Boolean(cron(expression, "UTC"));
  } catch {
    // croner throws TypeErrors whose words are for programmers; which field is wrong the admin sees in his own text.
    return false;
  }
}

function fieldsOf(expression: string): string[] {
  return expression.trim().split(/\s+/);
}

/** A number line for what clocks show. */
function asUtc({ year, month, day, hour, minute }: Wall): Date {
  return new Date(Date.UTC(year, month - 1, day, hour, minute));
}

export type RecurrenceReading =
  | { type: "recurrence"; rule: Rule }
  /** The hour may be twelve later: `every Monday at 3`. */
  | { type: "which-half"; rule: TimedRule }
  /** It looks like a cron expression, and cannot be used. */
  | { type: "cron-fault"; fault: "not-cron" | "never" | "too-often" }
  /** The days are clear, and the time of day is missing: `every Monday`. */
  | { type: "no-time" }
  | { type: "unknown" };

/**
 * Reads an answer to "how often?", in English or Russian, or a cron expression. Days and the time come in any order;
 * a weekday by itself means every one of its name. All of the text must be understood, or it is `unknown`.
 */
export function readRecurrence(text: string, now: Date, zone: string): RecurrenceReading {
  if (looksLikeCron(text)) return readCron(fieldsOf(text).join(" "), now, zone);
  const phrase = Phrase.of(text);
  const clauses = phrase && readClauses(phrase);
  return clauses ? readingOf(clauses) : { type: "unknown" };
}

/** Two fields of digits and stars, and more: words never begin so. */
function looksLikeCron(text: string): boolean {
  const fields = fieldsOf(text);
  return fields.length >= 4 && fields.slice(0, 2).every((field) => /^[\d*][\d*/,-]*$/.test(field));
}

function readCron(expression: string, now: Date, zone: string): RecurrenceReading {
  const fault = checkCron(expression, zone, now);
  return fault === "ok"
    ? { type: "recurrence", rule: { every: "cron", expression } }
    : { type: "cron-fault", fault };
}

/** What a repeat is made of; each may be said once. */
interface Clauses {
  days?: readonly Weekday[];
  dayOfMonth?: number | "last";
  every?: "week" | "month";
  time?: TimeOfDay;
}

function readClauses(phrase: Phrase): Clauses | null {
  let clauses: Clauses = {};
  for (;;) {
    const clause = readClause(phrase);
    if (!clause || Object.keys(clause).some((name) => name in clauses)) return null;
    clauses = { ...clauses, ...clause };
    // "Mon-Fri: 9:00"; after a number a colon would make two clauses of one time.
    const more = phrase.take(",") || ("days" in clause && phrase.take(":"));
    if (!more && phrase.done) return clauses;
  }
}

function readClause(phrase: Phrase): Clauses | null {
  const dayOfMonth = phrase.attempt(() => readDayOfMonth(phrase));
  if (dayOfMonth !== null) return { dayOfMonth };
  const days = readDays(phrase);
  if (days) return { days };
  const every = readPeriod(phrase);
  if (every) return { every };
  const time = phrase.attempt(() => {
    phrase.take("at", "@", "в", "во");
    return readTime(phrase);
  });
  return time && time.minutes < 24 * 60 ? { time } : null;
}

/** `every week`, `monthly`, `of the month`, `каждого месяца`. */
function readPeriod(phrase: Phrase): "week" | "month" | null {
  if (phrase.take("weekly", "еженедельно") || phrase.takeRow(EVERY, "week|неделю")) return "week";
  if (phrase.take("monthly", "ежемесячно", "месяца")) return "month";
  if (phrase.takeRow("of", `the|a|${EVERY}`, "month") || phrase.takeRow(EVERY, "month|месяц|месяца"))
    return "month";
  return null;
}

/** `on the 31st`, `1-го числа`, `по 15-м числам`, `the last day`. */
function readDayOfMonth(phrase: Phrase): number | "last" | null {
  phrase.take(...EVERY.split("|"), "on", "по", "в");
  phrase.take("the");
  if (phrase.takeRow("last|последний", "day|день")) return "last";
  const day = phrase.number();
  if (day === null || day < 1 || day > 31) return null;
  const ordinal = readOrdinal(phrase);
  const named = phrase.take("числа", "число", "числам");
  return ordinal || named ? day : null;
}

/** What follows the digits of `1st`, `2-го`, `3е`. */
function readOrdinal(phrase: Phrase): boolean {
  if (phrase.take("st", "nd", "rd", "th")) return true;
  return (
    phrase.attempt(() => {
      phrase.take("-");
      return phrase.take("го", "ого", "его", "е", "ое", "м", "ым") || null;
    }) ?? false
  );
}

function readingOf({ days, dayOfMonth, every, time }: Clauses): RecurrenceReading {
  const rule = ruleAt(time?.minutes ?? 0);
  if (!rule) return { type: "unknown" };
  if (!time) return { type: "no-time" };
  return { type: time.isOpen ? "which-half" : "recurrence", rule };

  function ruleAt(minutes: number): TimedRule | null {
    const at = { hour: Math.floor(minutes / 60), minute: minutes % 60 };
    if (days && dayOfMonth === undefined && every !== "month") {
      return days.length < 7 ? { every: "week", days: [...days], ...at } : { every: "day", ...at };
    }
    if (days || dayOfMonth === undefined || every === "week") return null;
    // The last day of what? Only a month has been said to have one.
    if (dayOfMonth === "last") return every === "month" ? { every: "month", day: 31, ...at } : null;
    return { every: "month", day: dayOfMonth, ...at };
  }
}
