import { bundleIn, isBundleOver, listBundle, stateOfBundle, subjectOfBundle } from "../../campaign/bundle.ts";
import { type Campaign, hasNotStarted, isOver } from "../../campaign/campaign.ts";
import { findCampaign } from "../../campaign/queries.ts";
import { findSentEdit, isUnderWay } from "../../campaign/sent-edits.ts";
import type { HomeScope } from "../../db/scope.ts";
import type { CampaignState, CardView } from "../../db/states.ts";
import type { Drawing } from "../ui/card.ts";
import type { CardDrawings } from "./card-drawings.ts";

/** What a card shows: a campaign or, by its negated id, a bundle of campaigns. */
export interface CardSubject {
  /** As in `cards.campaign_id`. */
  id: number;
  state: CampaignState;
  /** The bots that send it: it is shown to admins who may use all of them. */
  bots: readonly number[];
  /** Nothing more happens to it by itself; what it has sent is not being edited, either. */
  isOver: boolean;
  /** Nothing of it has started. */
  waits: boolean;
  /** The card of the bundle that this campaign is in, which changes with it. */
  within: number | null;
  draw(drawings: Pick<CardDrawings, "card" | "bundle">, chatId: number, view: CardView): Promise<Drawing>;
}

/** Null if there is no such campaign or bundle, or if it is a draft, which has no card. */
export async function findSubject(scope: HomeScope, id: number): Promise<CardSubject | null> {
  const bundleId = bundleIn(id);
  if (bundleId === null) {
    const campaign = await findCampaign(scope, id);
    if (!campaign || campaign.state === "draft") return null;
    const edit = isOver(campaign.state) ? await findSentEdit(scope, campaign) : null;
    return subjectOf(campaign, edit !== null && isUnderWay(edit));
  }
  const bundle = await listBundle(scope, bundleId);
  if (bundle.length === 0) return null;
  return {
    id,
    state: stateOfBundle(bundle),
    bots: bundle.map(({ botId }) => botId),
    isOver: isBundleOver(bundle),
    waits: bundle.every(hasNotStarted),
    within: null,
    draw: (drawings, chatId, view) => drawings.bundle(bundle, chatId, view),
  };
}

function subjectOf(campaign: Campaign, isEdited: boolean): CardSubject {
  const { id, botId, state, bundleId } = campaign;
  return {
    id,
    state,
    bots: [botId],
    isOver: isOver(state) && !isEdited,
    waits: hasNotStarted(campaign),
    within: bundleId === null ? null : subjectOfBundle(bundleId),
    draw: (drawings, chatId, view) => drawings.card(campaign, chatId, view),
  };
}
