import type { Weekday } from "../wall.ts";
import { ENGLISH } from "./english.ts";
import { dot } from "./numbers.ts";
import {
  type Parser,
  after,
  either,
  followed,
  listed,
  maybe,
  optional,
  rule,
  saying,
  some,
  word,
} from "./parser.ts";
import { RUSSIAN } from "./russian.ts";

/* Weekdays in repeats and sending hours: "Mondays", "mon, wed and fri", "пн-пт", "по будням". */

const WORKDAYS: readonly Weekday[] = [1, 2, 3, 4, 5];
const WEEKEND: readonly Weekday[] = [6, 7];
const ALL: readonly Weekday[] = [1, 2, 3, 4, 5, 6, 7];

export const every = word(`${ENGLISH.every} ${RUSSIAN.every}`);

function named(...lists: (readonly string[])[]): Parser<Weekday> {
  return followed(
    rule([listed(1, ...lists)], ([day]) => day as Weekday),
    maybe(dot),
  );
}
const singular = named(ENGLISH.weekdays, RUSSIAN.weekdays);
/** A weekday, in any form. */
export const anyWeekday = named(
  ENGLISH.weekdays,
  ENGLISH.weekdayPlurals,
  RUSSIAN.weekdays,
  RUSSIAN.weekdayPlurals,
  RUSSIAN.weekdayGenitives,
);

const dayWords = word("day days дни день дням дня днях");
const workdays = saying(
  WORKDAYS,
  word("weekday weekdays workday workdays будни будням буднях"),
  rule([word("working business будний будние будним рабочий рабочие рабочим"), dayWords], () => ""),
);
const weekend = saying(
  WEEKEND,
  followed(word("weekend weekends выходные выходным выходных выходной"), maybe(dayWords)),
);
// In "по понедельникам по средам" the second "по" begins another day.
const rangeEnd = either(
  after(word("- to till until through thru до"), anyWeekday),
  after(word("по"), singular),
);
const range = rule([maybe(word("from с со")), anyWeekday, rangeEnd], ([, first, last]) =>
  daysFrom(first, last),
);

const days: Parser<readonly Weekday[]> = either<readonly Weekday[]>(
  workdays,
  weekend,
  range,
  rule([anyWeekday], ([day]) => [day]),
);
const between = optional(word(", & + /"), word("and и"));

/** One or more weekdays; sorted, each once. */
export const weekdays: Parser<Weekday[]> = rule(
  [some(after(optional(word("on по в во"), every), days), between)],
  ([all]) => ALL.filter((day) => all.some((some) => some.includes(day))),
);

/** `fri-mon` wraps around Sunday. A range from a day to itself is meaningless: null. */
function daysFrom(first: Weekday, last: Weekday): Weekday[] | null {
  if (first === last) return null;
  return ALL.filter((day) => (first < last ? day >= first && day <= last : day >= first || day <= last));
}
