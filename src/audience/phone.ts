import { parsePhoneNumberFromString } from "libphonenumber-js/max";

/**
 * Numbers that Telegram itself issues for accounts without a SIM card (https://fragment.com/numbers). libphonenumber
 * knows +888 for another purpose and takes them for invalid. The short ones look like local numbers without a `+`.
 */
const ANONYMOUS = /^(?:(?:\+|00)888\d{4,8}|8880\d{7})$/;

/**
 * Reduces an international phone number to E.164: `+7 (916) 123-45-67`, `0079161234567` and Telegram's own
 * `79161234567` all become `+79161234567`. Null for what is none. No country is assumed: a national number such
 * as `8 916 123-45-67` is refused, not guessed. That needs the exact patterns of the `max` metadata: the lengths
 * alone would take the digits of a national number for one of another country.
 */
export function toE164(text: string): string | null {
  const compact = text.replace(/[\s\p{Cf}()./\-\u2010-\u2015]/gu, "");
  const digits = /^(?:\+|00)?(\d{5,17})$/.exec(compact)?.[1];
  if (digits === undefined) return null;
  if (ANONYMOUS.test(compact)) return `+${digits}`;
  const parsed = parsePhoneNumberFromString(`+${digits}`, { extract: false });
  return parsed?.isValid() ? parsed.number : null;
}
