/** Language codes by their names in English, Russian and the language itself; built on first use, in some 60 ms. */
let names: Map<string, string> | undefined;

/**
 * A cache: a file repeats the same few words a million times, and each call to Intl takes some 50 µs. A plain Map that
 * stops growing, because a lookup in an LRU cache takes thirty times as long (measured).
 */
const known = new Map<string, string | null>();
const MOST_KNOWN = 10_000;

/**
 * Reads a language: `ru` for rus, ru-RU, ru_RU.UTF-8, Russian and русский. Null for anything that is not a language,
 * such as the country code `ua`.
 */
export function readLanguage(text: string): string | null {
  const before = known.get(text);
  if (before !== undefined) return before;
  const language = findLanguage(text);
  if (known.size < MOST_KNOWN) known.set(text, language);
  return language;
}

function findLanguage(text: string): string | null {
  const tag = /^(?<tag>[a-z]{2,3})(?=$|[-_.])/i.exec(text)?.groups?.["tag"];
  if (tag !== undefined) {
    // Canonicalises three-letter codes and withdrawn ones such as `iw`.
    const { language } = new Intl.Locale(tag);
    return nameIn("en", language) === undefined ? null : language;
  }
  names ??= readNames();
  return names.get(text.toLowerCase()) ?? null;
}

function readNames(): Map<string, string> {
  const letters = "abcdefghijklmnopqrstuvwxyz";
  const codes = [...letters].flatMap((first) => [...letters].map((second) => first + second));
  const current = codes.filter((code) => new Intl.Locale(code).language === code);
  return new Map(
    current.flatMap((code) =>
      ["en", "ru", code].flatMap((locale): [string, string][] => {
        const name = nameIn(locale, code);
        return name === undefined ? [] : [[name.toLowerCase(), code]];
      }),
    ),
  );
}

function nameIn(locale: string, code: string): string | undefined {
  return new Intl.DisplayNames([locale], { type: "language", fallback: "none" }).of(code);
}
