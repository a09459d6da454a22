import { type CountryCode, parsePhoneNumberFromString } from "libphonenumber-js/max";

/**
 * Numbers that Telegram itself issues for accounts without a SIM card (https://fragment.com/numbers). libphonenumber
 * knows +888 for another purpose and rejects them. Without a `+`, the short ones look like local numbers.
 */
const ANONYMOUS = /^(?:(?:\+|00)888\d{4,8}|8880\d{7})$/;

/**
 * Reduces a phone number to E.164: `+7 (916) 123-45-67`, `0079161234567` and Telegram's own `79161234567` all become
 * `+79161234567`. Null for anything else. With a `country`, digits without a `+` are first tried as its national
 * numbers; without one they are read as international numbers, and most national ones are refused. Not all: with a `+`
 * in front, 1 to 18 % of a country's mobile numbers are valid ones of another country (findings/national-phones.sh).
 * The looser metadata, which only knows lengths, would accept nearly all of them.
 */
export function toE164(text: string, country?: CountryCode): string | null {
  const compact = text.replace(/[\s\p{Cf}()./\-\u2010-\u2015]/gu, "");
  const digits = /^(?:\+|00)?(\d{5,17})$/.exec(compact)?.[1];
  if (digits === undefined) return null;
  if (ANONYMOUS.test(compact)) return `+${digits}`;
  const national = country && !/^(?:\+|00)/.test(compact) ? parse(compact, country) : null;
  return national ?? parse(`+${digits}`);
}

function parse(text: string, country?: CountryCode): string | null {
  const parsed = parsePhoneNumberFromString(text, {
    extract: false,
    ...(country && { defaultCountry: country }),
  });
  return parsed?.isValid() ? parsed.number : null;
}
