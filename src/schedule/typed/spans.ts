import { ENGLISH } from "./english.ts";
import { andAHalf, dot, whole } from "./numbers.ts";
import {
  type Parser,
  either,
  figures,
  followed,
  maybe,
  rule,
  saying,
  silent,
  word,
  words,
} from "./parser.ts";
import { RUSSIAN } from "./russian.ts";

/* Lengths of time: "in 2 hours", "через полтора часа", "a week ago". */

/** A span from now, or back if negative. Months and days follow the calendar; minutes are exact. */
export interface Span {
  months: number;
  days: number;
  minutes: number;
}

export type Unit = keyof typeof ENGLISH.units;
const SPANS: Record<Unit, Span> = {
  minute: { months: 0, days: 0, minutes: 1 },
  hour: { months: 0, days: 0, minutes: 60 },
  day: { months: 0, days: 1, minutes: 0 },
  week: { months: 0, days: 7, minutes: 0 },
  month: { months: 1, days: 0, minutes: 0 },
  year: { months: 12, days: 0, minutes: 0 },
};
const UNITS = Object.keys(SPANS) as Unit[];

function unitOf({ units }: { units: Record<Unit, string> }): Parser<Unit> {
  return followed(either(...UNITS.map((unit) => saying(unit, word(units[unit])))), maybe(dot));
}
const russianUnit = unitOf(RUSSIAN);
export const unit = either(unitOf(ENGLISH), russianUnit);

const decimal = rule([figures(/^\d\d?$/), word(". ,"), word("5 25 75")], ([n, , digits]) =>
  Number(`${n}.${digits}`),
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
  rule([amount, unit], ([amount, unit]) => times(amount, SPANS[unit])),
  // "через час", "через неделю", but "in a week".
  rule([russianUnit], ([unit]) => SPANS[unit]),
  rule([either(saying(1, word("a an"), silent(null)), whole), unit, andAHalf], ([amount, unit]) =>
    times(amount + 0.5, SPANS[unit]),
  ),
);
const and = maybe(word("and и ,"));
/** A length of time: "2 hours", "полтора дня". */
export const length = either(
  term,
  rule([term, and, term], ([one, , two]) => sum(one, two)),
  rule([term, and, term, and, term], ([one, , two, , three]) => sum(one, two, three)),
);

export const span: Parser<Span> = either(
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
