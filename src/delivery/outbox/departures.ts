import type { Campaign } from "../../campaign/campaign.ts";
import { type ApiCall, weightOf } from "../../telegram/api-call.ts";
import type { Flight } from "../pace/flight.ts";
import type { Pacer } from "../pace/pacer.ts";
import { FALLBACK_RATE, type Paid, isPayable } from "../pace/paid-rate.ts";
import type { Hours } from "../pace/sending-hours.ts";
import type { Entry } from "./entry.ts";
import type { Silence } from "./silence.ts";

/** The queue of calls that are about to leave, one after the other, each when the pacer allows it. */
export interface Departures {
  /** Adds a call behind all others. */
  push(entry: Entry): void;
  /** Adds a call in front: the next call of a post follows the one before it. */
  pushFirst(entry: Entry): void;
  /** Calls were pushed, or Herald stops. */
  wake(): void;
  /** Takes calls out of the queue, in the order in which they would have left. */
  takeBack(which: (campaign: Campaign) => boolean): Entry[];
  /** How many messages the deliveries in the queue still need. */
  readonly messages: number;
}

export interface DeparturesDeps {
  flight: Flight;
  pacer: Pick<Pacer, "rate" | "turn">;
  paid: Pick<Paid, "on">;
  lease: { held(): boolean };
  hours: Pick<Hours, "isOpen">;
  silence: Pick<Silence, "on">;
  stop: AbortSignal;
  /** A call has left, or was held back by its sending hours. */
  onLeft: () => void;
  /** Nothing may leave now, so everything claimed has to be taken back. */
  onHalt: () => void;
}

export function createDepartures(deps: DeparturesDeps): Departures {
  const { flight, pacer, paid, lease, hours, silence, stop, onLeft, onHalt } = deps;
  let ready: Entry[] = [];
  let next: Entry | null = null; // waiting for its turn, in front of `ready`
  let messages = 0; // of `next` and `ready`
  let arrived: (() => void) | null = null; // wakes the loop

  async function run(): Promise<void> {
    while (!stop.aborted) {
      if (ready.length === 0) await new Promise<void>((resolve) => (arrived = resolve));
      if (!flight.hasRoom) await flight.room();
      // Taken off the queue first, because the length of the turn depends on the weight of this call.
      next = ready.shift() ?? null;
      if (!next) continue;
      const mayLeave = await pacer.turn(stop, weightOf(next.call), slotsFor(next.call));
      if (mayLeave && lease.held() && !silence.on) leave();
      else onHalt();
    }
  }

  function leave(): void {
    const entry = next;
    next = null;
    messages -= entry?.messages ?? 0;
    // Half a post does not wait overnight for the other half.
    entry?.go(entry.delivery.callsDone > 0 || hours.isOpen(entry.campaign));
    onLeft();
  }

  /** A call that cannot be paid for takes enough slots to stay at the free rate while others are paid for. */
  function slotsFor(call: ApiCall): number {
    const isFree = paid.on && !isPayable(call.method);
    return weightOf(call) * (isFree ? Math.max(1, pacer.rate / FALLBACK_RATE) : 1);
  }

  void run();

  return {
    get messages() {
      return messages;
    },
    push(entry) {
      messages += entry.messages;
      ready.push(entry);
    },
    pushFirst(entry) {
      messages += entry.messages;
      ready.unshift(entry);
    },
    wake: () => arrived?.(),
    takeBack(which) {
      const back = [...(next ? [next] : []), ...ready].filter(({ campaign }) => which(campaign));
      ready = ready.filter(({ campaign }) => !which(campaign));
      if (next && which(next.campaign)) next = null;
      for (const entry of back) messages -= entry.messages;
      return back;
    },
  };
}
