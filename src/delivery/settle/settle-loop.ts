import type { Campaign } from "../../campaign/campaign.ts";
import type { Clock } from "../../clock.ts";
import type { Scope } from "../../db/scope.ts";
import type { Log } from "../../log.ts";
import type { Settlement } from "../shared/settlement.ts";
import { settle } from "./settle.ts";

/** Collects settlements and writes them in batches, one batch at a time. */
export interface SettleLoop {
  add(settlement: Settlement): void;
  /** Resolves when everything that was added is written. */
  idle(): Promise<void>;
}

export interface SettleLoopDeps {
  scope: Scope;
  clock: Clock;
  log: Log;
  /** How long outcomes gather before they are written. */
  gatherMs: () => number;
  /** How many calls one outage leaves uncertain at most. */
  ofAnOutage: () => number;
  /** Called when a batch is in the database, with the campaigns that it paused. */
  onSettled: (settlements: Settlement[], paused: Campaign[]) => void;
}

/** So many outcomes are written at once. */
const LARGEST_BATCH = 200;

/**
 * While the database cannot be reached, outcomes are kept and the write is tried again for as long as it takes, because
 * Telegram's answers must not be lost. New calls stop meanwhile, because what is in hand is bounded.
 */
const RETRY_MS = 500;

export function createSettleLoop({
  scope,
  clock,
  log,
  gatherMs,
  ofAnOutage,
  onSettled,
}: SettleLoopDeps): SettleLoop {
  let waiting: Settlement[] = [];
  let writing: Promise<void> = Promise.resolve();
  let busy = false;
  let gathering = new AbortController();

  async function write(): Promise<void> {
    busy = true;
    for (let failures = 0; waiting.length > 0;) {
      if (failures > 0) await clock.sleep(RETRY_MS);
      else if (waiting.length < LARGEST_BATCH) await gather();
      const batch = waiting;
      waiting = [];
      try {
        const paused = await settle(scope, batch, clock.now(), { ofAnOutage: ofAnOutage() });
        failures = 0;
        onSettled(batch, paused);
      } catch (error) {
        waiting = [...batch, ...waiting];
        failures += 1;
        if (failures === 1)
          log.error({ err: error, waiting: waiting.length }, "outcomes cannot be written, trying on");
      }
    }
    busy = false;
  }

  async function gather(): Promise<void> {
    gathering = new AbortController();
    await clock.sleep(gatherMs(), gathering.signal);
  }

  return {
    add(settlement) {
      waiting.push(settlement);
      if (waiting.length === LARGEST_BATCH) gathering.abort("enough"); // without a reason, an error with its stack is made
      if (!busy) writing = write();
    },
    idle: () => writing,
  };
}
