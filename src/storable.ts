/** Control characters except tabs and line breaks. */
const CONTROL = /[^\P{Cc}\t\n\r]/gu;
/** A lone surrogate: with the `u` flag, a pair is one character. */
const HALF = /\p{Surrogate}/gu;

/**
 * Makes a text that PostgreSQL accepts, as text and in JSON: without NUL and without lone surrogates. Other control
 * characters become a space as well, as in TDLib (`clean_input_string`). The length stays the same, so that the offsets
 * of entities still fit.
 */
export function storable(text: string): string {
  return text.replace(CONTROL, " ").replace(HALF, "\uFFFD");
}

/** Rewrites every string in a value from outside, in place. */
export function rewriteStrings(value: unknown, rewrite: (text: string) => string): void {
  if (typeof value !== "object" || value === null) return;
  const fields = value as Record<string, unknown>;
  for (const [name, inner] of Object.entries(fields))
    if (typeof inner === "string") fields[name] = rewrite(inner);
    else rewriteStrings(inner, rewrite);
}
