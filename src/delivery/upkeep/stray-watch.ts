import type { Clock } from "../../clock.ts";
import type { Events } from "../../events.ts";
import type { Scope } from "../../db/scope.ts";
import type { Log } from "../../log.ts";
import type { Claimed } from "../shared/claimed.ts";
import type { Settlement } from "../shared/settlement.ts";
import { rescue } from "./rescuer.ts";

/** Finds deliveries that are `sending` although nobody has them in hand: a process died, or the answer to a claim was lost. */
export interface StrayWatch {
  /** There may be such deliveries, as there may be at the start. */
  suspect(): void;
  /** A campaign stands still: suspects such deliveries, unless it has just searched for them. */
  suspectAgain(): void;
  /** Searches for them if there may be any. */
  rescueIfSuspected(): Promise<void>;
}

export interface StrayWatchDeps {
  clock: Clock;
  log: Log;
  events: Pick<Events, "emit">;
  /** The deliveries that this process has in hand are its keys. */
  outbox: { readonly inHand: ReadonlyMap<Claimed, number> };
  recentWrites: {
    rescued(campaign: { id: number; originKey: string }, settlements: readonly Settlement[]): void;
  };
  /** Resolves null when the database has lost writes, so that nothing was done. */
  recovery: { unlessLost<T>(work: (tx: Scope) => Promise<T>): Promise<T | null> };
}

/** A claim whose answer was lost may take effect after the search, so it is repeated while a campaign stands still. */
const AGAIN_MS = 5_000;

export function watchStrays({
  clock,
  log,
  events,
  outbox,
  recentWrites,
  recovery,
}: StrayWatchDeps): StrayWatch {
  let suspected = true;
  let rescuedAt = clock.monotonic();

  return {
    suspect() {
      suspected = true;
    },
    suspectAgain() {
      if (clock.monotonic() - rescuedAt > AGAIN_MS) suspected = true;
    },
    async rescueIfSuspected() {
      if (!suspected) return;
      const rescued = await recovery.unlessLost((tx) => rescue(tx, [...outbox.inHand.keys()]));
      if (!rescued) return; // the next round searches again
      for (const { campaignId, originKey, count, settlements } of rescued) {
        recentWrites.rescued({ id: campaignId, originKey }, settlements);
        log.warn(
          { campaign: campaignId, count },
          "deliveries were in flight when the process ended; they are uncertain",
        );
        events.emit("progress", { campaignId, outcomes: 0 });
      }
      suspected = false;
      rescuedAt = clock.monotonic();
    },
  };
}
