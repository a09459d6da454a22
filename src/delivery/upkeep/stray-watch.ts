import type { Clock } from "../../clock.ts";
import type { Events } from "../../events.ts";
import type { Log } from "../../log.ts";
import type { Outbox } from "../outbox/outbox.ts";
import type { Memory } from "../recovery/recent-writes.ts";
import type { Recovery } from "../recovery/recovery.ts";
import { rescue } from "./rescuer.ts";

/** Sees that no delivery stays `sending` that nobody holds: a process died, or the answer to a claim was lost. */
export interface StrayWatch {
  /** There may be such deliveries. At the start there may. */
  suspect(): void;
  /** A campaign stands still: suspects, unless one has just looked. */
  suspectAgain(): void;
  /** Looks for them if there may be any. */
  rescueIfSuspected(): Promise<void>;
}

export interface StrayWatchDeps {
  clock: Clock;
  log: Log;
  events: Pick<Events, "emit">;
  outbox: Pick<Outbox, "inHand">;
  memory: Pick<Memory, "rescued">;
  recovery: Pick<Recovery, "unlessLost">;
}

/** A claim whose answer was lost may take effect after the search for it; while a campaign stands still, search again. */
const AGAIN_MS = 5_000;

export function watchStrays({ clock, log, events, outbox, memory, recovery }: StrayWatchDeps): StrayWatch {
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
      if (!rescued) return; // the next round looks again
      for (const { campaignId, originKey, count, settlements } of rescued) {
        memory.rescued({ id: campaignId, originKey }, settlements);
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
