import { setImmediate as breathe } from "node:timers/promises";
import type { LimitFunction } from "p-limit";
import type { Campaign } from "../../campaign/campaign.ts";
import type { Scope } from "../../db/scope.ts";
import type { Clock } from "../../clock.ts";
import { progressAhead } from "./bundle-order.ts";
import { freezeChunk } from "./freeze-chunk.ts";
import { holdAttributes, holdSegment } from "./hold-segment.ts";

/** Freezes audiences while others are sent to, chunk by chunk. Campaigns that start together take turns. */
export interface FreezeLoop {
  /** Freezes a campaign's audience. Does nothing if that is under way. */
  freeze(campaignId: number): void;
  /** Resolves when no chunk is under way. */
  idle(): Promise<void>;
}

export interface FreezeLoopDeps {
  scope: Scope;
  clock: Clock;
  lease: { held(): boolean };
  stop: AbortSignal;
  /** Recipients frozen in one transaction; see FREEZE_SIZE. */
  size: number;
  /** `complete` if it was the last chunk. */
  /**
   * Lets one chunk after another through: fifty campaigns at nine o'clock must not use up the connections that sending needs.
   * Several bots of a process share one.
   */
  inTurn: LimitFunction;
  onChunk: (campaignId: number, complete: boolean) => void;
  /** A campaign cannot be frozen, and has been paused. */
  onPaused: (campaign: Campaign) => void;
  onTrouble: (error: unknown) => void;
}

/**
 * Recipients frozen in one transaction. The embedded database has a small machine and a small log, and shares both with
 * sending.
 */
export const FREEZE_SIZE = { embedded: 2_000, server: 5_000 };

/**
 * A bot of a bundle that gets no further for so long is no longer waited for: its process may be gone, or its token refused.
 * Then it takes only the people whom the bots after it have not.
 */
const PATIENCE_MS = 15_000;
const LOOK_AGAIN_MS = 200;

/** The first message leaves as soon as this many recipients are frozen. */
const FIRST_CHUNK = 1_000;

export function createFreezeLoop({
  scope,
  clock,
  lease,
  stop,
  size,
  inTurn,
  onChunk,
  onPaused,
  onTrouble,
}: FreezeLoopDeps): FreezeLoop {
  const freezing = new Map<number, Promise<void>>();

  /** Waits for each of those before it in its bundle, as long as that one gets on. */
  async function waitForTurn(campaignId: number): Promise<void> {
    let givenUp = 0;
    let seen = "";
    let since = clock.monotonic();
    while (!stop.aborted && lease.held()) {
      const ahead = await progressAhead(scope, campaignId, givenUp);
      if (ahead === null) return;
      const now = `${ahead.id} ${ahead.progress}`;
      if (now !== seen) since = clock.monotonic();
      seen = now;
      // Those after it are still waited for: they keep their order without it.
      if (clock.monotonic() - since >= PATIENCE_MS) givenUp = ahead.id;
      else await clock.sleep(LOOK_AGAIN_MS, stop);
    }
  }

  async function freezeAll(campaignId: number): Promise<void> {
    await waitForTurn(campaignId);
    const lacking = await holdAttributes(scope, campaignId);
    if (lacking) return onPaused(lacking);
    for (let next = FIRST_CHUNK; !stop.aborted && lease.held(); next = size) {
      const held = await holdSegment(scope, campaignId);
      if (held) return onPaused(held);
      const complete = await inTurn(() => freezeChunk(scope, campaignId, next, onPaused));
      onChunk(campaignId, complete);
      if (complete) return;
      await breathe(); // PGlite answers without giving up the event loop
    }
  }

  return {
    freeze(campaignId) {
      if (freezing.has(campaignId)) return;
      const ended = freezeAll(campaignId)
        .catch(onTrouble)
        .finally(() => freezing.delete(campaignId));
      freezing.set(campaignId, ended);
    },
    async idle() {
      await Promise.all(freezing.values());
    },
  };
}
