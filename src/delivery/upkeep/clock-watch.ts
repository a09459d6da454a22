import type { Clock } from "../../clock.ts";
import type { Scope } from "../../db/scope.ts";
import type { Events } from "../../events.ts";
import type { Log } from "../../log.ts";
import { shiftWaits } from "./shift-waits.ts";

/** A clock that is off by more than this was set; drift is smaller. */
const CLOCK_SET_MS = 5_000;

export interface ClockWatchDeps {
  scope: Scope;
  clock: Clock;
  log: Log;
  events: Pick<Events, "emit">;
}

/**
 * Returns a check of whether the wall clock was set since the last check. If so, it moves waiting deliveries along with
 * the clock, and resolves true.
 */
export function watchClock({ scope, clock, log, events }: ClockWatchDeps): () => Promise<boolean> {
  const offsetNow = () => clock.now().getTime() - clock.monotonic();
  let known = offsetNow();

  return async () => {
    const offset = offsetNow();
    const byMs = offset - known;
    if (Math.abs(byMs) < CLOCK_SET_MS) return false;
    log.warn({ seconds: Math.round(byMs / 1_000) }, "the clock was set");
    events.emit("clockSet", { byMs });
    await shiftWaits(scope, byMs);
    known = offset;
    return true;
  };
}
