import type { Handling } from "../db/states.ts";

/** A sender as the fleet runs it. */
export interface FleetSender {
  botId: number;
  /** Null until Telegram has said it. */
  username: string | null;
  /** What admins call it. */
  name: string;
  /** Null if it has to be given again; nothing is sent meanwhile. */
  token: string | null;
  handling: Handling;
  /** Messages a second; null for the configured rate. */
  rate: number | null;
}

/** The senders of the home other than the home itself. */
export type ListSenders = () => Promise<readonly FleetSender[]>;

/** True if what runs a sender has to be built anew for the other one. */
export function needsRestart(one: FleetSender, other: FleetSender): boolean {
  return one.token !== other.token || one.handling !== other.handling || one.rate !== other.rate;
}
