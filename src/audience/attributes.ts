import { storable } from "../storable.ts";

/** What an attribute may be: a text, a number, or a date as `2026-11-30`, which compares as a text does. */
export type AttributeValue = string | number;

/** The longest name and the longest text, in characters. */
export const NAME_LIMIT = 64;
export const VALUE_LIMIT = 500;

/** The most attributes of a person. */
export const MOST_ATTRIBUTES = 100;

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

/** A number as people and programs write it: `12`, `-3.5`, `3,5`; not `007`, which is a code, and not 30 digits. */
const NUMBER = /^-?(?:0|[1-9]\d{0,14})(?:[.,]\d{1,6})?$/;

/**
 * The value that a text stands for: a number, of which `12,50` keeps no last zero, or the text itself without the space around
 * it. Dates come as `2026-11-30` already (import/date-cells.ts). Null if nothing is left, or more than VALUE_LIMIT characters.
 */
export function attributeValue(text: string): AttributeValue | null {
  const value = storable(text).normalize("NFC").trim();
  if (value === "" || [...value].length > VALUE_LIMIT) return null;
  return NUMBER.test(value) ? Number(value.replace(",", ".")) : value;
}

/** Whether a text is a date as attributes hold it. */
export function isDate(value: AttributeValue): value is string {
  return typeof value === "string" && /^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])$/.test(value);
}
