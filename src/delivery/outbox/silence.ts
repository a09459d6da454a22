import type { Clock } from "../../clock.ts";
import type { Log } from "../../log.ts";
import { backOffMs } from "../shared/backoff.ts";

/**
 * Stops sending while Telegram does not answer. Each call without an answer may leave a person uncertain, so an outage
 * must not use up the audience: it costs the calls in flight when it begins, and ten more at the most.
 */
export interface Silence {
  /** Nothing may leave until `ask` says so. */
  readonly on: boolean;
  /** Telegram answered when it was asked, but no call has been answered yet: one may be in flight at a time. */
  readonly trying: boolean;
  /**
   * A call leaves. What is returned is to be called once with whether it was answered; it returns true when calls in a row
   * were in vain although Telegram answers otherwise, so that only a person can say what to do.
   */
  left(): (answered: boolean) => boolean;
  /** Asks Telegram, unless it is too early to. Resolves true when calls may leave again. */
  ask(): Promise<boolean>;
}

export interface SilenceDeps {
  clock: Clock;
  log: Log;
  /** Makes a call that reaches nobody; rejects when Telegram does not answer it. */
  probe: () => Promise<void>;
}

/** Calls without an answer that silence everything. They left after the last one that was answered. */
const UNANSWERED = 5;

/** Single calls afterwards, each when Telegram has answered the probe; after the last in vain, campaigns pause. */
const TRIES = 5;

/** What one outage leaves uncertain at the most, beside the calls in flight. */
export const UNCERTAIN_BESIDE = UNANSWERED + TRIES;

const ASK_AGAIN_MS = 1_000;

export function createSilence({ clock, log, probe }: SilenceDeps): Silence {
  let state: "speaks" | "silent" | "trying" = "speaks";
  // Calls are numbered as they leave. An answer to one says nothing of those that left after it: in an outage, answers to
  // earlier calls still come in.
  let last = 0;
  let answeredUpTo = 0;
  let unanswered: number[] = [];
  let tries = 0; // in vain, in a row
  let askAt = -Infinity; // monotonic

  function answered(call: number): void {
    answeredUpTo = call;
    unanswered = unanswered.filter((other) => other > call);
    if (unanswered.length >= UNANSWERED) return;
    if (state !== "speaks") log.info("Telegram answers again");
    state = "speaks";
    tries = 0;
  }

  function inVain(call: number): boolean {
    unanswered.push(call);
    if (state === "trying") {
      tries = (tries + 1) % TRIES;
      fallSilent(backOffMs(tries));
      return tries === 0;
    }
    if (state === "speaks" && unanswered.length >= UNANSWERED) fallSilent(0);
    return false;
  }

  function fallSilent(askInMs: number): void {
    state = "silent";
    askAt = clock.monotonic() + askInMs;
    log.warn("Telegram does not answer; nothing leaves until it does");
  }

  return {
    get on() {
      return state === "silent";
    },
    get trying() {
      return state === "trying";
    },
    left() {
      const call = (last += 1);
      return (isAnswered) => {
        if (call <= answeredUpTo) return false;
        if (!isAnswered) return inVain(call);
        answered(call);
        return false;
      };
    },
    async ask() {
      if (clock.monotonic() < askAt) return false;
      try {
        await probe();
      } catch {
        askAt = clock.monotonic() + ASK_AGAIN_MS;
        return false;
      }
      if (state === "silent") state = "trying";
      // Those that left before say nothing of now.
      answeredUpTo = last;
      unanswered = [];
      return true;
    },
  };
}
