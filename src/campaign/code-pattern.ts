import { randomBytes } from "node:crypto";

/** Letters and digits that nobody takes for one another: neither 0 and O, nor 1 and I or L, 2 and Z, 5 and S, 8 and B. */
const ALPHABET = "34679ACDEFGHJKMNPQRTUVWXY";
/** The multiples of the alphabet in a byte; a larger byte is drawn again, because some letters would come more often. */
const FAIR = 256 - (256 % ALPHABET.length);

/** The longest code, in characters. */
export const LONGEST_CODE = 64;
/** Most codes that are put into a pool at once. */
export const MOST_CODES = 1_000_000;
/** So many times as many codes as are made have to be possible, or they could be guessed, and drawing them would take long. */
const SPARE = 10;

export type PatternFlaw =
  | { reason: "no-places" | "too-long" | "odd" }
  /** More # are needed: at least so many. */
  | { reason: "too-few-places"; places: number }
  | { reason: "count"; most: number };

/** What is wrong with a pattern such as `SPRING-####`, where each # is drawn; null if it can give so many codes beside the existing ones. */
export function flawOfPattern(pattern: string, count: number, existing = 0): PatternFlaw | null {
  if (!Number.isInteger(count) || count < 1 || count > MOST_CODES)
    return { reason: "count", most: MOST_CODES };
  if ([...pattern].length > LONGEST_CODE) return { reason: "too-long" };
  if (!/^[\p{L}\p{N}#._/+-]+$/u.test(pattern)) return { reason: "odd" };
  const places = pattern.split("#").length - 1;
  if (places === 0) return { reason: "no-places" };
  const needed = Math.ceil(Math.log((count + existing) * SPARE) / Math.log(ALPHABET.length));
  return places < needed ? { reason: "too-few-places", places: needed } : null;
}

/** Draws codes by a pattern. Two of them may be equal. */
export function drawCodes(pattern: string, count: number): string[] {
  const letter = drawLetters();
  return Array.from({ length: count }, () => pattern.replaceAll("#", letter));
}

function drawLetters(): () => string {
  let [bytes, next] = [randomBytes(4_096), 0];
  return () => {
    for (;;) {
      if (next === bytes.length) [bytes, next] = [randomBytes(4_096), 0];
      const byte = bytes[next++] ?? 0;
      if (byte < FAIR) return ALPHABET[byte % ALPHABET.length] ?? "";
    }
  };
}

/** `SPRING-#### 5000`, as it is typed: the count comes last, and may be grouped. */
export function readPattern(text: string): { pattern: string; count: number } | null {
  const match = /^(?<pattern>\S+)\s+(?:[x×*]\s*)?(?<count>\d{1,3}(?:[ ,.\u00A0\u202F]\d{3})+|\d{1,9})$/u.exec(
    text.trim(),
  );
  const { pattern, count } = match?.groups ?? {};
  return pattern?.includes("#") && count !== undefined
    ? { pattern, count: Number(count.replace(/\D/g, "")) }
    : null;
}
