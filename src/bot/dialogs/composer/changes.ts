import { isDeepStrictEqual } from "node:util";
import { type Campaign, canBeMended, hasNotStarted } from "../../../campaign/campaign.ts";
import { progressOf } from "../../../campaign/progress.ts";
import { findCampaign } from "../../../campaign/queries.ts";
import { factsOfSeries } from "../../../campaign/series.ts";
import type { CampaignState } from "../../../db/states.ts";
import type { BotDeps } from "../../context.ts";

/** What a draft that changes a campaign has to know of it. */
export interface ChangeFacts {
  /** The campaign that it changes. */
  id: number;
  state: CampaignState;
  agreedCount: number;
  /** It has started, or has ended. */
  started: boolean;
  /** It paused because its post is at fault: only the post can be changed, for so many who have not got it. */
  mends: { left: number } | null;
  /** It has not started, or its post is at fault, and nobody else has changed it since. */
  possible: boolean;
  /** It can be meant for this run only, or for all that follow as well. */
  asksReach: boolean;
  /** The run that the repeat has to be changed from, when that is not this one. */
  later: number | null;
  /** What it is meant for when that is not asked: a change of the repeat itself is one of all that follow. */
  reach: "run" | "series";
}

/** Null for an ordinary draft. */
export async function changeOf({ scope, clock }: BotDeps, draft: Campaign): Promise<ChangeFacts | null> {
  if (draft.changes === null) return null;
  const campaign = await findCampaign(scope, draft.changes);
  if (!campaign) return null;
  const series = await factsOfSeries(scope, campaign, clock.now());
  const sameRepeat = isDeepStrictEqual(draft.recurrence, campaign.recurrence);
  // With nothing to follow it, a run is all that there is; one that is made already has to be changed itself.
  const isOpen = hasNotStarted(campaign) || canBeMended(campaign);
  const canReach = series !== null && series.newest && series.next !== null;
  return {
    id: campaign.id,
    state: campaign.state,
    agreedCount: campaign.agreedCount ?? 0,
    started: !isOpen,
    mends: canBeMended(campaign) ? { left: progressOf(campaign).left } : null,
    possible: isOpen && campaign.revision === draft.changesRevision,
    asksReach: canReach && sameRepeat,
    later: series && !series.newest && !sameRepeat ? (series.next?.id ?? null) : null,
    reach: series?.newest && !sameRepeat ? "series" : "run",
  };
}
