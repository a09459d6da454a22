import { type SQL, and, eq, inArray, sql } from "drizzle-orm";
import { type HomeScope, type Scope, inTransaction } from "../db/scope.ts";
import { campaigns } from "../db/schema.ts";
import type { CampaignState } from "../db/states.ts";
import { DomainError } from "../errors.ts";
import type { Campaign, Move } from "./campaign.ts";
import { tellWebhooks } from "./campaign-event.ts";
import { detailsGone, getCampaign, toCampaign } from "./queries.ts";

export type Change = {
  [K in keyof typeof campaigns.$inferInsert]?: (typeof campaigns.$inferInsert)[K] | SQL;
};

/** @throws DomainError `conflict` if the campaign is not in one of `from`, `not-found` if there is none. */
export async function move<From extends CampaignState>(
  scope: Scope,
  id: number,
  from: From | readonly From[],
  to: Move<From>,
  change: Change,
): Promise<Campaign> {
  const campaign = await tryMove(scope, id, from, to, change);
  if (!campaign) throw await conflict(scope, id);
  return campaign;
}

/**
 * The only way to change a state: a conditional UPDATE, with what webhooks are told of it. Null if the condition no longer
 * holds.
 */
export async function tryMove<From extends CampaignState>(
  scope: Scope,
  id: number,
  from: From | readonly From[],
  to: Move<From>,
  change: Change,
  condition?: SQL,
): Promise<Campaign | null> {
  return inTransaction(scope, async (tx) => {
    const [row] = await tx.db
      .update(campaigns)
      .set({ ...change, state: to, updatedAt: sql`now()` })
      .where(and(is(tx, id, [from].flat()), condition))
      .returning();
    if (!row) return null;
    // A step of the series for newcomers comes and goes with each of them.
    if (!row.step) await tellWebhooks(tx, row);
    return toCampaign(row);
  });
}

export function is({ botId }: Scope, id: number, states: CampaignState[]): SQL | undefined {
  return and(eq(campaigns.botId, botId), eq(campaigns.id, id), inArray(campaigns.state, states));
}

/** The error for a draft that was changed meanwhile, is no longer a draft, or is none of a campaign. */
export async function changed(home: HomeScope, id: number): Promise<DomainError> {
  const { state, welcomeFor, step } = await getCampaign(home, id);
  if (state === "draft" && (welcomeFor !== null || step)) return new DomainError("no-campaign", { id });
  return state === "draft" ? new DomainError("changed", { id }) : conflict(home, id);
}

/** The error for a retry that was not possible: the deliveries are deleted, or the campaign is not finished. */
export async function goneOrConflict(home: HomeScope, id: number): Promise<DomainError> {
  const campaign = await getCampaign(home, id);
  return campaign.detailsDroppedAt ? detailsGone(campaign) : conflict(home, id);
}

/** The error for a transition that was not possible; it names the campaign's state. */
export async function conflict(home: HomeScope, id: number): Promise<DomainError> {
  const { state } = await getCampaign(home, id);
  return new DomainError("conflict", { id, state });
}
