import type { Campaign } from "../../campaign/campaign.ts";
import type { Clock } from "../../clock.ts";

/** Which campaigns have cards that are out of date, and which of those were drawn too recently to be drawn again. */
export interface RedrawSchedule {
  /** The cards of a campaign are out of date. */
  add(campaignId: number): void;
  /** The same, and they need not wait for their turn. */
  addAtOnce(campaignId: number): void;
  /** The campaigns whose cards are out of date. */
  readonly outdated: readonly number[];
  isOutdated(campaignId: number): boolean;
  /** A campaign is about to be drawn. Call it before reading the campaign, so that a change meanwhile adds it again. */
  take(campaignId: number): void;
  /** A campaign is being drawn in this state. Without `cards`, it slows the others down no more than a resting one. */
  drawn(campaignId: number, state: Campaign["state"], cards: boolean): void;
  /** The state in which a campaign was last drawn if that was too recent to show new counters, else null. */
  recentState(campaignId: number): Campaign["state"] | null;
  /** A campaign rests: it slows the others down no longer, and its next change is drawn at once. */
  rest(campaignId: number): void;
}

const BETWEEN_EDITS_MS = 3_000;

/** A chat takes about one message per second, so the more campaigns there are, the longer each card waits. */
const BETWEEN_CARDS_MS = 1_000;

export function createRedrawSchedule(clock: Clock): RedrawSchedule {
  const outdated = new Set<number>();
  const drawnAt = new Map<number, { at: number; state: Campaign["state"]; cards: boolean }>();
  return {
    add: (campaignId) => void outdated.add(campaignId),
    addAtOnce(campaignId) {
      drawnAt.delete(campaignId);
      outdated.add(campaignId);
    },
    get outdated() {
      return [...outdated];
    },
    isOutdated: (campaignId) => outdated.has(campaignId),
    take: (campaignId) => void outdated.delete(campaignId),
    drawn: (campaignId, state, cards) =>
      void drawnAt.set(campaignId, { at: clock.monotonic(), state, cards }),
    recentState(campaignId) {
      const last = drawnAt.get(campaignId);
      const shown = [...drawnAt.values()].filter(({ cards }) => cards).length;
      const betweenMs = Math.max(BETWEEN_EDITS_MS, shown * BETWEEN_CARDS_MS);
      return last && clock.monotonic() - last.at < betweenMs ? last.state : null;
    },
    rest: (campaignId) => void drawnAt.delete(campaignId),
  };
}
