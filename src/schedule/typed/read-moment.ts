import { day, weekday } from "./dates.ts";
import { type Phrase, hereAt, isElapsed, isPossible, meaningsOf } from "./meaning.ts";
import { type Parser, either, normalize, rule, saying, tokensOf, word, words, wholesOf } from "./parser.ts";
import { readPrinted } from "./printed.ts";
import { type Reading, decide } from "./reading.ts";
import { span } from "./spans.ts";
import { type Clock, type Part, part, time } from "./time-of-day.ts";

const partToday: Parser<Part> = either(
  saying<Part>("tonight", word("tonight")),
  saying<Part>("morning", words("this morning")),
  saying<Part>("afternoon", words("this afternoon")),
  saying<Part>("evening", words("this evening")),
);

const piece = either<Phrase>(
  rule([day], ([day]) => ({ day })),
  rule([weekday], ([weekday]) => ({ weekday })),
  rule([part], ([part]) => ({ part })),
  rule([partToday], ([part]) => ({ day: { type: "shift", days: 0 } as const, part })),
  rule([time], ([clock]) => ({ clock })),
  rule([span], ([span]) => ({ span })),
);

const filler = word("at on в во на ровно exactly sharp please пожалуйста ,");

/** Every way to read a whole text. */
function phrasesOf(text: string): Phrase[] {
  return wholesOf(text, piece, filler);
}

/**
 * Reads a time as people type it, in English or Russian, by the clocks of `zone`. Pure.
 *
 * The grammar yields every way to read the whole text, never just a part. One way is the answer; if several differ, the
 * admin is asked; none is "unknown".
 */
export function readMoment(text: string, now: Date, zone: string): Reading {
  const here = hereAt(now, zone);
  const phrases = phrasesOf(text);
  const possible = phrases.filter(isPossible);
  if (possible.length > 0)
    return decide(
      possible.flatMap((phrase) => meaningsOf(phrase, here)),
      here,
    );
  const printed = tokensOf(text) && readPrinted(normalize(text), now, here.today);
  if (printed) return decide([printed], here);
  if (phrases.length === 0) return { type: "unknown" };
  return { type: phrases.some(({ day }) => day?.type === "none") ? "no-date" : "no-time" };
}

/** True if a text only says in how many hours and minutes, which is the same instant by every clock. */
export function needsNoZone(text: string): boolean {
  const phrases = phrasesOf(text);
  return phrases.length > 0 && phrases.every(isElapsed);
}

/** Reads a time of day on a 24-hour clock, or one with its half of the day ("2:05 pm", "9 вечера"); else null. */
export function readClock(text: string): { hour: number; minute: number } | null {
  const clock = clockOf(text);
  if (!clock || clock.style === "spoken" || clock.hour === 24) return null;
  return { hour: clock.hour, minute: clock.minute };
}

/** The time in a text that is only a time of day. */
function clockOf(text: string): Clock | null {
  const [only, another] = phrasesOf(text).filter(
    (phrase) => Object.keys(phrase).join() === "clock" && isPossible(phrase),
  );
  return another ? null : (only?.clock ?? null);
}
