import { FREE_RATE } from "../../campaign/progress.ts";
import type { Events } from "../../events.ts";
import type { Log } from "../../log.ts";
import type { Pacer } from "./pacer.ts";

/** Without Stars, and for what cannot be paid for: the free rate, with room for replies. */
export const FALLBACK_RATE = FREE_RATE - 2;

/** Bot API: these take `allow_paid_broadcast`. */
const PAYABLE = /^(send(?!ChatAction|Checklist)|copyMessage$)/;

/** Whether calls of this method can be paid for. */
export function isPayable(method: string): boolean {
  return PAYABLE.test(method);
}

/** Paid broadcasts: above the free rate, for Stars, until there are too few of them. */
export interface Paid {
  /** Whether calls ask to be paid for now. */
  readonly on: boolean;
  /** Why, in a word. */
  readonly state: "off" | "on" | "no-stars";
  /** Telegram said BALANCE_TOO_LOW: the free rate from now on. */
  refused(): void;
  /** Telegram took a message that asked to be paid for. */
  accepted(): void;
  /** An admin started or resumed a campaign; perhaps there are Stars again. */
  tryAgain(): void;
}

export interface PaidDeps {
  pacer: Pick<Pacer, "rate" | "setTop">;
  log: Log;
  /** PAID_BROADCAST. */
  allowed: boolean;
  /** The configured rate, messages a second. */
  rate: number;
  events: Pick<Events, "emit">;
}

export function createPaid({ pacer, log, events, allowed, rate }: PaidDeps): Paid {
  const wanted = allowed && rate > FREE_RATE;
  let broke = false;
  let isKnown = false; // that there are Stars

  return {
    get on() {
      return wanted && !broke;
    },
    get state() {
      if (!wanted) return "off";
      return broke ? "no-stars" : "on";
    },
    refused() {
      if (broke) return;
      broke = true;
      isKnown = false;
      pacer.setTop(FALLBACK_RATE);
      log.warn({ rate: FALLBACK_RATE }, "too few Stars for paid broadcasts, sending on at the free rate");
      events.emit("starsRefused", { rate: pacer.rate });
    },
    accepted() {
      if (isKnown || broke) return;
      isKnown = true;
      events.emit("starsAccepted", null);
    },
    tryAgain() {
      if (!broke) return;
      broke = false;
      pacer.setTop(rate);
    },
  };
}
