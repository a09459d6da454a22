import { countRecipients } from "../recipients-of.ts";
import { randomUUID } from "node:crypto";
import type { Actor } from "../../access/actor.ts";
import { type HomeScope, inTransaction } from "../../db/scope.ts";
import { DomainError } from "../../errors.ts";
import type { Reach } from "../apply-changes.ts";
import { type Campaign, canBeChanged, canBeMended } from "../campaign.ts";
import type { Draft } from "../new-draft.ts";
import { getCampaign } from "../queries.ts";
import { conflict } from "../transition.ts";
import { beginChange } from "./begin-change.ts";
import { editDraft } from "./edit-draft.ts";
import type { LaunchOptions } from "./launch.ts";
import { mend } from "./mend.ts";
import { saveChange } from "./save-change.ts";

export interface DirectChange {
  /** The revision that was read; without it the present one counts. */
  revision?: number | undefined;
  change: Partial<Draft>;
  /** The number of recipients that was agreed; needed once the campaign is scheduled. */
  agreedCount?: number | undefined;
  reach?: Reach | undefined;
}

/**
 * Changes a campaign in one step, whatever its state allows: a draft is edited, a scheduled campaign changed, and one
 * that is paused half-way gets a new post for those who have not received it.
 * @throws DomainError as editDraft(), saveChange() and mend() do; `count-not-typed` without an agreed number
 */
export async function changeDirectly(
  home: HomeScope,
  actor: Actor,
  id: number,
  { revision, change, agreedCount, reach }: DirectChange,
  options: Omit<LaunchOptions, "mostScheduled">,
): Promise<Campaign> {
  return inTransaction(home, async (tx) => {
    const campaign = await getCampaign(tx, id);
    if (revision !== undefined && campaign.revision !== revision) throw new DomainError("changed", { id });
    if (campaign.state === "draft") return editDraft(tx, actor, campaign, change);
    // What a campaign has sent is edited by editSentDirectly().
    if (!canBeChanged(campaign)) throw await conflict(tx, id);
    const draft = await beginChange(tx, actor, id, `direct change ${randomUUID()}`);
    if (canBeMended(campaign)) {
      // Whom it is for and when has been settled by starting it.
      const { content, ...others } = change;
      if (!content || Object.keys(others).length > 0)
        throw new DomainError("conflict", { id, state: campaign.state });
      return mend(tx, actor, await editDraft(tx, actor, draft, { content }));
    }
    const edited = await editDraft(tx, actor, draft, change);
    if (agreedCount === undefined) {
      const { reachable } = await countRecipients(tx, edited, options.now);
      throw new DomainError("count-not-typed", { count: reachable });
    }
    const { startsAt } = edited;
    const agreed = { count: agreedCount, typedCount: agreedCount, startsAt };
    return saveChange(tx, actor, edited, { ...agreed, ...(reach && { reach }) }, options);
  });
}
