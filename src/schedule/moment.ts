import { ENGLISH, readEnglish } from "./english.ts";
import { RUSSIAN } from "./russian.ts";
import {
  type Wall,
  type Weekday,
  daysInMonth,
  daysLater,
  instantAt,
  instantsAt,
  wallOf,
  weekdayOf,
} from "./wall.ts";

/** What a typed time came to. */
export type Reading =
  | { type: "at"; instant: Date }
  /** The clocks show this twice that night: which one? The earlier first. */
  | { type: "twice"; instants: [Date, Date] }
  /** The clocks leave this time out that night; `next` is the first instant after the gap. */
  | { type: "gap"; wall: Wall; next: Date }
  /** `whole` says what it is when no hour was typed: the instant is its last full hour. */
  | { type: "past"; instant: Date; whole?: "day" | "part" }
  /** More than two years ahead; of what lacks its hour, the first that would be offered. */
  | { type: "too-far"; instant: Date; whole?: "day" | "part" }
  /** A day, or a part of one, without an hour: which hour? At most 4 that are ahead and fit the part of the day. */
  | { type: "which-hour"; suggestions: Date[] }
  /** It can be read in more than one way: 2 to 4 instants ahead, the earliest first. */
  | { type: "ambiguous"; candidates: Date[] }
  /** Wholly understood, and no month has such a day, or no clock such a time. */
  | { type: "no-date" | "no-time" }
  /** Not understood, or not wholly. */
  | { type: "unknown" };

/** How far ahead a campaign may lie. */
const YEARS_AHEAD = 2;
const MOST_OFFERED = 4;
/** Longer texts are no times; the bound keeps the search for all their readings short. */
const LONGEST_TEXT = 100;
const MOST_TOKENS = 24;

/**
 * Reads a time as people type it, in English and Russian alike, by the clocks of `zone`. Pure.
 *
 * The grammar yields every way in which the whole text can be read, never a part of it. One way is an answer, several
 * that differ are put to the admin, none is "unknown".
 */
export function readMoment(text: string, now: Date, zone: string): Reading {
  const here: Here = { now, zone, today: wallOf(now, zone) };
  const normal = normalize(text);
  if (normal.length > LONGEST_TEXT) return { type: "unknown" };
  const phrases = phrasesOf(normal);
  const possible = phrases.filter(isPossible);
  if (possible.length > 0)
    return decide(
      possible.flatMap((phrase) => meaningsOf(phrase, here)),
      here,
    );
  const english = readEnglish(normal, now, here.today);
  if (english) return decide([english], here);
  if (phrases.length === 0) return { type: "unknown" };
  return { type: phrases.some(({ day }) => day?.type === "none") ? "no-date" : "no-time" };
}

/** Whether a text only says in how many hours and minutes: that is the same instant by every clock. */
export function needsNoZone(text: string): boolean {
  const normal = normalize(text);
  const phrases = normal.length > LONGEST_TEXT ? [] : phrasesOf(normal);
  return phrases.length > 0 && phrases.every(isElapsed);
}

/** Reads a time of day on a 24-hour clock, or one that says its half ("2:05 pm", "9 вечера"); null is anything else. */
export function readClock(text: string): { hour: number; minute: number } | null {
  const clock = clockOf(text);
  if (!clock || clock.style === "spoken" || clock.hour === 24) return null;
  return { hour: clock.hour, minute: clock.minute };
}

/** The hours that a time of day may mean which does not say its half: 3 and 15 of "3". Null for any other text. */
export function readEitherHour(text: string): [number, number] | null {
  const clock = clockOf(text);
  return clock && isOpen(clock) ? [clock.hour, clock.hour + 12] : null;
}

/** What a text says when it is a time of day and nothing else. */
function clockOf(text: string): Clock | null {
  const [only, another] = phrasesOf(normalize(text)).filter(
    (phrase) => Object.keys(phrase).join() === "clock" && isPossible(phrase),
  );
  return another ? null : (only?.clock ?? null);
}

/** Where and when the text was typed. */
interface Here {
  now: Date;
  zone: string;
  today: Wall & { weekday: Weekday };
}

function normalize(text: string): string {
  return (
    text
      .normalize("NFKC")
      .toLowerCase()
      .replaceAll("ё", "е")
      .replace(/[‐‑‒–—−]/g, "-")
      .replace(/[’`]/g, "'")
      // "полседьмого" and "полчаса" are two words of the grammar.
      .replace(/(?<!\p{L})пол-?(?=\p{L}+его|\p{L}+ого|часа)/gu, "пол ")
      .replace(/\s+/g, " ")
      .trim()
      .replace(/[.!]+$/, "")
  );
}

// ---------------------------------------------------------------------------------------------------------------------
// What a text can be made of
// ---------------------------------------------------------------------------------------------------------------------

/** A text as it was understood, before it is put on a calendar. */
interface Phrase {
  day?: Day;
  weekday?: { weekday: Weekday; week: Week };
  part?: Part;
  clock?: Clock;
  span?: Span;
}

type Day =
  | { type: "shift"; days: number }
  /** A date, in whichever year comes next if it names none. */
  | { type: "date"; year?: number; month: number; day: number }
  /** "The 25th", of whichever month comes next. */
  | { type: "day-of-month"; day: number }
  /** Such as the 31st of February. */
  | { type: "none" };

/** "Friday" is the coming one, "this Friday" too, but may be today; "next Friday" is in the week after this one. */
type Week = "coming" | "this" | "next";

interface Clock {
  hour: number;
  minute: number;
  /**
   * `exact` on a 24-hour clock, as "18:30" or "6 pm"; `dotted` as "18.30", which could be a date; `bare` as "at 7";
   * `padded` as "07"; `hours` as "7 часов", which without "в" could be a span; `spoken` as "half past six", morning or
   * evening; `midnight` at the day's begin or its end; `none` as "25:00", which no clock shows.
   */
  style: "exact" | "dotted" | "bare" | "padded" | "hours" | "spoken" | "midnight" | "none";
}

/** From now on, or back if negative. Months and days go by the calendar, minutes by the stopwatch. */
interface Span {
  months: number;
  days: number;
  minutes: number;
}

type Part = "morning" | "afternoon" | "evening" | "night" | "tonight";

/** Hours that belong to a part of the day, those from 24 on to the next day; and the hours to offer. */
const PARTS: Record<Part, { hours: number[]; offered: number[] }> = {
  morning: { hours: range(1, 11), offered: [8, 9, 10, 11] },
  afternoon: { hours: range(10, 17), offered: [13, 14, 15, 16] },
  evening: { hours: range(16, 23), offered: [18, 19, 20, 21] },
  night: { hours: [...range(0, 5), ...range(19, 29)], offered: [22, 23, 24, 25] },
  tonight: { hours: [...range(0, 5), ...range(17, 29)], offered: [19, 20, 21, 22] },
};
const WHOLE_DAY = { hours: range(0, 23), offered: [9, 12, 15, 19] };

// ---------------------------------------------------------------------------------------------------------------------
// Parsers: each yields every way to read on from a token
// ---------------------------------------------------------------------------------------------------------------------

type Parser<T> = (tokens: readonly string[], at: number) => { value: T; next: number }[];

/** One parser after the other; `read` makes a value of theirs, or null if they make no sense together. */
function rule<V extends unknown[], T>(
  parsers: readonly [...{ [K in keyof V]: Parser<V[K]> }],
  read: (values: NoInfer<V>) => T | null,
): Parser<T> {
  return (tokens, at) => {
    let ways: { values: unknown[]; next: number }[] = [{ values: [], next: at }];
    for (const parser of parsers)
      ways = ways.flatMap(({ values, next }) =>
        parser(tokens, next).map((found) => ({ values: [...values, found.value], next: found.next })),
      );
    return ways.flatMap(({ values, next }) => {
      // The values come from these parsers, in this order.
      const value = read(values as V);
      return value === null ? [] : [{ value, next }];
    });
  };
}

function either<T>(...parsers: Parser<T>[]): Parser<T> {
  return (tokens, at) => parsers.flatMap((parser) => parser(tokens, at));
}

function maybe<T>(parser: Parser<T>): Parser<T | null> {
  return (tokens, at) => [...parser(tokens, at), { value: null, next: at }];
}

function token<T>(read: (token: string) => T | null | undefined): Parser<T> {
  return (tokens, at) => {
    const found = tokens[at];
    const value = found === undefined ? null : read(found);
    return value == null ? [] : [{ value, next: at + 1 }];
  };
}

/** Any of these words. */
function word(forms: string): Parser<string> {
  const known = new Set(forms.split(" "));
  return token((token) => (known.has(token) ? token : null));
}

/** Several words, one after the other. */
function words(text: string): Parser<string> {
  return rule(text.split(" ").map(word), () => text);
}

/** A word of a list, as its number: the first is `first`. */
function listed(first: number, ...lists: (readonly string[])[]): Parser<number> {
  const numbers = new Map(
    lists.flatMap((list) =>
      list.flatMap((forms, index) => forms.split(" ").map((form) => [form, first + index] as const)),
    ),
  );
  return token((token) => numbers.get(token));
}

function figures(digits: RegExp): Parser<number> {
  return token((token) => (digits.test(token) ? Number(token) : null));
}

/** Always there; for what a phrase means by leaving it out. */
function silent<T>(value: T): Parser<T> {
  return (_, at) => [{ value, next: at }];
}

/** What is read by the first; the second has to be there, too. */
function followed<T>(parser: Parser<T>, by: Parser<unknown>): Parser<T> {
  return rule([parser, by], ([value]) => value);
}

function saying<T>(value: T | null, ...parsers: Parser<unknown>[]): Parser<T> {
  return rule([either(...parsers)], () => value);
}

// ---------------------------------------------------------------------------------------------------------------------
// The grammar
// ---------------------------------------------------------------------------------------------------------------------

const dot = word(".");
const one = figures(/^\d\d?$/);
const two = figures(/^\d\d$/);
const fullYear = figures(/^20\d\d$/);
const shortYear = rule([two], ([year]) => 2000 + year);
const the = maybe(word("the"));

const unitWords = listed(1, ENGLISH.cardinals, RUSSIAN.cardinals);
const tenWords = rule([listed(2, ENGLISH.tens, RUSSIAN.tens)], ([tens]) => tens * 10);
/** 1 to 59 in words. */
const spelled = either(
  unitWords,
  tenWords,
  rule([tenWords, maybe(word("-")), unitWords], ([tens, , unit]) => (unit < 10 ? tens + unit : null)),
);
const ordinalWords = listed(1, RUSSIAN.ordinals);
const ordinal = either(
  ordinalWords,
  saying(30, word("тридцатого")),
  rule([tenWords, ordinalWords], ([tens, unit]) => (unit < 10 && tens < 40 ? tens + unit : null)),
);

// Days

const month = followed(listed(1, ENGLISH.months, RUSSIAN.months), maybe(dot));
const ending = either(
  word("st nd rd th"),
  rule([maybe(word("-")), word("го ого е ое")], ([, ending]) => ending),
);
const dayOfMonth = either(followed(one, maybe(ending)), ordinal);
const yearWord = maybe(followed(word("года г"), maybe(dot)));
const year = followed(either(fullYear, shortYear), yearWord);
const yearAfter = maybe(rule([maybe(word(",")), followed(fullYear, yearWord)], ([, year]) => year));

const date: Parser<Day> = either(
  rule([one, dot, one, maybe(dot)], ([day, , month]) => dateOf(day, month)),
  rule([one, dot, one, dot, year], ([day, , month, , year]) => dateOf(day, month, year)),
  rule([one, word("/"), one], ([day, , month]) => dateOf(day, month)),
  rule([one, word("/"), one], ([month, , day]) => dateOf(day, month)),
  ...["/", "-"].flatMap((sign) => [
    rule([one, word(sign), one, word(sign), year], ([day, , month, , year]) => dateOf(day, month, year)),
    rule([one, word(sign), one, word(sign), year], ([month, , day, , year]) => dateOf(day, month, year)),
  ]),
  ...[".", "/", "-"].map((sign) =>
    rule([fullYear, word(sign), one, word(sign), one], ([year, , month, , day]) => dateOf(day, month, year)),
  ),
  rule([the, dayOfMonth, maybe(word("of")), month, yearAfter], ([, day, , month, year]) =>
    dateOf(day, month, year),
  ),
  rule([month, the, dayOfMonth, yearAfter], ([month, , day, year]) => dateOf(day, month, year)),
);

const shift: Parser<Day> = rule(
  [
    either(
      saying(0, word("today сегодня")),
      saying(1, word("tomorrow завтра")),
      saying(2, word("послезавтра"), words("day after tomorrow"), words("the day after tomorrow")),
      saying(-1, word("yesterday вчера")),
      saying(-2, word("позавчера")),
    ),
  ],
  ([days]) => ({ type: "shift", days }),
);

const anyDayOfMonth: Parser<Day> = rule([the, followed(one, either(ending, word("числа")))], ([, day]) =>
  day >= 1 && day <= 31 ? { type: "day-of-month", day } : { type: "none" },
);

const day = either(date, shift, anyDayOfMonth);

const week: Parser<Week> = either(
  silent<Week>("coming"),
  saying<Week>("this", word("this эту этот это coming ближайшую ближайший ближайшее")),
  saying<Week>("next", word("next следующую следующий следующее")),
);
const nextWeek = either(words("next week"), words("на следующей неделе"));
const weekdayName = rule(
  [listed(1, ENGLISH.weekdays, RUSSIAN.weekdays), maybe(dot)],
  ([weekday]) => weekday as Weekday,
);
const weekday = either(
  rule([week, weekdayName], ([week, weekday]) => ({ weekday, week })),
  rule([weekdayName, nextWeek], ([weekday]) => ({ weekday, week: "next" as Week })),
  rule([nextWeek, maybe(word("on в во")), weekdayName], ([, , weekday]) => ({
    weekday,
    week: "next" as Week,
  })),
);

// Hours

const at = word("at в во");
const minutes = rule([two], ([minute]) => (minute < 60 ? minute : null));
const oclock = either(words("o'clock"), words("o clock"));
const hourWord = followed(word("час часа часов ч"), maybe(dot));
const minuteWord = followed(word("минута минуту минуты минут мин м"), maybe(dot));

const half = word("am pm a p");
/** "am" or "pm", however it is dotted. */
const meridiem: Parser<"am" | "pm"> = either(
  rule([word("am pm"), maybe(dot)], ([half]) => half as "am" | "pm"),
  rule([half, dot, word("m"), maybe(dot)], ([half]) => (half === "a" ? "am" : "pm")),
);
/** As in "9 утра" and "9 in the morning". */
const partAfter: Parser<Part> = either(
  saying<Part>("morning", word("утра"), words("in the morning")),
  saying<Part>("afternoon", word("дня"), words("in the afternoon")),
  saying<Part>("evening", word("вечера"), words("in the evening")),
  saying<Part>("night", word("ночи"), words("at night")),
);

const plainClock = either(
  rule([one, word(":"), two], ([hour, , minute]): Clock => {
    return clock(hour, minute, "exact") ?? { hour, minute, style: "none" };
  }),
  rule([one, dot, minutes], ([hour, , minute]) => clock(hour, minute, "dotted")),
  // "18-30" is a time, but "9-10" may be from nine to ten.
  rule([one, word("-"), minutes], ([hour, , minute]) =>
    minute > hour && minute <= 24 ? null : clock(hour, minute, "exact"),
  ),
  rule([one, minutes], ([hour, minute]) => clock(hour, minute, "exact")),
  rule([spelled, spelled], ([hour, minute]) => (minute < 10 ? null : clock(hour, minute, "bare"))),
  rule([figures(/^0\d$/), maybe(oclock)], ([hour]) => clock(hour, 0, "padded")),
  rule([either(figures(/^(?:\d|[1-9]\d)$/), spelled), maybe(oclock)], ([hour]) => clock(hour, 0, "bare")),
  rule([one, hourWord, maybe(minutes), maybe(minuteWord)], ([hour, , minute]) =>
    minute === null ? clock(hour, 0, "hours") : clock(hour, minute, "exact"),
  ),
  rule([spelled, hourWord], ([hour]) => clock(hour, 0, "hours")),
  // "18ч" is a time even on its own, but "2ч" may be two hours from now.
  rule([one, word("ч"), maybe(dot)], ([hour]) => (hour > 12 ? clock(hour, 0, "bare") : null)),
);

const spokenHour = either(one, spelled, saying(1, word("час")));
const quarter = saying(15, word("quarter четверть"), words("a quarter"));
const minutesPast = either(quarter, followed(either(one, spelled), maybe(word("minutes minute"))));
// "9 to 10" may be from nine to ten; "ten to nine" and "9 minutes to ten" are not.
const minutesTo = either(
  quarter,
  followed(either(one, spelled), word("minutes minute")),
  rule([spelled], ([minute]) => (minute % 5 === 0 ? minute : null)),
);
const minutesOf = either(quarter, followed(either(one, spelled), minuteWord));
const genitive = listed(1, RUSSIAN.genitives);
const genitives = either(
  genitive,
  rule([word("двадцати"), genitive], ([, unit]) => 20 + unit),
);
const minutesWithout = either(
  saying(15, word("четверти")),
  followed(either(one, genitives), maybe(minuteWord)),
);

const spokenClock = either(
  rule([word("half"), word("past"), spokenHour], ([, , hour]) => spoken(hour, 30)),
  rule([minutesPast, word("past"), spokenHour], ([minute, , hour]) => spoken(hour, minute)),
  rule([minutesTo, word("to"), spokenHour], ([minute, , hour]) => spoken(hour, -minute)),
  rule([word("половина половине пол"), ordinal], ([, hour]) => spoken(hour, -30)),
  rule([minutesOf, ordinal], ([minute, hour]) => spoken(hour, minute - 60)),
  rule([word("без"), minutesWithout, spokenHour], ([, minute, hour]) => spoken(hour, -minute)),
  saying(spoken(1, 0), word("час")),
);

const time: Parser<Clock> = either(
  rule([either(plainClock, spokenClock), meridiem], ([clock, half]) => inHalf(clock, half)),
  rule([either(plainClock, spokenClock), partAfter], ([clock, part]) => inPart(clock, part)),
  plainClock,
  rule([at, plainClock], ([, time]) => (time.style === "hours" ? { ...time, style: "bare" } : time)),
  spokenClock,
  rule([maybe(words("12")), word("noon midday полдень")], () => clock(12, 0, "exact")),
  rule([maybe(words("12")), word("midnight полночь")], () => clock(0, 0, "midnight")),
);

// Parts of the day

const part: Parser<Part> = either(
  saying<Part>("morning", word("morning утром"), words("in the morning"), words("с утра")),
  saying<Part>("afternoon", word("afternoon днем"), words("in the afternoon")),
  saying<Part>("evening", word("evening вечером"), words("in the evening")),
  saying<Part>("night", word("ночью")),
  saying<Part>("tonight", word("night"), words("at night")),
);

const partToday: Parser<Part> = either(
  saying<Part>("tonight", word("tonight")),
  saying<Part>("morning", words("this morning")),
  saying<Part>("afternoon", words("this afternoon")),
  saying<Part>("evening", words("this evening")),
);

// Spans

type Unit = keyof typeof ENGLISH.units;
const SPANS: Record<Unit, Span> = {
  minute: { months: 0, days: 0, minutes: 1 },
  hour: { months: 0, days: 0, minutes: 60 },
  day: { months: 0, days: 1, minutes: 0 },
  week: { months: 0, days: 7, minutes: 0 },
  month: { months: 1, days: 0, minutes: 0 },
  year: { months: 12, days: 0, minutes: 0 },
};
const UNITS = Object.keys(SPANS) as Unit[];

function unitOf({ units }: { units: Record<Unit, string> }): Parser<Span> {
  return followed(either(...UNITS.map((unit) => saying(SPANS[unit], word(units[unit])))), maybe(dot));
}
const unit = either(unitOf(ENGLISH), unitOf(RUSSIAN));

const whole = either(figures(/^\d{1,4}$/), spelled);
const andAHalf = either(words("and a half"), words("с половиной"));
const decimal = rule(
  [figures(/^\d\d?$/), word(". ,"), token((digits) => (/^(5|25|75)$/.test(digits) ? digits : null))],
  ([n, , digits]) => Number(`${n}.${digits}`),
);
const amount = either(
  whole,
  saying(1, word("a an")),
  saying(0.5, word("пол"), words("half an"), words("half a")),
  saying(0.25, word("четверть"), words("a quarter of an"), words("quarter of an")),
  saying(1.5, word("полтора полторы")),
  decimal,
  rule([whole, andAHalf], ([amount]) => amount + 0.5),
);
const term = either(
  rule([amount, unit], ([amount, unit]) => times(amount, unit)),
  // "через час", "через неделю", but "in a week".
  unitOf(RUSSIAN),
  rule([either(saying(1, word("a an"), silent(null)), whole), unit, andAHalf], ([amount, unit]) =>
    times(amount + 0.5, unit),
  ),
);
const and = maybe(word("and и ,"));
const length = either(
  term,
  rule([term, and, term], ([one, , two]) => sum(one, two)),
  rule([term, and, term, and, term], ([one, , two, , three]) => sum(one, two, three)),
);

const span: Parser<Span> = either(
  rule([word("in через"), length], ([, span]) => span),
  followed(length, either(words("from now"), words("from today"))),
  rule([length, word("ago назад")], ([span]) => times(-1, span)),
  saying(
    times(0, SPANS.minute),
    word("now сейчас immediately немедленно"),
    words("right now"),
    words("прямо сейчас"),
  ),
);

// The sentence: each piece once, in any order

const piece = either<Phrase>(
  rule([day], ([day]) => ({ day })),
  rule([weekday], ([weekday]) => ({ weekday })),
  rule([part], ([part]) => ({ part })),
  rule([partToday], ([part]) => ({ day: { type: "shift", days: 0 } as const, part })),
  rule([time], ([clock]) => ({ clock })),
  rule([span], ([span]) => ({ span })),
);

const filler = word("at on в во на ровно exactly sharp please пожалуйста ,");

/** Every way to read the whole of a text. */
function phrasesOf(normal: string): Phrase[] {
  const tokens = normal.match(/\d+|\p{L}+(?:'\p{L}+)?|[^\s]/gu) ?? [];
  if (tokens.length > MOST_TOKENS) return [];
  const phrases = new Map<string, Phrase>();
  const readOn = (at: number, sofar: Phrase) => {
    if (at === tokens.length && Object.keys(sofar).length > 0) phrases.set(JSON.stringify(sofar), sofar);
    for (const { next } of filler(tokens, at)) readOn(next, sofar);
    for (const { value, next } of piece(tokens, at))
      if (!Object.keys(value).some((key) => key in sofar)) readOn(next, { ...sofar, ...value });
  };
  readOn(0, {});
  return [...phrases.values()];
}

// What the rules make of their words: null is "makes no sense"

function dateOf(day: number, month: number, year?: number | null): Day | null {
  if (month < 1 || month > 12) return null;
  // 2028 is a leap year: without a year, the 29th of February is a date.
  if (day < 1 || day > daysInMonth(year ?? 2028, month)) return { type: "none" };
  return year == null ? { type: "date", month, day } : { type: "date", year, month, day };
}

function clock(hour: number, minute: number, style: Clock["style"]): Clock | null {
  const isShown = minute < 60 && (hour < 24 || (hour === 24 && minute === 0));
  return isShown ? { hour, minute, style } : null;
}

/** So many minutes past an hour of the twelve, or before it if negative. */
function spoken(hour: number, minutes: number): Clock | null {
  if (hour < 1 || hour > 12 || minutes < -59 || minutes > 59) return null;
  return minutes < 0
    ? { hour: hour === 1 ? 12 : hour - 1, minute: 60 + minutes, style: "spoken" }
    : { hour, minute: minutes, style: "spoken" };
}

function inHalf({ hour, minute }: Clock, half: "am" | "pm"): Clock | null {
  if (hour > 12) return half === "pm" ? clock(hour, minute, "exact") : null;
  return hour === 0 ? null : clock((hour % 12) + (half === "pm" ? 12 : 0), minute, "exact");
}

function inPart({ hour, minute }: Clock, part: Part): Clock | null {
  const fitting = halvesOf(hour).find((hour) => PARTS[part].hours.includes(hour));
  if (fitting === undefined) return null;
  return clock(fitting, minute, fitting === 0 ? "midnight" : "exact");
}

/** The hours of a 24-hour clock that an hour of the twelve may be. */
function halvesOf(hour: number): number[] {
  return hour > 12 ? [hour] : [hour % 12, (hour % 12) + 12];
}

function times(amount: number, { months, days, minutes }: Span): Span | null {
  const span = { months: months * amount, days: days * amount, minutes: minutes * amount };
  return Object.values(span).every(Number.isInteger) ? span : null;
}

function sum(...spans: Span[]): Span | null {
  const sizes = spans.map(({ months, days, minutes }) => Math.abs(minutes + 1e4 * days + 1e8 * months));
  // The larger unit first: "2 hours 15 minutes".
  if (sizes.some((size, index) => size > (sizes[index - 1] ?? Infinity))) return null;
  const total = (key: keyof Span) => spans.reduce((sum, span) => sum + span[key], 0);
  return { months: total("months"), days: total("days"), minutes: total("minutes") };
}

function range(first: number, last: number): number[] {
  return Array.from({ length: last - first + 1 }, (_, index) => first + index);
}

// ---------------------------------------------------------------------------------------------------------------------
// On the calendar
// ---------------------------------------------------------------------------------------------------------------------

/** One thing that a phrase can mean: a time of a zone, an instant, or a day that lacks its hour. */
type Meaning = Wall | Date | Hourless;
interface Hourless {
  lacks: "hour";
  day: Wall;
  part: Part | undefined;
}

/** What a phrase can mean; nothing if its pieces contradict each other. */
function meaningsOf(phrase: Phrase, here: Here): Meaning[] {
  const { clock, part, span } = phrase;
  if (span && (phrase.day || phrase.weekday)) return [];
  if (span && !(span.days || span.months)) return clock || part ? [] : [elapsed(here.now, span)];
  if (span?.minutes)
    return clock || part ? [] : [elapsed(instantAt(after(here.today, span), here.zone), span)];
  if (span && !clock && !part) return [after(here.today, span)];

  const hours = clock && hoursOf(clock, phrase);
  const days = daysOf(phrase, here);
  if (days && hours) return days.flatMap((day) => hours.map((hour) => wallAt(day, hour, clock.minute)));
  if (days) return days.map((day) => ({ lacks: "hour", day, part }));
  if (hours) return hours.map((hour) => comingHour(hour % 24, clock.minute, here));
  return part ? [comingPart(part, here)] : [];
}

/** It is so long from now by any clock; days and months go by the calendar. */
function isElapsed({ span, ...rest }: Phrase): boolean {
  return span !== undefined && !span.days && !span.months && Object.keys(rest).length === 0;
}

function elapsed(from: Date, { minutes }: Span): Date {
  return new Date(from.getTime() + minutes * 60_000);
}

/** By the calendar; a day that the month lacks is its last one. */
function after(wall: Wall, { months, days }: Span): Wall {
  const count = wall.year * 12 + wall.month - 1 + months;
  const year = Math.floor(count / 12);
  const month = count - year * 12 + 1;
  return daysLater({ ...wall, year, month, day: Math.min(wall.day, daysInMonth(year, month)) }, days);
}

/** The hours that a clock time may mean, from 24 on those of the next day. */
function hoursOf({ hour, minute, style }: Clock, { day, weekday, part, span }: Phrase): number[] {
  const lone = !day && !weekday && !span;
  if (part) {
    const told = style === "exact" || style === "dotted" ? [hour] : halvesOf(hour);
    const all = hour > 12 ? told : [...new Set([...told, ...halvesOf(hour)])];
    return all.flatMap((hour) => [hour, hour + 24]).filter((hour) => PARTS[part].hours.includes(hour));
  }
  switch (style) {
    case "exact":
      return [hour];
    case "dotted":
      return lone && dateOf(hour, minute)?.type === "date" ? [] : [hour];
    case "hours":
      if (!day && !weekday) return [];
      return isOpen({ hour, style }) ? halvesOf(hour) : [hour];
    case "bare":
    case "padded":
      return (lone && hour >= 1 && hour <= 11) || isOpen({ hour, style }) ? halvesOf(hour) : [hour];
    case "spoken":
      return halvesOf(hour);
    case "midnight":
      return [0, 24];
    case "none":
      return [];
  }
}

/** Whether an hour that does not say its half may well be one after noon: "tomorrow at 3" is hardly meant for 03:00. */
function isOpen({ hour, style }: Pick<Clock, "hour" | "style">): boolean {
  return (style === "bare" || style === "hours") && hour >= 1 && hour <= 6;
}

/** Whether there are such a day and such a time. */
function isPossible({ day, clock }: Phrase): boolean {
  return day?.type !== "none" && clock?.style !== "none";
}

/** The days that a phrase may mean, or null if it names none. */
function daysOf({ day, weekday, span }: Phrase, { today }: Here): Wall[] | null {
  if (span) return [after(today, span)];
  if (!day) return weekday ? weekdaysOf(weekday, today) : null;
  return datesOf(day, today).filter(
    (day) => !weekday || (weekday.week === "coming" && weekday.weekday === weekdayOf(day)),
  );
}

function weekdaysOf({ weekday, week }: { weekday: Weekday; week: Week }, today: Here["today"]): Wall[] {
  const ahead = (weekday - today.weekday + 7) % 7;
  if (week === "next") return [daysLater(today, weekday - today.weekday + 7)];
  // "Monday", said on a Monday, may be today or in a week.
  return week === "coming" && ahead === 0 ? [today, daysLater(today, 7)] : [daysLater(today, ahead)];
}

function datesOf(day: Day, today: Wall): Wall[] {
  if (day.type === "none") return [];
  if (day.type === "shift") return [daysLater(today, day.days)];
  if (day.type === "date" && day.year !== undefined) return [{ ...today, ...day, year: day.year }];
  const isComing = (date: Wall) => date.day <= daysInMonth(date.year, date.month) && !isBefore(date, today);
  if (day.type === "date") {
    const years = range(today.year, today.year + 8).map((year) => ({ ...today, ...day, year }));
    return years.filter(isComing).slice(0, 1);
  }
  const months = range(0, 12).map((months) => ({
    ...after({ ...today, day: 1 }, { months, days: 0, minutes: 0 }),
    day: day.day,
  }));
  const [first, second] = months.filter(isComing);
  // "The 25th", said on the 25th, may be today or in a month.
  return [first, first?.month === today.month && first.day === today.day ? second : undefined].filter(
    (date) => date !== undefined,
  );
}

function isBefore(one: Wall, other: Wall): boolean {
  return Date.UTC(one.year, one.month - 1, one.day) < Date.UTC(other.year, other.month - 1, other.day);
}

function wallAt({ year, month, day }: Wall, hour: number, minute: number): Wall {
  return daysLater({ year, month, day, hour: hour % 24, minute }, Math.floor(hour / 24));
}

/** The next time that clocks show it, today or tomorrow. */
function comingHour(hour: number, minute: number, here: Here): Wall {
  const wall = wallAt(here.today, hour, minute);
  return isAhead(wall, here) ? wall : daysLater(wall, 1);
}

function comingPart(part: Part, here: Here): Hourless {
  const today: Hourless = { lacks: "hour", day: here.today, part };
  return offersOf(today, here).length > 0 ? today : { ...today, day: daysLater(here.today, 1) };
}

function isAhead(wall: Wall, { now, zone }: Here): boolean {
  return (instantsAt(wall, zone).at(-1) ?? instantAt(wall, zone)) >= now;
}

// ---------------------------------------------------------------------------------------------------------------------
// The answer
// ---------------------------------------------------------------------------------------------------------------------

/** One reading for all that a text can mean: what is over or too far counts only if nothing else is left. */
function decide(meanings: Meaning[], here: Here): Reading {
  const hourless = meanings.filter((meaning) => "lacks" in meaning);
  const timed = meanings.filter((meaning): meaning is Wall | Date => !("lacks" in meaning));
  if (hourless.length > 0) return timed.length > 0 ? { type: "unknown" } : askHour(hourless, here);

  const readings = timed.map((meaning) =>
    meaning instanceof Date ? judge(meaning, here) : place(meaning, here),
  );
  const ahead = readings.filter(({ type }) => type !== "past" && type !== "too-far");
  const candidates = distinct(ahead.flatMap(instantsOf)).slice(0, MOST_OFFERED);
  // Of two times that are over, the later one tells more.
  const [first = readings.at(-1)] = ahead;
  if (!first) return { type: "unknown" };
  // Two ways to read it may lead to the same time.
  const same = ahead.every((reading) => JSON.stringify(reading) === JSON.stringify(first));
  return same ? first : { type: "ambiguous", candidates };
}

/** A time of the zone's clocks, which may show it twice or never. */
function place(wall: Wall, here: Here): Reading {
  const { year, month, day, hour, minute } = wall;
  const [first, second] = instantsAt(wall, here.zone);
  if (!first) {
    const reading = judge(endOfGap(wall, here.zone), here);
    if (reading.type !== "at") return reading;
    return { type: "gap", wall: { year, month, day, hour, minute }, next: reading.instant };
  }
  if (!second || first < here.now) return judge(second ?? first, here);
  const reading = judge(first, here);
  return reading.type === "at" ? { type: "twice", instants: [first, second] } : reading;
}

function judge(instant: Date, here: Here): Reading {
  if (instant < here.now) return { type: "past", instant };
  return { type: instant > furthest(here) ? "too-far" : "at", instant };
}

function furthest({ today, zone }: Here): Date {
  return instantAt(after(today, { months: 12 * YEARS_AHEAD, days: 0, minutes: 1 }), zone);
}

/** The first instant after the time that the clocks leave out, to the minute. */
function endOfGap(wall: Wall, zone: string): Date {
  // As long after the change as `wall` lies after the gap's begin: the clocks then show the gap's length more.
  const beyond = instantAt(wall, zone);
  const shown = (date: Date) => utc(wallOf(date, zone)) - date.getTime();
  const offset = shown(beyond);
  let [before, end] = [beyond.getTime() - 2 * 86_400_000, beyond.getTime()];
  while (end - before > 60_000) {
    const middle = before + Math.round((end - before) / 120_000) * 60_000;
    if (shown(new Date(middle)) === offset) end = middle;
    else before = middle;
  }
  return new Date(end);
}

function utc({ year, month, day, hour, minute }: Wall): number {
  return Date.UTC(year, month - 1, day, hour, minute);
}

function instantsOf(reading: Reading): Date[] {
  switch (reading.type) {
    case "at":
      return [reading.instant];
    case "twice":
      return reading.instants;
    case "gap":
      return [reading.next];
    default:
      return [];
  }
}

function distinct(instants: Date[]): Date[] {
  return [...new Set(instants.map(Number))]
    .toSorted((one, other) => one - other)
    .map((time) => new Date(time));
}

/** Asks for the hour of one day, or of several that the text may mean. */
function askHour(days: Hourless[], here: Here): Reading {
  const share = Math.max(1, Math.floor(MOST_OFFERED / days.length));
  const offers = distinct(days.flatMap((day) => offersOf(day, here).slice(0, share)));
  const suggestions = offers.filter((instant) => instant <= furthest(here)).slice(0, MOST_OFFERED);
  const [tooFar] = offers;
  const whole = days.some(({ part }) => part) ? "part" : "day";
  if (tooFar && suggestions.length === 0) return { type: "too-far", instant: tooFar, whole };
  const ends = days.map(({ day, part }) => lastHour(day, part, here.zone));
  const over = ends.every((end) => end.getTime() + 3_600_000 <= here.now.getTime());
  const [end] = ends;
  return over && end ? { type: "past", instant: end, whole } : { type: "which-hour", suggestions };
}

/** Usual hours that are still ahead; if none of them is, whatever full hours the day has left. */
function offersOf({ day, part }: Hourless, { now, zone }: Here): Date[] {
  const { hours, offered } = part ? PARTS[part] : WHOLE_DAY;
  const ahead = (hours: number[]) =>
    hours.map((hour) => instantAt(wallAt(day, hour, 0), zone)).filter((instant) => instant >= now);
  const usual = ahead(offered);
  return usual.length > 0 ? usual : ahead(hours).slice(0, MOST_OFFERED);
}

function lastHour(day: Wall, part: Part | undefined, zone: string): Date {
  return instantAt(wallAt(day, (part ? PARTS[part] : WHOLE_DAY).hours.at(-1) ?? 23, 0), zone);
}
