/*
 * Parser combinators for the grammar of typed times. A parser yields every way to read from a token on, so that
 * ambiguous texts are recognised and can be asked about.
 */

export type Parser<T> = (tokens: readonly string[], at: number) => { value: T; next: number }[];

/** Longer texts are not times; the limits keep the search for all readings short. */
const LONGEST_TEXT = 100;
const MOST_TOKENS = 24;

/** The tokens of a text: numbers, lower-case words, and symbols; null if it is too long to be a time. */
export function tokensOf(text: string): string[] | null {
  const normal = normalize(text);
  if (normal.length > LONGEST_TEXT) return null;
  const tokens = normal.match(/\d+|\p{L}+(?:'\p{L}+)?|[^\s]/gu) ?? [];
  return tokens.length > MOST_TOKENS ? null : tokens;
}

export function normalize(text: string): string {
  return (
    text
      .normalize("NFKC")
      .toLowerCase()
      .replaceAll("ё", "е")
      .replace(/[‐‑‒–—−]/g, "-")
      .replace(/[’`]/g, "'")
      // "полседьмого" and "полчаса" are two words of the grammar.
      .replace(/(?<!\p{L})пол-?(?=\p{L}+его|\p{L}+ого|часа)/gu, "пол ")
      .replace(/\s+/g, " ")
      .trim()
      .replace(/[.!]+$/, "")
  );
}

/**
 * Every way to read a whole text as pieces in any order, each kind at most once, with anything that `filler` reads
 * between and around them. A piece is an object whose keys are its kinds.
 */
export function wholesOf<T extends object>(
  text: string,
  piece: Parser<T>,
  filler: Parser<unknown>,
): Partial<T>[] {
  const tokens = tokensOf(text) ?? [];
  const wholes = new Map<string, Partial<T>>();
  const seen = new Set<string>();
  const readOn = (at: number, sofar: Partial<T>) => {
    const key = JSON.stringify(sofar);
    // Ways that meet have the same continuations.
    if (seen.has(`${at}${key}`)) return;
    seen.add(`${at}${key}`);
    if (at === tokens.length && Object.keys(sofar).length > 0) wholes.set(key, sofar);
    for (const { next } of filler(tokens, at)) readOn(next, sofar);
    for (const { value, next } of piece(tokens, at))
      if (!Object.keys(value).some((key) => key in sofar)) readOn(next, { ...sofar, ...value });
  };
  readOn(0, {});
  return [...wholes.values()];
}

/** A sequence of parsers; `read` combines their values, or returns null if they make no sense together. */
export function rule<V extends unknown[], T>(
  parsers: readonly [...{ [K in keyof V]: Parser<V[K]> }],
  read: (values: NoInfer<V>) => T | null,
): Parser<T> {
  return (tokens, at) => {
    let ways: { values: unknown[]; next: number }[] = [{ values: [], next: at }];
    for (const parser of parsers)
      ways = ways.flatMap(({ values, next }) =>
        parser(tokens, next).map((found) => ({ values: [...values, found.value], next: found.next })),
      );
    return ways.flatMap(({ values, next }) => {
      // The values come from these parsers, in this order.
      const value = read(values as V);
      return value === null ? [] : [{ value, next }];
    });
  };
}

export function either<T>(...parsers: Parser<T>[]): Parser<T> {
  return (tokens, at) => parsers.flatMap((parser) => parser(tokens, at));
}

export function maybe<T>(parser: Parser<T>): Parser<T | null> {
  return (tokens, at) => [...parser(tokens, at), { value: null, next: at }];
}

/** A sequence that may be absent and has no meaning. */
export function optional(...parsers: Parser<unknown>[]): Parser<true> {
  const each = rule<unknown[], true>(parsers.map(maybe), () => true);
  // An optional sequence can be empty in several ways; they count once, or a long text would have too many.
  return (tokens, at) => [...new Map(each(tokens, at).map((way) => [way.next, way])).values()];
}

/** One or more, separated by what `between` reads. */
export function some<T>(parser: Parser<T>, between: Parser<unknown>): Parser<T[]> {
  return (tokens, at) =>
    parser(tokens, at).flatMap(({ value, next }) => [
      { value: [value], next },
      ...rule([between, some(parser, between)], ([, others]) => [value, ...others])(tokens, next),
    ]);
}

function token<T>(read: (token: string) => T | null | undefined): Parser<T> {
  return (tokens, at) => {
    const found = tokens[at];
    const value = found === undefined ? null : read(found);
    return value == null ? [] : [{ value, next: at + 1 }];
  };
}

/** Any of these words. */
export function word(forms: string): Parser<string> {
  const known = new Set(forms.split(" "));
  return token((token) => (known.has(token) ? token : null));
}

/** A sequence of words. */
export function words(text: string): Parser<string> {
  return rule(text.split(" ").map(word), () => text);
}

/** A word of a list, as a number: the first word is `first`. */
export function listed(first: number, ...lists: (readonly string[])[]): Parser<number> {
  const numberOf = new Map(
    lists.flatMap((list) =>
      list.flatMap((forms, index) => forms.split(" ").map((form) => [form, first + index] as const)),
    ),
  );
  return token((token) => numberOf.get(token));
}

export function figures(digits: RegExp): Parser<number> {
  return token((token) => (digits.test(token) ? Number(token) : null));
}

/** Reads nothing; for what a phrase means by omission. */
export function silent<T>(value: T): Parser<T> {
  return (_, at) => [{ value, next: at }];
}

/** The value of the first parser, which the second has to follow. */
export function followed<T>(parser: Parser<T>, by: Parser<unknown>): Parser<T> {
  return rule([parser, by], ([value]) => value);
}

/** The value of the second parser, which has to follow the first. */
export function after<T>(before: Parser<unknown>, parser: Parser<T>): Parser<T> {
  return rule([before, parser], ([, value]) => value);
}

export function saying<T>(value: T | null, ...parsers: Parser<unknown>[]): Parser<T> {
  return rule([either(...parsers)], () => value);
}
