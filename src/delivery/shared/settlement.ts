import type { Outcome } from "../../telegram/outcome.ts";
import type { Claimed } from "./claimed.ts";

/** Describes a delivery that was in flight when its process died, as opposed to one whose call got no answer. */
export const INTERRUPTED = "interrupted before Telegram answered";

/** A claimed delivery and what an attempt at it came to. */
export interface Settlement {
  delivery: Claimed;
  outcome: Outcome;
  /** The last of several sends that went unanswered while Telegram answers other calls: see outbox/silence.ts. */
  hopeless?: true;
}
