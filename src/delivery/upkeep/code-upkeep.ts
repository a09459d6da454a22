import { repeat } from "../../background/rounds.ts";
import type { Service } from "../../background/service.ts";
import {
  deletePool,
  forgetHolders,
  listLostPools,
  listSpentRounds,
  listToReturn,
  returnCodes,
} from "../../campaign/return-codes.ts";
import type { Clock } from "../../clock.ts";
import type { Scope } from "../../db/scope.ts";
import type { Log } from "../../log.ts";
import type { Lease } from "./lease.ts";

export interface CodeUpkeepDeps {
  scope: Scope;
  clock: Clock;
  log: Log;
  lease: Pick<Lease, "held">;
}

const CHECK_MS = 60_000;
/**
 * A claim that began before a campaign was cancelled may still take deliveries of it. It has ended by then, or its statement
 * was: a code that is on its way must not go to somebody else.
 */
const SETTLED_MS = 60_000;
const HOUR_MS = 3_600_000;
/** A draft may be made from the pool of one that was discarded a moment ago. */
const LOST_MS = HOUR_MS;

/** Takes back the codes that cancelled campaigns did not need, and forgets old ones. */
export function createCodeUpkeep({ scope, clock, log, lease }: CodeUpkeepDeps): Service {
  let forgotAt = -Infinity; // monotonic

  async function forgetOld(): Promise<void> {
    // Pools belong to the home, so the engine of its own bot sees to them.
    if (scope.botId !== scope.homeId || clock.monotonic() - forgotAt < HOUR_MS) return;
    forgotAt = clock.monotonic();
    for (const round of await listSpentRounds(scope))
      while (lease.held() && (await forgetHolders(scope, round)) > 0);
    for (const pool of await listLostPools(scope, ago(LOST_MS)))
      while (lease.held() && (await deletePool(scope, pool)) > 0);
  }

  const ago = (ms: number) => new Date(clock.now().getTime() - ms);

  return repeat({
    clock,
    log,
    everyMs: CHECK_MS,
    complaint: "unused codes cannot be returned, trying again in a minute",
    work: async () => {
      if (!lease.held()) return;
      for (const campaign of await listToReturn(scope, ago(SETTLED_MS))) await returnCodes(scope, campaign);
      await forgetOld();
    },
  });
}
