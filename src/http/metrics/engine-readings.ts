import type { SendingRate } from "../../campaign/costs.ts";

/** What the engine of this process says of itself. */
export interface EngineReadings {
  /** Since when this process has been allowed to send; null while it is not. */
  leaseSince: Date | null;
  rate: SendingRate;
  /** End of a pause that Telegram asked for. */
  quietUntil: Date | null;
  /** How many 429s have asked campaigns to pause since the start. */
  waits: number;
  /** Calls that have left and have not been answered. */
  inFlight: number;
}

/** Of the senders besides the home that this process runs, by bot. */
export type SenderReadings = ReadonlyMap<number, EngineReadings & { username: string | null }>;
