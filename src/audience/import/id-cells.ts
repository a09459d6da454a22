/** Telegram's ids have at most 52 significant bits: https://core.telegram.org/bots/api#chat */
const LARGEST_ID = 2 ** 52;

export type IdFault =
  | "chat-id-missing"
  | "chat-id-exponent"
  | "chat-id-not-whole"
  | "chat-id-zero"
  | "chat-id-negative"
  | "chat-id-too-large";

/** Digits, also in groups of three, and with the decimals that pandas and spreadsheets append to whole numbers. */
const NUMBER = /^(?<sign>[+-]?)(?<digits>\d+|\d{1,3}(?: \d{3})+)(?:[.,]0{1,2})?$/;
const EXPONENT = /^[+-]?\d+(?:[.,]\d+)?e[+-]?\d+$/i;

/** The id of a person in a trimmed cell, or what is wrong with it. */
export function readId(cell: string | null): number | IdFault {
  // In spreadsheets a leading apostrophe marks a number as text.
  const text = cell?.replace(/\p{Cf}/gu, "").replace(/^'/, "") ?? "";
  if (text === "") return "chat-id-missing";
  // 7E+09 has lost its lower digits.
  if (EXPONENT.test(text)) return "chat-id-exponent";
  const { sign, digits } = NUMBER.exec(text)?.groups ?? {};
  if (digits === undefined) return "chat-id-not-whole";
  const id = Number(digits.replaceAll(" ", ""));
  if (id === 0) return "chat-id-zero";
  if (sign === "-") return "chat-id-negative";
  return id > LARGEST_ID ? "chat-id-too-large" : id;
}
