import type { Audience } from "../audience/segment.ts";
import type { Content } from "../content/content.ts";
import type { campaigns } from "../db/schema.ts";
import type { CampaignState, PauseReason } from "../db/states.ts";
import type { Recurrence } from "../schedule/recurrence.ts";
import type { Window } from "../schedule/window.ts";

/** One post to one audience at one time, with its own report. */
export type Campaign = Omit<
  typeof campaigns.$inferSelect,
  "content" | "audience" | "window" | "recurrence"
> & {
  content: Content;
  audience: Audience;
  window: Window | null;
  recurrence: Recurrence | null;
};

/**
 * Every move that a campaign can make. A move is one conditional UPDATE (lifecycle.ts): no row came
 * back means that somebody else was first. A draft may also be discarded, which deletes it.
 * docs/states.md draws this table, and a test holds the two together.
 */
export const TRANSITIONS = {
  draft: ["scheduled"],
  scheduled: ["running", "paused", "cancelled", "expired"],
  running: ["paused", "finished", "cancelled"],
  paused: ["running", "scheduled", "cancelled"],
  finished: ["running"],
  cancelled: [],
  expired: [],
} as const satisfies Record<CampaignState, readonly CampaignState[]>;

export type Move<From extends CampaignState> = (typeof TRANSITIONS)[From][number];

/** Nothing moves any more unless an admin asks for a retry. */
export const OVER_STATES = ["finished", "cancelled", "expired"] as const satisfies readonly CampaignState[];

export function isOver(state: CampaignState): boolean {
  return OVER_STATES.some((over) => over === state);
}

/** It waits for its time, or was paused before it came: it can still be changed as a whole. */
export function hasNotStarted({ state, startedAt }: Campaign): boolean {
  return state === "scheduled" || (state === "paused" && startedAt === null);
}

/** Telegram refused its post on the way: the post can still be changed, for those who have not got it. */
export function canBeMended({ state, startedAt, pauseReason }: Campaign): boolean {
  return state === "paused" && startedAt !== null && POST_FAULTS.some((reason) => reason === pauseReason);
}

/** A campaign that paused for one of these has a post at fault. */
export const POST_FAULTS = ["content", "incomplete"] as const satisfies readonly PauseReason[];
