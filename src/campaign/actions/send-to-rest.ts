import type { Actor } from "../../access/actor.ts";
import { isForChats } from "../../audience/segment/audience.ts";
import { type Segment, allOf, partsOf } from "../../audience/segment/segment.ts";
import { forNewCampaign } from "../../content/button-ids.ts";
import { type HomeScope, scopeOf } from "../../db/scope.ts";
import { DomainError } from "../../errors.ts";
import { authorizeOn } from "../authorize-on.ts";
import type { Campaign } from "../campaign.ts";
import { insertDraft } from "../new-draft.ts";
import { getCampaign } from "../queries.ts";

/** True if a campaign went only to some of those it could have gone to: to the first so many, or to a share by chance. */
export function leavesRest({ audience, state, detailsDroppedAt, bundleId }: Campaign): boolean {
  if (isForChats(audience) || state !== "finished" || detailsDroppedAt || bundleId !== null) return false;
  return audience.first !== undefined || partsOf(audience.segment).some(isShare);
}

/**
 * A new draft of the same post for those whom a campaign to the first so many, or to a share by chance, was not for. Who was
 * among its people does not get it again, whatever became of their copy.
 * @throws DomainError `forbidden`, `not-found`, `bot-unknown`; `conflict` if the campaign went to all, or is not over
 */
export async function sendToRest(
  home: HomeScope,
  actor: Actor,
  id: number,
  originKey: string,
): Promise<Campaign> {
  await authorizeOn(home, { actor, action: "duplicate", id });
  const original = await getCampaign(home, id);
  const { content, audience, category, window, state, codePool, codeRound } = original;
  if (!leavesRest(original) || isForChats(audience)) throw new DomainError("conflict", { id, state });
  const { first: _, segment: __, ...languages } = audience;
  const parts = partsOf(audience.segment).filter((part) => !isShare(part));
  const rest = { ...languages, segment: allOf([...parts, { not: { among: id } }]) };
  return insertDraft(scopeOf(home, original), actor, {
    content: forNewCampaign(content),
    audience: rest,
    category,
    window,
    // Nobody gets a second code.
    codePool,
    codeRound,
    originKey,
  });
}

function isShare(segment: Segment): boolean {
  return "chance" in segment;
}
