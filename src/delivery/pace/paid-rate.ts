import { FREE_RATE } from "../../campaign/progress.ts";
import type { Events } from "../../events.ts";
import type { Log } from "../../log.ts";
import type { Pacer } from "./pacer.ts";

/** Messages a second without Stars, and for what cannot be paid for: the free rate, with room for replies. */
export const FALLBACK_RATE = FREE_RATE - 2;

/** Bot API: these take `allow_paid_broadcast`. */
const PAYABLE = /^(send(?!ChatAction|Checklist)|copyMessage$)/;

/** Whether calls of this method can be paid for. */
export function isPayable(method: string): boolean {
  return PAYABLE.test(method);
}

/** Paid broadcasts: a rate above the free one, for Stars, for as long as there are enough of them. */
export interface Paid {
  /** Whether calls are paid for now. */
  readonly on: boolean;
  /** The reason, in a word. */
  readonly state: "off" | "on" | "no-stars";
  /** Telegram said BALANCE_TOO_LOW: the free rate from now on. */
  refused(): void;
  /** Telegram accepted a paid message. */
  accepted(): void;
  /** An admin started or resumed a campaign; there may be Stars again. */
  tryAgain(): void;
}

export interface PaidDeps {
  pacer: Pick<Pacer, "rate" | "setTop">;
  log: Log;
  /** Whether Stars may be spent: PAID_BROADCAST. */
  allowed: boolean;
  /** The configured rate, messages a second. */
  rate: number;
  events: Pick<Events, "emit">;
}

export function createPaid({ pacer, log, events, allowed, rate }: PaidDeps): Paid {
  const wanted = allowed && rate > FREE_RATE;
  let isBroke = false;
  let hasStars = false; // as Telegram has shown

  return {
    get on() {
      return wanted && !isBroke;
    },
    get state() {
      if (!wanted) return "off";
      return isBroke ? "no-stars" : "on";
    },
    refused() {
      if (isBroke) return;
      isBroke = true;
      hasStars = false;
      pacer.setTop(FALLBACK_RATE);
      log.warn({ rate: FALLBACK_RATE }, "too few Stars for paid broadcasts, sending on at the free rate");
      events.emit("starsRefused", { rate: pacer.rate });
    },
    accepted() {
      if (hasStars || isBroke) return;
      hasStars = true;
      events.emit("starsAccepted", null);
    },
    tryAgain() {
      if (!isBroke) return;
      isBroke = false;
      pacer.setTop(rate);
    },
  };
}
