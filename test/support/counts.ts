import type { Telegram } from "../../playground/telegram.ts";
import { en } from "./words.ts";

export interface CardNumbers {
  sent: number;
  blocked: number;
  failed: number;
  skipped: number;
  uncertain: number;
  left: number;
  total: number;
}

/** The numbers on a card, and their sum. */
export function numbersOn(text: string): CardNumbers | null {
  const digits = (key: string) => new RegExp(en(key, { count: String.raw`([\d,]+)` })).exec(text)?.[1];
  const read = (key: string) => Number(digits(key)?.replaceAll(",", "") ?? 0);
  if (digits("card-sent") === undefined) return null;
  const [sent, blocked, failed] = [read("card-sent"), read("card-blocked"), read("card-failed")];
  const [skipped, uncertain, left] = [read("card-skipped"), read("card-uncertain"), read("card-left")];
  return {
    sent,
    blocked,
    failed,
    skipped,
    uncertain,
    left,
    total: sent + blocked + failed + skipped + uncertain + left,
  };
}

/** The number of copies of a post that each chat got. */
export function copiesOf(telegram: Telegram, text: string): Map<number, number> {
  return telegram.counts((message) => (message.text ?? message.caption) === text);
}
