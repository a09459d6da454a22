/** Control characters but tabs and line ends. */
const CONTROL = /[^\P{Cc}\t\n\r]/gu;
/** With the `u` flag only a half that stands alone; pairs are one character. */
const HALF = /\p{Surrogate}/gu;

/**
 * A text that PostgreSQL takes, as text and within JSON: without NUL and without half an emoji. Other control characters
 * show nothing and become a space, too, as in Telegram's own library (TDLib, `clean_input_string`). Everything else stays
 * where it is, so that the offsets of entities still fit.
 */
export function storable(text: string): string {
  return text.replace(CONTROL, " ").replace(HALF, "\uFFFD");
}

/** Makes every text within a value from outside storable, in place. */
export function makeStorable(value: unknown): void {
  if (typeof value !== "object" || value === null) return;
  const fields = value as Record<string, unknown>;
  for (const [name, inner] of Object.entries(fields))
    if (typeof inner === "string") fields[name] = storable(inner);
    else makeStorable(inner);
}
