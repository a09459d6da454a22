import type { Campaign } from "../../campaign/campaign.ts";
import type { Events } from "../../events.ts";
import type { Log } from "../../log.ts";
import type { Settlement } from "../shared/settlement.ts";

/** Tells the rest of the engine, and anyone who listens, what has been written to the database. */
export interface SettledNews {
  /** This batch is in the database now, and paused these campaigns. */
  settled(settlements: readonly Settlement[], paused: readonly Campaign[]): void;
  paused(campaigns: readonly Campaign[]): void;
}

export interface SettledNewsDeps {
  log: Log;
  events: Pick<Events, "emit">;
  recentWrites: { settled(settlements: readonly Settlement[]): void };
  outbox: { settled(settlements: readonly Settlement[]): void };
  /** Something of this campaign may be due again, or it may be done. */
  rotation: { wake(campaignId: number): void };
  /** The states of campaigns have changed. */
  onMoved: () => void;
}

export function createSettledNews(deps: SettledNewsDeps): SettledNews {
  const { log, events, recentWrites, outbox, rotation, onMoved } = deps;

  function paused(campaigns: readonly Campaign[]): void {
    for (const { id, pauseReason } of campaigns) {
      log.warn({ campaign: id, reason: pauseReason }, "campaign paused, its card says more");
      events.emit("paused", { campaignId: id, reason: pauseReason ?? "" });
    }
    if (campaigns.length > 0) onMoved();
  }

  return {
    paused,
    settled(settlements, pausedBy) {
      recentWrites.settled(settlements);
      outbox.settled(settlements);
      const outcomes = new Map<number, number>();
      for (const { delivery, outcome } of settlements) {
        if (outcome.type === "postponed") continue; // it is neither due now nor done
        const { campaignId, chatId } = delivery;
        const last = outcome.type === "sent" ? outcome.messageIds.at(-1) : undefined;
        if (last !== undefined) events.emit("arrived", { campaignId, chatId, messageId: last });
        const count = outcome.type === "withheld" ? 0 : 1;
        outcomes.set(campaignId, (outcomes.get(campaignId) ?? 0) + count);
      }
      for (const [campaignId, count] of outcomes) {
        rotation.wake(campaignId); // some of it may be due again, or it may be done
        events.emit("progress", { campaignId, outcomes: count });
      }
      paused(pausedBy);
    },
  };
}
