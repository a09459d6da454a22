import { FluentBundle, FluentResource } from "@fluent/bundle";
import en from "../locales/en.ftl?raw";
import ru from "../locales/ru.ftl?raw";
import { createStore } from "./store.ts";

export const LANGUAGES = ["en", "ru"] as const;
export type Language = (typeof LANGUAGES)[number];

/** Values for a text's placeholders. Numbers are formatted for the language; pass an id as a string. */
export type Values = Record<string, number | string>;

/** Locales for Intl. */
const LOCALES: Record<Language, string> = { en: "en-GB", ru: "ru-RU" };
const BUNDLES: Record<Language, FluentBundle> = { en: bundle("en", en), ru: bundle("ru", ru) };
const KEY = "language";

/** The page's language: the chosen one, kept in this browser, or else the browser's. */
export const language = createStore<Language>(kept() ?? preferred(globalThis.navigator?.languages ?? []));

export function setLanguage(next: Language): void {
  language.set(next);
  try {
    localStorage.setItem(KEY, next);
  } catch {
    // Without storage it lasts until the page closes.
  }
}

/** The first of these tags that the page supports: "ru-RU" is Russian. English if there is none. */
export function preferred(tags: readonly string[]): Language {
  return tags.map(spoken).find((one) => one !== undefined) ?? "en";
}

/** The language of a tag, if the page supports it. */
export function spoken(tag: string): Language | undefined {
  return LANGUAGES.find((one) => one === tag.toLowerCase().split("-", 1)[0]);
}

/** A text of the locale files, in the page's language. */
export function t(key: string, values?: Values): string {
  const chosen = BUNDLES[language.value];
  const pattern = chosen.getMessage(key)?.value;
  return pattern == null ? key : chosen.formatPattern(pattern, values);
}

const TAGS = /<(b|code)>(.*?)<\/\1>/g;

/** A piece of a text, and whether it is bold or code. */
export interface Piece {
  tag?: "b" | "code";
  text: string;
}

/** Splits a text of the locale files at its `<b>` and `<code>` tags. */
export function pieces(key: string, values: Values = {}): Piece[] {
  const entries = Object.entries(values);
  // A name may contain "<b>", so strings are inserted only after the tags are parsed.
  const places = entries.map(([name, value], index): [string, number | string] => [
    name,
    typeof value === "number" ? value : `\u{E000}${index}\u{E001}`,
  ]);
  const fill = (text: string) =>
    text.replaceAll(/\u{E000}(\d+)\u{E001}/gu, (_, index: string) => String(entries[Number(index)]?.[1]));
  const text = t(key, Object.fromEntries(places));
  const found: Piece[] = [];
  let at = 0;
  for (const { 0: whole, 1: tag, 2: inner = "", index } of text.matchAll(TAGS)) {
    found.push({ text: fill(text.slice(at, index)) });
    found.push({ tag: tag === "b" ? "b" : "code", text: fill(inner) });
    at = index + whole.length;
  }
  return [...found, { text: fill(text.slice(at)) }].filter(({ text }) => text !== "");
}

/** The page's language as an Intl locale. */
export function localeTag(): string {
  return LOCALES[language.value];
}

/** Caches something per language, such as an Intl format. */
export function inLanguage<T>(make: (locale: string) => T): () => T {
  const made = new Map<string, T>();
  return () => {
    const locale = localeTag();
    const known = made.get(locale) ?? make(locale);
    made.set(locale, known);
    return known;
  };
}

const NUMBERS = inLanguage((locale) => new Intl.NumberFormat(locale));

/** "1,204" or "1 204". */
export function grouped(number: number): string {
  return NUMBERS().format(number);
}

function bundle(locale: Language, text: string): FluentBundle {
  // Isolation marks would end up in titles, labels and copied text.
  const made = new FluentBundle(locale, { useIsolating: false });
  const [error] = made.addResource(new FluentResource(text));
  if (error !== undefined) throw error;
  return made;
}

function kept(): Language | undefined {
  try {
    return LANGUAGES.find((one) => one === localStorage.getItem(KEY));
  } catch {
    return undefined;
  }
}
