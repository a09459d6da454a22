import { dateOf } from "./dates.ts";
import { dot, one, ordinalGenitive, spelled, two } from "./numbers.ts";
import {
  type Parser,
  either,
  figures,
  followed,
  listed,
  maybe,
  rule,
  saying,
  word,
  words,
} from "./parser.ts";
import { RUSSIAN } from "./russian.ts";

/*
 * Times of day, for moments, repeats and sending hours. A clock is stored as it was typed; which hours it can mean
 * depends on the words next to it, and hoursOf() decides.
 */

export interface Clock {
  hour: number;
  minute: number;
  /**
   * `half` names its half of the day, like "6 pm"; `exact` is on a 24-hour clock, like "18:30"; `dotted` like "18.30",
   * which could be a date; `bare` like "at 7"; `padded` like "07"; `hours` like "7 часов", which without "в" could be a
   * span; `spoken` like "half past six", morning or evening; `midnight` at the start or end of the day; `none` like
   * "25:00", which does not exist.
   */
  style: "half" | "exact" | "dotted" | "bare" | "padded" | "hours" | "spoken" | "midnight" | "none";
}

export type Part = "morning" | "afternoon" | "evening" | "night" | "tonight";

/** The hours of each part of the day, where 24 and more are on the next day; and the hours to offer. */
export const PARTS: Record<Part, { hours: number[]; offered: number[] }> = {
  morning: { hours: range(1, 11), offered: [8, 9, 10, 11] },
  afternoon: { hours: range(10, 17), offered: [13, 14, 15, 16] },
  evening: { hours: range(16, 23), offered: [18, 19, 20, 21] },
  night: { hours: [...range(0, 5), ...range(19, 29)], offered: [22, 23, 24, 25] },
  tonight: { hours: [...range(0, 5), ...range(17, 29)], offered: [19, 20, 21, 22] },
};

// ---------------------------------------------------------------------------------------------------------------------
// The grammar
// ---------------------------------------------------------------------------------------------------------------------

const at = word("at в во");
const minutes = rule([two], ([minute]) => (minute < 60 ? minute : null));
const oclock = either(words("o'clock"), words("o clock"), word("oclock"));
const hourWord = followed(word("час часа часов ч"), maybe(dot));
const minuteWord = followed(word("минута минуту минуты минут мин м"), maybe(dot));

const half = word("am pm a p");
/** "am" or "pm", with or without dots. */
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
  rule([word("половина половине половины пол"), ordinalGenitive], ([, hour]) => spoken(hour, -30)),
  rule([minutesOf, ordinalGenitive], ([minute, hour]) => spoken(hour, minute - 60)),
  rule([word("без"), minutesWithout, spokenHour], ([, minute, hour]) => spoken(hour, -minute)),
  saying(spoken(1, 0), word("час")),
);

/** A time of day, as "18:30", "9 утра", "at seven", "half past nine in the evening", "полдень". */
export const time: Parser<Clock> = either(
  rule([either(plainClock, spokenClock), meridiem], ([clock, half]) => inHalf(clock, half)),
  rule([either(plainClock, spokenClock), partAfter], ([clock, part]) => inPart(clock, part)),
  plainClock,
  rule([at, plainClock], ([, time]) => (time.style === "hours" ? { ...time, style: "bare" } : time)),
  spokenClock,
  rule([maybe(words("12")), word("noon midday полдень полудня")], () => clock(12, 0, "half")),
  rule([maybe(words("12")), word("midnight полночь полуночи")], () => clock(0, 0, "midnight")),
);

/** A time of day after "с" or "до": "с девяти утра". */
const timeGenitive: Parser<Clock> = rule([genitives, maybe(hourWord)], ([hour]) => clock(hour, 0, "bare"));
export const timeInRange: Parser<Clock> = either(
  time,
  timeGenitive,
  rule([timeGenitive, partAfter], ([clock, part]) => inPart(clock, part)),
);

/** A part of the day. */
export const part: Parser<Part> = either(
  saying<Part>("morning", word("morning утром"), words("in the morning"), words("с утра")),
  saying<Part>("afternoon", word("afternoon днем"), words("in the afternoon")),
  saying<Part>("evening", word("evening вечером"), words("in the evening")),
  saying<Part>("night", word("ночью")),
  saying<Part>("tonight", word("night"), words("at night")),
);

function clock(hour: number, minute: number, style: Clock["style"]): Clock | null {
  const isShown = minute < 60 && (hour < 24 || (hour === 24 && minute === 0));
  return isShown ? { hour, minute, style } : null;
}

/** Minutes past an hour on a 12-hour clock, or before it if negative. */
function spoken(hour: number, minutes: number): Clock | null {
  if (hour < 1 || hour > 12 || minutes < -59 || minutes > 59) return null;
  return minutes < 0
    ? { hour: hour === 1 ? 12 : hour - 1, minute: 60 + minutes, style: "spoken" }
    : { hour, minute: minutes, style: "spoken" };
}

function inHalf({ hour, minute }: Clock, half: "am" | "pm"): Clock | null {
  if (hour > 12) return half === "pm" ? clock(hour, minute, "half") : null;
  return hour === 0 ? null : clock((hour % 12) + (half === "pm" ? 12 : 0), minute, "half");
}

function inPart({ hour, minute }: Clock, part: Part): Clock | null {
  const fitting = halvesOf(hour).find((hour) => PARTS[part].hours.includes(hour));
  if (fitting === undefined) return null;
  return clock(fitting, minute, fitting === 0 ? "midnight" : "half");
}

// ---------------------------------------------------------------------------------------------------------------------
// What it means
// ---------------------------------------------------------------------------------------------------------------------

/** What is next to a time of day. */
export interface Beside {
  part: Part | undefined;
  /** Nothing: "at 7" may then be this evening or tomorrow morning. */
  isLone: boolean;
  /** A day, so that "7 часов" is a time and not a span. */
  isOfDay: boolean;
}

/** The hours that a time of day can mean; 24 and more are on the next day. */
export function hoursOf({ hour, minute, style }: Clock, { part, isLone, isOfDay }: Beside): number[] {
  if (part) {
    const isSaid = style === "half" || style === "exact" || style === "dotted";
    const told = isSaid ? [hour] : halvesOf(hour);
    const all = hour > 12 ? told : [...new Set([...told, ...halvesOf(hour)])];
    return all.flatMap((hour) => [hour, hour + 24]).filter((hour) => PARTS[part].hours.includes(hour));
  }
  switch (style) {
    case "half":
    case "exact":
      return [hour];
    case "dotted":
      return isLone && dateOf(hour, minute)?.type === "date" ? [] : [hour];
    case "hours":
      if (!isOfDay) return [];
      return isOpen({ hour, style }) ? halvesOf(hour) : [hour];
    case "bare":
    case "padded":
      return (isLone && hour >= 1 && hour <= 11) || isOpen({ hour, style }) ? halvesOf(hour) : [hour];
    case "spoken":
      return halvesOf(hour);
    case "midnight":
      return [0, 24];
    case "none":
      return [];
  }
}

/** True if an hour without its half of the day may well be after noon: "tomorrow at 3" hardly means 03:00. */
export function isOpen({ hour, style }: Pick<Clock, "hour" | "style">): boolean {
  return (style === "bare" || style === "hours") && hour >= 1 && hour <= 6;
}

/** The two hours of a 24-hour clock that an hour on a 12-hour clock can mean. */
export function halvesOf(hour: number): number[] {
  return hour > 12 ? [hour] : [hour % 12, (hour % 12) + 12];
}

function range(first: number, last: number): number[] {
  return Array.from({ length: last - first + 1 }, (_, index) => first + index);
}
