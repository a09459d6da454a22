import type { Outcome } from "../../telegram/outcome.ts";
import type { Claimed } from "../claim/claim.ts";

/** A claimed delivery and what an attempt at it came to. */
export interface Settlement {
  delivery: Claimed;
  outcome: Outcome;
  /** The last of several unanswered calls while Telegram answers others: see outbox/silence.ts. */
  hopeless?: true;
}
