import { storable } from "./storable.ts";

/** What an attribute of a person may be: a text, a number, or a date as `2026-11-30`, which compares as a text does. */
export type AttributeValue = string | number;

/** The longest name, in characters. */
export const NAME_LIMIT = 64;

/**
 * The name of an attribute as it is stored and compared: composed, in lower case, where all that is neither a letter nor a digit
 * becomes `_`: `Дата рождения` is `дата_рождения`. Null if no letter is left, or more than NAME_LIMIT characters.
 */
export function attributeName(text: string): string | null {
  const name = storable(text)
    .normalize("NFC")
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{M}\p{N}]+/gu, "_")
    .replaceAll(/^_+|_+$/g, "");
  return /\p{L}/u.test(name) && [...name].length <= NAME_LIMIT ? name : null;
}
