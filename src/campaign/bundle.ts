import { and, asc, eq, inArray, ne } from "drizzle-orm";
import { campaigns } from "../db/schema.ts";
import type { HomeScope } from "../db/scope.ts";
import type { CampaignState } from "../db/states.ts";
import { type Campaign, isOver } from "./campaign.ts";
import { ofHome, toCampaign } from "./queries.ts";

/*
 * A bundle: campaigns that were confirmed together from one draft, one per bot, in the order in which the bots were chosen,
 * which is the order of their numbers. Its id is the number of the first one. Each is a campaign of its own, which its own
 * engine sends; the bundle is how they are shown, steered and told of together. Cards and news are about a campaign, by its
 * number, or about a bundle, by its negated id.
 */

/** The bots that are to send a draft, or the one that sends a campaign. */
export function botsOf({ bots, botId }: Pick<Campaign, "bots" | "botId">): readonly number[] {
  return bots ?? [botId];
}

/** How cards and news name a bundle. */
export function subjectOfBundle(bundleId: number): number {
  return -bundleId;
}

/** The bundle that a card or news is about; null if it is about a campaign. */
export function bundleIn(subject: number): number | null {
  return subject < 0 ? -subject : null;
}

/**
 * The campaigns of a bundle, in order, whichever bots the scope shows: whether all of it is over concerns each of them. Empty if
 * there is no such bundle, or none of its bots is left.
 */
export async function listBundle(home: HomeScope, bundleId: number): Promise<Campaign[]> {
  const rows = await selectBundle(home, bundleId);
  return rows.map(toCampaign);
}

/** The campaigns of several bundles, those of each in order: of bots that the scope shows. */
export async function listBundles(home: HomeScope, bundleIds: readonly number[]): Promise<Campaign[]> {
  if (bundleIds.length === 0) return [];
  const rows = await home.db
    .select()
    .from(campaigns)
    .where(and(ofHome(home), inArray(campaigns.bundleId, [...bundleIds]), ne(campaigns.state, "draft")))
    .orderBy(asc(campaigns.bundleId), asc(campaigns.id));
  return rows.map(toCampaign);
}

/**
 * Locks the campaigns of a bundle to the end of the transaction, before one of them is moved: of two that start or end at the
 * same time, the second sees what the first did. Always in order, so that they cannot wait for each other.
 */
export async function lockBundle(tx: HomeScope, bundleId: number | null): Promise<Campaign[]> {
  if (bundleId === null) return [];
  const rows = await selectBundle(tx, bundleId).for("update");
  return rows.map(toCampaign);
}

function selectBundle({ db, homeId }: HomeScope, bundleId: number) {
  return db
    .select()
    .from(campaigns)
    .where(
      // A change of one of them is a draft.
      and(eq(campaigns.homeId, homeId), eq(campaigns.bundleId, bundleId), ne(campaigns.state, "draft")),
    )
    .orderBy(asc(campaigns.id))
    .$dynamic();
}

/** What is said of a bundle as a whole: it goes on while one of its campaigns does. */
export function stateOfBundle(bundle: readonly Campaign[]): CampaignState {
  const states = new Set(bundle.map(({ state }) => state));
  const order = ["running", "paused", "scheduled", "finished", "cancelled", "expired"] as const;
  return order.find((state) => states.has(state)) ?? "draft";
}

export function isBundleOver(bundle: readonly Pick<Campaign, "state">[]): boolean {
  return bundle.every(({ state }) => isOver(state));
}
