import type { Condition } from "./segment.ts";

type NameOf<T> = T extends unknown ? keyof T : never;
/** What a condition is about. */
export type Subject = Exclude<NameOf<Condition>, "attribute">;
/** A language in which lines are printed. They are read in both at once. */
export type LineLanguage = "en" | "ru";

/** The words of a line for each subject, in lower case with е for ё; the first is the one that is printed. */
export const SUBJECTS: Record<Subject, Record<LineLanguage, readonly [string, ...string[]]>> = {
  tag: { en: ["tag", "tags"], ru: ["метка", "тег", "тэг", "метки", "теги"] },
  source: { en: ["source"], ru: ["источник"] },
  list: { en: ["list"], ru: ["список"] },
  language: { en: ["lang", "language"], ru: ["язык"] },
  premium: { en: ["premium"], ru: ["премиум"] },
  phone: { en: ["phone"], ru: ["телефон"] },
  joined: { en: ["joined"], ru: ["вступил", "вступила", "пришел", "пришла"] },
  seen: { en: ["seen"], ru: ["заходил", "заходила", "был", "была"] },
  blocked: { en: ["blocked"], ru: ["заблокировал", "заблокировала"] },
  got: { en: ["got"], ru: ["получил", "получила"] },
  failed: { en: ["failed"], ru: ["сбой"] },
  uncertain: { en: ["uncertain"], ru: ["неясно"] },
  among: { en: ["among"], ru: ["среди"] },
  voted: { en: ["voted"], ru: ["голосовал", "голосовала", "проголосовал", "проголосовала"] },
  answered: { en: ["answered"], ru: ["ответил", "ответила"] },
  chance: { en: ["chance"], ru: ["случайно"] },
};

/** Stands for the conditions saved under a name, and never in a segment: reading a line puts a copy of them in its place. */
export const SAVED: Record<LineLanguage, string> = { en: "saved", ru: "сохранено" };
export const SAVED_WORDS: readonly string[] = ["saved", "сохранено", "сохраненный", "сохраненные"];

/** What Telegram tells nobody, or Herald does not record by person. */
export const UNTOLD = ["tapped", "clicked", "opened", "read", "нажал", "нажала", "открыл", "открыла"];

export const OR: Record<LineLanguage, string> = { en: "or", ru: "или" };
export const NOT: Record<LineLanguage, string> = { en: "not", ru: "не" };
export const OR_WORDS: readonly string[] = ["or", "или", "|", "||"];
export const NOT_WORDS: readonly string[] = ["not", "не"];
export const AND_WORDS: readonly string[] = ["and", "и", "&", "&&", ","];

export const YES: Record<LineLanguage, string> = { en: "yes", ru: "да" };
export const YES_WORDS: readonly string[] = ["yes", "да", "есть", "true"];
export const NO_WORDS: readonly string[] = ["no", "нет", "false"];

/** Units of time in hours. */
export const UNITS: readonly {
  hours: number;
  printed: Record<LineLanguage, string>;
  words: readonly string[];
}[] = [
  { hours: 24, printed: { en: "d", ru: "д" }, words: ["d", "day", "days", "д", "дн", "день", "дня", "дней"] },
  { hours: 1, printed: { en: "h", ru: "ч" }, words: ["h", "hour", "hours", "ч", "час", "часа", "часов"] },
  {
    hours: 168,
    printed: { en: "w", ru: "нед" },
    words: ["w", "week", "weeks", "н", "нед", "неделя", "недели", "недель"],
  },
];

/** A word as it is compared: in lower case, composed, with е for ё. */
export function folded(word: string): string {
  return word.normalize("NFC").toLowerCase().replaceAll("ё", "е");
}

const BY_WORD = new Map(
  Object.entries(SUBJECTS).flatMap(([subject, { en, ru }]) =>
    [...en, ...ru].map((word) => [word, subject as Subject] as const),
  ),
);

/** True for a word that means something before a colon, so that an attribute of that name goes in quotes. */
export function isTaken(word: string): boolean {
  return subjectOf(word) !== null || UNTOLD.includes(folded(word)) || SAVED_WORDS.includes(folded(word));
}

/** What a word is about; null if it is the name of an attribute. */
export function subjectOf(word: string): Subject | null {
  return BY_WORD.get(folded(word)) ?? null;
}
