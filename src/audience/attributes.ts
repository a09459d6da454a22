import type { AttributeValue } from "../attribute-name.ts";
import { storable } from "../storable.ts";

export { type AttributeValue, NAME_LIMIT, attributeName } from "../attribute-name.ts";

/** The longest text, in characters. */
export const VALUE_LIMIT = 500;

/** The most attributes that a file or a request gives a person. */
export const MOST_ATTRIBUTES = 100;

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

/** A date as attributes hold it. PostgreSQL reads the pattern in the same way. */
export const DATE = /^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])$/;

export function isDate(value: AttributeValue): value is string {
  return typeof value === "string" && DATE.test(value);
}
