import type { Actor } from "../../access/actor.ts";
import { authorizeOn } from "../authorize-on.ts";
import { type HomeScope, scopeOf } from "../../db/scope.ts";
import { DomainError } from "../../errors.ts";
import { type Reach, applyChanges, staleChangeError } from "../apply-changes.ts";
import type { Campaign } from "../campaign.ts";
import { changeFactsOf } from "../change-facts.ts";
import { type Confirmation, checkCount, isSameStart } from "../confirmation.ts";
import { isSendable } from "../findings.ts";
import { getDraft } from "../queries.ts";
import { startOf } from "../start-time.ts";
import { conflict } from "../transition.ts";
import type { LaunchOptions } from "./launch.ts";

/**
 * Applies a change draft to its campaign, which has not started, provided it is as confirmed: the same revision and time,
 * and nearly the same number of recipients. If the change could also apply to later runs of a series, the caller decides.
 * @throws DomainError `forbidden`, `not-found`; `conflict` when it is not a change, or its campaign has started or ended;
 *   `changed`, of the draft or of its campaign, as `id` says; `unsendable`; `later-run` when the repeat has to be changed
 *   in a later run; `reach-needed`; `no-audience`, `count-moved`, `count-not-typed`; `needs-time`, `too-far`
 */
export async function saveChange(
  home: HomeScope,
  actor: Actor,
  { id, revision }: Pick<Campaign, "id" | "revision">,
  agreed: Confirmation & { startsAt: Date | null; reach?: Reach },
  { now, typedFrom }: Omit<LaunchOptions, "mostScheduled">,
): Promise<Campaign> {
  await authorizeOn(home, { actor, action: "save-change", id });
  const draft = await getDraft(home, id);
  const change = await changeFactsOf(home, draft, now);
  if (!change) throw await conflict(home, id);
  if (!change.possible || change.mends) throw await staleChangeError(home, change.id);
  if (draft.revision !== revision) throw new DomainError("changed", { id });
  if (!(await isSendable(home, draft))) throw new DomainError("unsendable", { id });
  if (change.later !== null)
    throw new DomainError("later-run", { id: change.id, later: String(change.later) });
  if (change.asksReach && agreed.reach === undefined)
    throw new DomainError("reach-needed", { id: change.id });
  const limits = { now, typedFrom };
  const { reachable: agreedCount } = await checkCount(home, draft, agreed, limits, change.agreedCount);
  const startsAt = startOf(draft, now);
  if (!startsAt || startsAt < now) throw new DomainError("needs-time");
  if (!isSameStart(startsAt, agreed.startsAt)) throw new DomainError("changed", { id });
  const reach = change.asksReach ? (agreed.reach ?? "run") : change.reach;
  return applyChanges(scopeOf(home, draft), actor, draft, { startsAt, agreedCount, now }, reach);
}
