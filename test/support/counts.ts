import type { Telegram } from "../../playground/telegram.ts";

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
  const read = (label: string) =>
    Number(new RegExp(`${label} ([\\d,]+)`).exec(text)?.[1]?.replaceAll(",", "") ?? 0);
  if (!/Sent \d/.test(text)) return null;
  const [sent, blocked, failed] = [read("Sent"), read("Blocked"), read("Failed")];
  const [skipped, uncertain, left] = [read("Skipped"), read("Uncertain"), read("Left")];
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
