import type { Campaign } from "../../campaign/campaign.ts";
import { type ApiCall, weightOf } from "../../telegram/api-call.ts";
import type { Flight } from "../pace/flight.ts";
import type { Pacer } from "../pace/pacer.ts";
import { FALLBACK_RATE, type Paid, isPayable } from "../pace/paid-rate.ts";
import type { Hours } from "../pace/sending-hours.ts";
import type { Entry } from "./entry.ts";
import type { Silence } from "./silence.ts";

/** The queue of calls that are about to leave, one after the other, each when the pacer says so. */
export interface Departures {
  /** Behind all others. */
  push(entry: Entry): void;
  /** The next call of a post goes right behind the one before. */
  pushFirst(entry: Entry): void;
  /** Something may have been pushed, or Herald stops. */
  wake(): void;
  /** In the order in which they would have left. */
  takeBack(which: (campaign: Campaign) => boolean): Entry[];
  /** Those that have not left yet. */
  waiting(): Iterable<Entry>;
}

export interface DeparturesDeps {
  flight: Flight;
  pacer: Pick<Pacer, "rate" | "turn">;
  paid: Pick<Paid, "on">;
  lease: { held(): boolean };
  hours: Pick<Hours, "isOpen">;
  silence: Pick<Silence, "on">;
  stop: AbortSignal;
  /** One has left, or would have. */
  onLeft: () => void;
  /** Nothing may leave now: everything claimed is to be taken back. */
  onHalt: () => void;
}

export function createDepartures(deps: DeparturesDeps): Departures {
  const { flight, pacer, paid, lease, hours, silence, stop, onLeft, onHalt } = deps;
  let ready: Entry[] = [];
  let next: Entry | null = null; // waits for its turn, before those that are ready
  let arrived: (() => void) | null = null; // wakes the loop

  async function run(): Promise<void> {
    while (!stop.aborted) {
      if (ready.length === 0) await new Promise<void>((resolve) => (arrived = resolve));
      await flight.room();
      // Off the queue before its turn: the turn is as long as this call is heavy.
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
    // Half a post does not wait overnight for the other half.
    entry?.go(entry.delivery.callsDone > 0 || hours.isOpen(entry.campaign));
    onLeft();
  }

  /** What cannot be paid for takes enough slots to stay at the free rate while other calls are paid for. */
  function slotsFor(call: ApiCall): number {
    const isFree = paid.on && !isPayable(call.method);
    return weightOf(call) * (isFree ? Math.max(1, pacer.rate / FALLBACK_RATE) : 1);
  }

  void run();

  return {
    push: (entry) => void ready.push(entry),
    pushFirst: (entry) => void ready.unshift(entry),
    wake: () => arrived?.(),
    takeBack(which) {
      const back = [...(next ? [next] : []), ...ready].filter(({ campaign }) => which(campaign));
      ready = ready.filter(({ campaign }) => !which(campaign));
      if (next && which(next.campaign)) next = null;
      return back;
    },
    *waiting() {
      if (next) yield next;
      yield* ready;
    },
  };
}
