import type { Weekday } from "./wall.ts";

/** What typed repeats and sending hours have in common: their words, days of the week, and times of day. */

/** The signs that a reader knows; every kind of dash is one. Anything else is refused. */
const TOKEN = /\s*(?:(\d+)|([a-zа-я']+)\.?|([:.,&+/@-]))\s*/y;

/** A row of words, numbers and signs, read from the left. A rule that does not fit puts back what it took. */
export class Phrase {
  #at = 0;
  readonly #tokens: readonly string[];

  private constructor(tokens: readonly string[]) {
    this.#tokens = tokens;
  }

  /** Null when the text holds a sign that means nothing in a schedule. */
  static of(text: string): Phrase | null {
    const plain = text
      .trim()
      .toLowerCase()
      .replace(/\.$/, "")
      .replaceAll("ё", "е")
      .replaceAll("’", "'")
      .replaceAll(/[‐‑‒–—−]/g, "-")
      .replaceAll(/(?<![a-z])([ap])\.\s?m(?![a-z])\.?/g, "$1m");
    const tokens: string[] = [];
    TOKEN.lastIndex = 0;
    while (TOKEN.lastIndex < plain.length) {
      const match = TOKEN.exec(plain);
      if (!match) return null;
      tokens.push(match[1] ?? match[2] ?? match[3] ?? "");
    }
    return new Phrase(tokens);
  }

  get done(): boolean {
    return this.#at === this.#tokens.length;
  }

  /** Whether the next word is like this; stays before it. */
  next(form: RegExp): boolean {
    return form.test(this.#tokens[this.#at] ?? "");
  }

  /** Goes past the next word if it is one of these. */
  take(...words: string[]): boolean {
    return this.match((token) => words.includes(token) || null) ?? false;
  }

  /** Goes past these words if they come next, in this order; each may be a choice, as in `["every|each", "day"]`. */
  takeRow(...row: string[]): boolean {
    return this.attempt(() => row.every((choice) => this.take(...choice.split("|"))) || null) ?? false;
  }

  /** What `rule` makes of the next word; it goes past the word unless that is null. */
  match<T>(rule: (token: string) => T | null): T | null {
    const token = this.#tokens[this.#at];
    const value = token === undefined ? null : rule(token);
    if (value !== null) this.#at++;
    return value;
  }

  /** What `rule` makes of the words that follow; null puts them back. */
  attempt<T>(rule: () => T | null): T | null {
    const before = this.#at;
    const value = rule();
    if (value === null) this.#at = before;
    return value;
  }

  /** The next word as a whole number. */
  number(): number | null {
    return this.match((token) => (/^\d{1,2}$/.test(token) ? Number(token) : null));
  }
}

export const EVERY_DAY: readonly Weekday[] = [1, 2, 3, 4, 5, 6, 7];
const WORKDAYS: readonly Weekday[] = [1, 2, 3, 4, 5];
const WEEKEND: readonly Weekday[] = [6, 7];

const WEEKDAY_WORDS: readonly [RegExp, Weekday][] = [
  [/^mon(day)?s?$|^пн$|^пон(ед)?$|^понедельник(а|у|ом|е|и|ов|ам|ами|ах)?$/, 1],
  [/^tue(s|sdays?)?$|^вт$|^втор$|^вторник(а|у|ом|е|и|ов|ам|ами|ах)?$/, 2],
  [/^wed(s|nesdays?)?$|^ср$|^сред(а|ы|е|у|ой|ам|ами|ах)?$/, 3],
  [/^thu(r|rs|rsdays?)?$|^чт$|^четв?$|^четверг(а|у|ом|е|и|ов|ам|ами|ах)?$/, 4],
  [/^fri(day)?s?$|^пт$|^пятн$|^пятниц(а|ы|е|у|ей|ам|ами|ах)?$/, 5],
  [/^sat(urday)?s?$|^сб$|^субб?$|^суббот(а|ы|е|у|ой|ам|ами|ах)?$/, 6],
  [/^sun(day)?s?$|^вск?$|^воскр$|^воскресен(ье|ья|ью|ьем|ий|ьям|ьями|ьях)$/, 7],
];

export const EVERY = "every|each|каждый|каждую|каждое|каждые|каждого";
const BEFORE_DAYS = [...EVERY.split("|"), "on", "по", "в", "во"];
const DAYS = "дни|день|дням|дня|днями|днях";

/** `every day`, or days: `mon, wed and fri`, `пн-пт`, `по будням`. Sorted, each once. */
export function readDays(phrase: Phrase): readonly Weekday[] | null {
  if (readEveryDay(phrase)) return EVERY_DAY;
  const first = readDaysPart(phrase);
  if (!first) return null;
  const days = new Set(first);
  for (;;) {
    const more = phrase.attempt(() => {
      phrase.take(",", "&", "+", "/");
      phrase.take("and", "и");
      return readDaysPart(phrase);
    });
    if (!more) return EVERY_DAY.filter((day) => days.has(day));
    for (const day of more) days.add(day);
  }
}

function readEveryDay(phrase: Phrase): boolean {
  return (
    phrase.take("daily", "everyday", "ежедневно") ||
    phrase.takeRow(EVERY, "day|день") ||
    phrase.takeRow("all|все", "days|дни")
  );
}

function readDaysPart(phrase: Phrase): readonly Weekday[] | null {
  return phrase.attempt(() => readSpelledRange(phrase)) ?? phrase.attempt(() => readNamedDays(phrase));
}

/** `from Monday to Friday`, `с понедельника по пятницу`. */
function readSpelledRange(phrase: Phrase): Weekday[] | null {
  if (!phrase.take("from", "с", "со")) return null;
  const first = readWeekday(phrase);
  const last = first && readRangeEnd(phrase);
  return last && daysFrom(first, last);
}

/** `every Monday`, `mon-fri`, `weekdays`, `по рабочим дням`. */
function readNamedDays(phrase: Phrase): readonly Weekday[] | null {
  phrase.take(...BEFORE_DAYS);
  if (phrase.take("weekday", "weekdays", "workday", "workdays", "будни", "будням", "буднях")) return WORKDAYS;
  if (phrase.takeRow("working|business", "day|days")) return WORKDAYS;
  if (phrase.takeRow("будний|будние|будним|рабочий|рабочие|рабочим", DAYS)) return WORKDAYS;
  if (phrase.take("weekend", "weekends")) return WEEKEND;
  if (phrase.take("выходные", "выходным", "выходных", "выходной")) {
    phrase.take(...DAYS.split("|"));
    return WEEKEND;
  }
  const first = readWeekday(phrase);
  if (!first) return null;
  const last = phrase.attempt(() => readRangeEnd(phrase));
  return last ? daysFrom(first, last) : [first];
}

/** In `по понедельникам по средам` the second `по` begins another day: only an accusative ends a range with it. */
function readRangeEnd(phrase: Phrase): Weekday | null {
  if (phrase.take("-", "to", "till", "until", "through", "thru", "до")) return readWeekday(phrase);
  if (phrase.take("по"))
    return phrase.match((token) => (/(ам|ям)$/.test(token) ? null : weekdayNamed(token)));
  return null;
}

function readWeekday(phrase: Phrase): Weekday | null {
  return phrase.match(weekdayNamed);
}

function weekdayNamed(word: string): Weekday | null {
  return WEEKDAY_WORDS.find(([forms]) => forms.test(word))?.[1] ?? null;
}

/** `fri-mon` goes on over Sunday. A range from a day to itself says nothing: null. */
function daysFrom(first: Weekday, last: Weekday): Weekday[] | null {
  if (first === last) return null;
  return EVERY_DAY.filter((day) =>
    first < last ? day >= first && day <= last : day >= first || day <= last,
  );
}

/**
 * A time of day in minutes since midnight, up to 1440 for 24:00. `half` says that am, pm, утра … came with it; `isOpen`,
 * that it is a mere "3" and may be 15:00 as well.
 */
export interface TimeOfDay {
  minutes: number;
  half: boolean;
  isOpen: boolean;
}

/** For each half of a day, which hours may stand before it, and what is added to them: 12 am is midnight. */
const HALVES: Record<string, readonly [first: number, last: number, added: number][]> = {
  am: [
    [1, 11, 0],
    [12, 12, -12],
  ],
  pm: [
    [1, 11, 12],
    [12, 12, 0],
  ],
  утра: [[1, 11, 0]],
  дня: [
    [1, 5, 12],
    [12, 12, 0],
  ],
  вечера: [[4, 11, 12]],
  ночи: [
    [1, 5, 0],
    [10, 11, 12],
    [12, 12, -12],
  ],
};

/** `9`, `09:00`, `9.30`, `9pm`, `9 часов вечера`, `noon`, `полночь`. */
export function readTime(phrase: Phrase): TimeOfDay | null {
  if (phrase.take("noon", "midday", "полдень", "полудня"))
    return { minutes: 12 * 60, half: true, isOpen: false };
  if (phrase.take("midnight", "полночь", "полуночи")) return { minutes: 0, half: true, isOpen: false };
  return phrase.attempt(() => {
    const isSmall = phrase.next(/^[1-6]$/);
    const hour = phrase.number();
    if (hour === null) return null;
    const typed = phrase.attempt(() => (phrase.take(":", ".") ? readMinute(phrase) : null));
    const minute = typed ?? 0;
    phrase.take("o'clock", "oclock", "час", "часа", "часов", "ч");
    const half = phrase.match((token) => HALVES[token] ?? null);
    const added = half ? half.find(([first, last]) => hour >= first && hour <= last)?.[2] : 0;
    if (added === undefined) return null;
    const minutes = (hour + added) * 60 + minute;
    if (minutes > 24 * 60) return null;
    return { minutes, half: half !== null, isOpen: isSmall && typed === null && half === null };
  });
}

/** Two digits: `9:5` may be 9:05 or 9:50. */
function readMinute(phrase: Phrase): number | null {
  return phrase.match((token) => (/^[0-5]\d$/.test(token) ? Number(token) : null));
}
