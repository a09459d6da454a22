import { isDeepStrictEqual } from "node:util";
import { type FoundObstacle, editObstacle } from "../content/edits.ts";
import type { HomeScope } from "../db/scope.ts";
import type { CampaignState } from "../db/states.ts";
import { type Campaign, canBeChanged, canBeMended } from "./campaign.ts";
import { countUnfrozen } from "./unfrozen.ts";
import { progressOf } from "./progress.ts";
import { findCampaign } from "./queries.ts";
import { canEditSent } from "./sent-edits.ts";
import { factsOfSeries } from "./series.ts";

/** What a change draft may do to the campaign that it edits. */
export interface ChangeFacts {
  /** The campaign that it edits. */
  id: number;
  state: CampaignState;
  agreedCount: number;
  /** The campaign has started or ended. */
  started: boolean;
  /**
   * It has started: only the post can be changed. While it is paused half-way (`saves`), the change can be for only the `left`
   * people who have not received it; or it is for all, also the `sent` who have (null if there is nothing to edit), unless
   * an obstacle is in the way.
   */
  mends: { left: number; saves: boolean; sent: number | null; obstacle: FoundObstacle | null } | null;
  /** It can still be made: nobody else has changed the campaign since, nor has it ended. */
  possible: boolean;
  /** The change can apply to this run only, or to all later ones as well. */
  asksReach: boolean;
  /** The run in which the recurrence has to be changed, if that is not this one. */
  later: number | null;
  /** What the change applies to if that is not asked: a change of the recurrence itself applies to all later runs. */
  reach: "run" | "series";
}

/** Null for an ordinary draft. */
export async function changeFactsOf(
  home: HomeScope,
  draft: Campaign,
  now: Date,
): Promise<ChangeFacts | null> {
  if (draft.changes === null) return null;
  const campaign = await findCampaign(home, draft.changes);
  if (!campaign) return null;
  const series = await factsOfSeries(home, campaign, now);
  const sameRepeat = isDeepStrictEqual(draft.recurrence, campaign.recurrence);
  // Without a later run there is nothing else to change; a later run that already exists has to be changed itself.
  const editsSent = canEditSent(campaign);
  const isOpen = canBeChanged(campaign) || editsSent;
  const canReach = series !== null && series.newest && series.next !== null;
  return {
    id: campaign.id,
    state: campaign.state,
    agreedCount: campaign.agreedCount ?? 0,
    started: !isOpen,
    mends:
      canBeMended(campaign) || editsSent
        ? {
            left: progressOf(campaign).left + (await countUnfrozen(home, campaign)),
            saves: canBeMended(campaign),
            sent: editsSent ? campaign.sent : null,
            obstacle: editObstacle(campaign.content, draft.content),
          }
        : null,
    possible: isOpen && campaign.revision === draft.changesRevision,
    asksReach: canReach && sameRepeat,
    later: series && !series.newest && !sameRepeat ? (series.next?.id ?? null) : null,
    reach: series?.newest && !sameRepeat ? "series" : "run",
  };
}
