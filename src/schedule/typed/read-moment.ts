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

/** Every way to read the whole of a text. */
function phrasesOf(text: string): Phrase[] {
  return wholesOf(text, piece, filler);
}

/**
 * Reads a time as people type it, in English and Russian alike, by the clocks of `zone`. Pure.
 *
 * The grammar yields every way in which the whole text can be read, never a part of it. One way is an answer, several
 * that differ are put to the admin, none is "unknown".
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

/** Whether a text only says in how many hours and minutes: that is the same instant by every clock. */
export function needsNoZone(text: string): boolean {
  const phrases = phrasesOf(text);
  return phrases.length > 0 && phrases.every(isElapsed);
}

/** Reads a time of day on a 24-hour clock, or one that says its half ("2:05 pm", "9 вечера"); null is anything else. */
export function readClock(text: string): { hour: number; minute: number } | null {
  const clock = clockOf(text);
  if (!clock || clock.style === "spoken" || clock.hour === 24) return null;
  return { hour: clock.hour, minute: clock.minute };
}

/** What a text says when it is a time of day and nothing else. */
function clockOf(text: string): Clock | null {
  const [only, another] = phrasesOf(text).filter(
    (phrase) => Object.keys(phrase).join() === "clock" && isPossible(phrase),
  );
  return another ? null : (only?.clock ?? null);
}
