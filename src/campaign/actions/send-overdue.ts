import type { Actor } from "../../access/actor.ts";
import { authorizeOn } from "../authorize-on.ts";
import { type HomeScope, scopeOf } from "../../db/scope.ts";
import { DomainError } from "../../errors.ts";
import { type Campaign, isOverdue } from "../campaign.ts";
import { confirmOverdue } from "../confirm-draft.ts";
import { type Confirmation, checkCount } from "../confirmation.ts";
import { getCampaign } from "../queries.ts";
import type { LaunchOptions } from "./launch.ts";

/**
 * Sends an overdue campaign after all, provided it is as confirmed: the same revision, and nearly the same number of
 * recipients. It starts at once, however late.
 * @throws DomainError `forbidden`, `not-found`; `conflict` when it is not overdue, or no longer; `changed`;
 *   `no-audience`, `count-moved`, `count-not-typed`
 */
export async function sendOverdue(
  home: HomeScope,
  actor: Actor,
  { id, revision }: Pick<Campaign, "id" | "revision">,
  agreed: Confirmation,
  { now, typedFrom }: Omit<LaunchOptions, "mostScheduled">,
): Promise<Campaign> {
  await authorizeOn(home, { actor, action: "send-overdue", id });
  const campaign = await getCampaign(home, id);
  if (!isOverdue(campaign, now)) throw new DomainError("conflict", { id, state: campaign.state });
  if (campaign.revision !== revision) throw new DomainError("changed", { id });
  const scope = scopeOf(home, campaign);
  const { reachable: agreedCount } = await checkCount(home, campaign, agreed, { now, typedFrom });
  return confirmOverdue(scope, actor, campaign, agreedCount);
}
