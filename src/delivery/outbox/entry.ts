import type { Campaign } from "../../campaign/campaign.ts";
import type { ApiCall } from "../../telegram/api-call.ts";
import type { Outcome } from "../../telegram/outcome.ts";
import type { Claimed } from "../shared/claimed.ts";
import type { Settlement } from "../shared/settlement.ts";

/** One call of a delivery on its way out. */
export interface Entry {
  campaign: Campaign;
  delivery: Claimed;
  call: ApiCall;
  /** How many messages the delivery still needed when it was claimed. */
  messages: number;
  /** Called once: its turn has come, or the delivery is taken back. */
  go: (leaves: boolean) => void;
}

/** Turns the outcome of a call that left into the delivery's settlement, and tells everything that sets the pace. */
export type Ended = (outcome: Outcome, delivery: Claimed) => Settlement;

/** The settlement of a delivery whose call never left. */
export function withheld(delivery: Claimed): Settlement {
  return { delivery, outcome: { type: "withheld" } };
}
