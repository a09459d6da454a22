import { maybe, either, optional, rule, word, wholesOf } from "./parser.ts";
import { type Span, length } from "./spans.ts";
import { type Clock, time } from "./time-of-day.ts";

/** A length of time in whole hours, or in days at a time of day, in minutes after midnight. */
export type Delay = { hours: number } | { days: number; at: number };

interface Phrase {
  span: Span;
  clock: Clock;
}

const piece = either<Partial<Phrase>>(
  rule([optional(word("after через спустя")), length], ([, span]) => ({ span })),
  rule([maybe(word("at в")), time], ([, clock]) => ({ clock })),
);

const HOURS = 60;

/**
 * Reads how long after something: `2 hours`, `3 days at 10:00`, `через 3 дня в 10:00`. Days without a time of day are as many
 * times 24 hours. Null for anything else, among it parts of hours, and times of day that may be morning or evening.
 */
export function readDelay(text: string): Delay | null {
  const all = wholesOf(text, piece, word(",")).flatMap((phrase) => meaningOf(phrase) ?? []);
  const delays = new Map(all.map((delay) => [JSON.stringify(delay), delay]));
  const [first, another] = delays.values();
  return another ? null : (first ?? null);
}

function meaningOf({ span, clock }: Partial<Phrase>): Delay | null {
  if (!span || span.months !== 0 || span.minutes < 0 || span.days < 0) return null;
  const { days, minutes } = span;
  if (clock === undefined) {
    const hours = days * 24 + minutes / HOURS;
    return Number.isInteger(hours) && hours > 0 ? { hours } : null;
  }
  if (minutes !== 0 || days === 0) return null;
  const { hour, minute, style } = clock;
  if (style === "none" || style === "dotted" || hour > 23) return null;
  // "at 7" is taken as on a 24-hour clock, as hours without a half of the day are in sending hours.
  return style === "hours" || style === "spoken" ? null : { days, at: hour * HOURS + minute };
}
