import type { Audience } from "../audience/segment/audience.ts";
import type { Content } from "../content/content.ts";
import type { campaigns } from "../db/schema.ts";
import type { CampaignState } from "../db/states.ts";
import type { Step } from "./step-plan.ts";
import type { Recurrence } from "../schedule/recurrence.ts";
import type { LeaveLabel } from "./leave-button.ts";
import type { Window } from "../schedule/window.ts";

/** One post to one audience at one time, with its own report. */
export type Campaign = Omit<
  typeof campaigns.$inferSelect,
  "content" | "audience" | "window" | "recurrence" | "step"
> & {
  content: Content;
  audience: Audience;
  window: Window | null;
  recurrence: Recurrence | null;
  step: Step | null;
  /** What the button says by which somebody of that language leaves its category; only while it is sent or shown, and has one. */
  leaveLabel?: LeaveLabel;
  /** The attributes that its post asks for and that exist, for those who send or show it: known-attributes.ts. */
  attributes?: readonly string[];
};

/**
 * Every transition of a campaign. A transition is one conditional UPDATE (transition.ts): if it returns no row, someone
 * else was first. A draft can also be discarded, which deletes it.
 * docs/states.md draws this table, and a test compares the two.
 */
export const TRANSITIONS = {
  draft: ["scheduled", "finished"],
  scheduled: ["running", "paused", "cancelled", "expired"],
  running: ["paused", "finished", "cancelled"],
  paused: ["running", "scheduled", "cancelled"],
  finished: ["running", "paused"],
  cancelled: [],
  expired: [],
} as const satisfies Record<CampaignState, readonly CampaignState[]>;

export type Move<From extends CampaignState> = (typeof TRANSITIONS)[From][number];

/** Nothing changes unless someone requests a retry. */
export const OVER_STATES = ["finished", "cancelled", "expired"] as const satisfies readonly CampaignState[];

export function isOver(state: CampaignState): boolean {
  return OVER_STATES.some((over) => over === state);
}

/** True if it is scheduled, or was paused before its time: all of it can still be changed. */
export function hasNotStarted({ state, startedAt }: Pick<Campaign, "state" | "startedAt">): boolean {
  return state === "scheduled" || (state === "paused" && startedAt === null);
}

/** True if it is paused half-way: its post can still be changed for those who have not received it. */
export function canBeMended({ state, startedAt }: Campaign): boolean {
  return state === "paused" && startedAt !== null;
}

/** True if it has not started or is paused half-way, so that a change draft of it can be created and saved. */
export function canBeChanged(campaign: Campaign): boolean {
  return hasNotStarted(campaign) || canBeMended(campaign);
}

/** True if the time of a paused campaign passed before it started, so that someone has to decide what happens to it. */
export function isOverdue(campaign: Campaign, now: Date): boolean {
  const { state, startsAt } = campaign;
  return state === "paused" && hasNotStarted(campaign) && startsAt !== null && startsAt <= now;
}
