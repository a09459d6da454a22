import type { Actor } from "../../access/actor.ts";
import { authorizeOn } from "../authorize-on.ts";
import { type HomeScope, scopeOf } from "../../db/scope.ts";
import { DomainError } from "../../errors.ts";
import type { Campaign } from "../campaign.ts";
import { confirmBundle } from "../confirm-bundle.ts";
import { confirmDraft, scheduleDraft } from "../confirm-draft.ts";
import { type Confirmation, checkCount, isSameStart } from "../confirmation.ts";
import { isSendable } from "../findings.ts";
import { getDraft } from "../queries.ts";
import { startOf } from "../start-time.ts";

export interface LaunchOptions {
  now: Date;
  /** From this many people on, the number has to be typed. */
  typedFrom: number;
  /** How many campaigns of the bot may be scheduled at once. */
  mostScheduled: number;
}

/**
 * Sends a draft, or schedules it if it has a time, provided it is as confirmed: the same revision and time (null is at
 * once), and nearly the same number of recipients. One of several bots becomes a bundle; its first campaign is returned.
 * @throws DomainError `forbidden`, `not-found`, `conflict`; `changed` when it is not as agreed, or is a change, which is
 *   saved instead; `unsendable`; `no-audience`, `count-moved`, `count-not-typed`; `past`, `too-far`, `too-many`;
 *   `bot-unknown` when its bot is removed
 */
export async function launch(
  home: HomeScope,
  actor: Actor,
  { id, revision }: Pick<Campaign, "id" | "revision">,
  agreed: Confirmation & { startsAt: Date | null },
  { now, typedFrom, mostScheduled }: LaunchOptions,
): Promise<Campaign> {
  await authorizeOn(home, { actor, action: "launch", id });
  const draft = await getDraft(home, id);
  const startsAt = startOf(draft, now);
  if (draft.changes !== null || draft.revision !== revision || !isSameStart(startsAt, agreed.startsAt))
    throw new DomainError("changed", { id });
  if (!(await isSendable(home, draft))) throw new DomainError("unsendable", { id });
  const { reachable: agreedCount, shares } = await checkCount(home, draft, agreed, { now, typedFrom });
  if (shares) return confirmBundle(home, actor, draft, shares, { startsAt, now, mostScheduled });
  const scope = scopeOf(home, draft);
  return startsAt
    ? scheduleDraft(scope, actor, draft, { startsAt, agreedCount, now, mostScheduled })
    : confirmDraft(scope, actor, draft, now, agreedCount);
}
