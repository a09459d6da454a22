import type { Button } from "../../ui/screens.ts";

/* What the buttons of /bots carry. A bot is named by its id, never by its token. */

export const BOTS = "bots";
export const ADD = "add";
export const BACK = "back";

const VERBS = [
  "open",
  "answers",
  /** Although a program that polls will stop. */
  "yes-answers",
  /** Although a webhook has to be removed for it. */
  "yes-webhook",
  "beside",
  "rename",
  "rate",
  "usual-rate",
  "token",
  /** Of a managed bot: has Telegram replace it. */
  "yes-token",
  /** Of a managed bot: by hand, as for any other. */
  "type-token",
  /** Of a managed bot: asks Telegram for the one that it has. */
  "fetch-token",
  "remove",
  "yes-remove",
] as const;
export type BotVerb = (typeof VERBS)[number];

export type BotTap =
  | { type: "page"; page: number }
  | { type: BotVerb; botId: number }
  /** A rate that Telegram does not send for free, to a thousandth of a message a second. */
  | { type: "yes-rate"; botId: number; rate: number };

export function botTapData(tap: BotTap): string {
  switch (tap.type) {
    case "page":
      return `page.${tap.page}`;
    case "yes-rate":
      return `yes-rate.${tap.botId}.${Math.round(tap.rate * 1_000)}`;
    default:
      return `${tap.type}.${tap.botId}`;
  }
}

/** Null for anything else. */
export function readBotTap(what: string): BotTap | null {
  const [, type, first, second] = /^([a-z-]+)\.(\d{1,15})(?:\.(\d{1,9}))?$/.exec(what) ?? [];
  if (type === "yes-rate")
    return second === undefined ? null : { type, botId: Number(first), rate: Number(second) / 1_000 };
  if (second !== undefined) return null;
  if (type === "page") return { type, page: Number(first) };
  const verb = VERBS.find((one) => one === type);
  return verb ? { type: verb, botId: Number(first) } : null;
}

export function botButton(text: string, type: BotVerb, botId: number): Button {
  return { text, what: botTapData({ type, botId }) };
}
