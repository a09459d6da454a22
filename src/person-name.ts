/**
 * Characters that Telegram drops from every text, besides white space and format characters (TDLib,
 * `clean_input_string`).
 */
const DROPPED = "\\u030A\\u0333\\u033F";
/**
 * Blank characters without a Unicode property that says so: the Braille blank, the object replacement character, a null
 * notehead.
 */
const EMPTY = "\\u2800\\uFFFC\\u{1D159}";
/** Visible format characters, such as the Arabic number sign. ECMAScript lacks Prepended_Concatenation_Mark. */
const INKED = "[\\u0600-\\u0605\\u06DD\\u070F\\u0890\\u0891\\u08E2\\u{110BD}\\u{110CD}]";
/** A text without a single visible character. Hangul fillers, joiners and the like are default-ignorable. */
const INVISIBLE = new RegExp(
  `^(?:(?!${INKED})[\\p{White_Space}\\p{Cc}\\p{Cf}\\p{Default_Ignorable_Code_Point}${EMPTY}${DROPPED}])*$`,
  "u",
);

/** A letter with its marks, or a decomposed Korean syllable. */
const COMPOSABLE = /\P{M}\p{M}+|[\u1100-\u11FF]+/gu;

/**
 * A name as it is stored and shown: trimmed and composed, or null if nothing of it is visible.
 *
 * Composed, because Telegram drops the combining ring: a decomposed "Åsa" arrives as "Asa". Only letters that carry
 * marks are touched; plain NFC would also replace the compatibility ideographs that people choose for their names
 * (U+FA19).
 */
export function visibleName(name: string | null | undefined): string | null {
  const composed = (name ?? "").replace(COMPOSABLE, (part) => part.normalize("NFC")).trim();
  return showsNothing(composed) ? null : composed;
}

/** True if the text has no visible character. */
export function showsNothing(text: string): boolean {
  return INVISIBLE.test(text);
}

/** The visible ones of first and last name; null if neither is visible. */
export function fullName(first: string | null | undefined, last: string | null | undefined): string | null {
  return [visibleName(first), visibleName(last)].filter((name) => name !== null).join(" ") || null;
}
