import { GrammyError, HttpError } from "grammy";
import pLimit from "p-limit";
import { isPersonId } from "../../chat-id.ts";
import type { Clock } from "../../clock.ts";
import type { Scope } from "../../db/scope.ts";
import { classify } from "../../telegram/outcome.ts";
import { type Pacer, createPacer } from "../pace/pacer.ts";
import { savePausedUntil } from "../pace/retry-after.ts";
import type { FollowUp } from "./follow-up-queue.ts";
import { type FollowUpResult, resultOf } from "./follow-up-result.ts";

/** Makes the calls of follow-ups, each when it may leave. */
export interface FollowUpCalls {
  /** Telegram asks for a pause. */
  readonly isPaused: boolean;
  /**
   * Waits until a call may leave. Resolves false when it may not: Herald stops, the lease is lost, or there is a pause.
   */
  turn(): Promise<boolean>;
  /** The same for a pin in this chat, which makes `calls` calls. In a person's chat they count as messages. */
  pinTurn(chatId: number, calls: number): Promise<boolean>;
  /**
   * Makes the call of a follow-up and resolves with the result.
   * @throws only what is neither Telegram's answer nor the network's.
   */
  make(followUp: FollowUp, call: () => Promise<unknown>): Promise<FollowUpResult>;
}

export interface FollowUpCallsDeps {
  scope: Scope;
  clock: Clock;
  lease: { held(): boolean };
  /** The most calls a second. They are evenly spaced, and fewer after a 429. */
  rate: number;
  /** The pacer of what is sent. Default: pins in people's chats have no limit beside `rate`. */
  sends?: Pick<Pacer, "turn" | "tooFast" | "pausedUntil"> | undefined;
  stop: AbortSignal;
}

export function createFollowUpCalls(deps: FollowUpCallsDeps): FollowUpCalls {
  const { scope, clock, lease, sends, stop } = deps;
  const pacer = createPacer(clock, deps.rate);
  const oneAtATime = pLimit(1);

  function turn(): Promise<boolean> {
    return lease.held() ? pacer.turn(stop) : Promise.resolve(false);
  }

  return {
    get isPaused() {
      return pacer.pausedUntil() !== null;
    },
    turn,
    async pinTurn(chatId, calls) {
      if (!isPersonId(chatId) || !sends) return turn();
      if (sends.pausedUntil() !== null || !(await turn())) return false;
      // One pin at a time asks among the campaigns' messages, so that messages and pins take turns.
      return oneAtATime(() => lease.held() && sends.turn(stop, calls));
    },
    async make(followUp, call) {
      const leftAt = clock.monotonic();
      try {
        await call();
        return { type: "done", followUp };
      } catch (error) {
        if (!(error instanceof GrammyError) && !(error instanceof HttpError)) throw error;
        const outcome = classify(error);
        // A 429 for a person's chat means that the bot as a whole is too fast. A group or channel waits alone.
        if (outcome.type === "deferred" && isPersonId(followUp.chatId)) {
          // Pins count as messages there, so campaigns pause, too, even after a restart.
          if (followUp.what === "pin" && sends)
            await savePausedUntil(scope, sends.tooFast(outcome.waitMs, leftAt));
          pacer.tooFast(outcome.waitMs, leftAt);
        }
        return resultOf(followUp, outcome, clock.now());
      }
    },
  };
}
