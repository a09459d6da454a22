import { GrammyError, HttpError } from "grammy";
import { type RefusalClass, classify } from "../../../telegram/outcome.ts";

/** What came of a call. */
export type CallResult<T> =
  | { type: "done"; value: T }
  /** Nothing was sent; it may be in so many ms. */
  | { type: "later"; ms: number }
  | { type: "migrated"; toChatId: number }
  | { type: "uncertain"; description: string }
  | { type: "refused"; class: RefusalClass; description: string };

/** The wait after a call that could not leave. */
const STUMBLED_MS = 5_000;

/** As resultOf(), of a call that is given up as uncertain if it has not been answered by then. */
export async function resultUnless<T>(giveUp: AbortSignal, call: () => Promise<T>): Promise<CallResult<T>> {
  const given = new AbortController();
  const givenUp = new Promise<CallResult<T>>((resolve) => {
    const end = () => resolve({ type: "uncertain", description: "Herald stopped before the answer came" });
    if (giveUp.aborted) end();
    giveUp.addEventListener("abort", end, { signal: given.signal });
  });
  try {
    return await Promise.race([resultOf(call), givenUp]);
  } finally {
    given.abort();
  }
}

/** @throws only what is neither Telegram's answer nor the network's */
export async function resultOf<T>(call: () => Promise<T>): Promise<CallResult<T>> {
  try {
    return { type: "done", value: await call() };
  } catch (error) {
    if (!(error instanceof GrammyError) && !(error instanceof HttpError)) throw error;
    const outcome = classify(error);
    switch (outcome.type) {
      case "deferred":
        return { type: "later", ms: outcome.waitMs };
      case "stumbled":
        return { type: "later", ms: STUMBLED_MS };
      case "migrated":
      case "uncertain":
      case "refused":
        return outcome;
      case "sent":
      case "postponed":
      case "unpaid":
      case "withheld":
        throw new Error(`a call of the inbox cannot come to ${outcome.type}`, { cause: error });
    }
  }
}
