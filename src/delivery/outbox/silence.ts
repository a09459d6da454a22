import type { Clock } from "../../clock.ts";
import type { Log } from "../../log.ts";
import { backOffMs } from "../shared/backoff.ts";

/**
 * Stops sending while Telegram does not answer. Each unanswered call may leave a person uncertain, so an outage must not
 * use up the audience: it costs the calls that are in flight when it begins, and at most ten more.
 */
export interface Silence {
  /** Nothing may leave until `ask` says so. */
  readonly on: boolean;
  /** Telegram has answered the probe, but no send yet: one call may be in flight at a time. */
  readonly trying: boolean;
  /**
   * A call leaves. Call the returned function once with whether it was answered. It returns true when several sends in a
   * row went unanswered although Telegram answers other calls, so that an admin has to decide.
   */
  left(): (answered: boolean) => boolean;
  /** Probes Telegram, unless it is too early to. Resolves true when calls may leave again. */
  ask(): Promise<boolean>;
}

export interface SilenceDeps {
  clock: Clock;
  log: Log;
  /** Makes a call that sends nothing; rejects when Telegram does not answer it. */
  probe: () => Promise<void>;
}

/** After this many unanswered calls everything stops. Only calls that left after the last answered one count. */
const UNANSWERED = 5;

/** Single calls afterwards, each once Telegram has answered the probe. If all go unanswered, campaigns pause. */
const TRIES = 5;

/** How many calls one outage leaves uncertain at most, besides those in flight when it begins. */
export const UNCERTAIN_BESIDE = UNANSWERED + TRIES;

const PROBE_AGAIN_MS = 1_000;

export function createSilence({ clock, log, probe }: SilenceDeps): Silence {
  let state: "speaks" | "silent" | "trying" = "speaks";
  // Calls are numbered as they leave. An answer to one says nothing about those that left after it, because answers to
  // earlier calls still arrive during an outage.
  let last = 0;
  let answeredUpTo = 0;
  let unanswered: number[] = [];
  let tries = 0; // unanswered in a row
  let probeAt = -Infinity; // monotonic

  function noteAnswered(call: number): void {
    answeredUpTo = call;
    if (unanswered.length > 0) unanswered = unanswered.filter((other) => other > call);
    if (unanswered.length >= UNANSWERED) return;
    if (state !== "speaks") log.info("Telegram answers again");
    state = "speaks";
    tries = 0;
  }

  function noteUnanswered(call: number): boolean {
    unanswered.push(call);
    if (state === "trying") {
      tries = (tries + 1) % TRIES;
      fallSilent(backOffMs(tries));
      return tries === 0;
    }
    if (state === "speaks" && unanswered.length >= UNANSWERED) fallSilent(0);
    return false;
  }

  function fallSilent(probeInMs: number): void {
    state = "silent";
    probeAt = clock.monotonic() + probeInMs;
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
        if (!isAnswered) return noteUnanswered(call);
        noteAnswered(call);
        return false;
      };
    },
    async ask() {
      if (clock.monotonic() < probeAt) return false;
      try {
        await probe();
      } catch {
        probeAt = clock.monotonic() + PROBE_AGAIN_MS;
        return false;
      }
      if (state === "silent") state = "trying";
      // Calls that left before say nothing about now.
      answeredUpTo = last;
      unanswered = [];
      return true;
    },
  };
}
