import { and, asc, eq, isNotNull, isNull, lte } from "drizzle-orm";
import type { Scope } from "../db/scope.ts";
import { campaigns } from "../db/schema.ts";
import type { Campaign } from "./campaign.ts";
import { toCampaign } from "./queries.ts";

/** Campaigns that start by then and whose authors have not been reminded yet, in order of time. */
export async function listToRemind({ db, botId }: Scope, by: Date): Promise<Campaign[]> {
  const rows = await db
    .select()
    .from(campaigns)
    .where(
      and(
        eq(campaigns.botId, botId),
        eq(campaigns.state, "scheduled"),
        lte(campaigns.startsAt, by),
        isNotNull(campaigns.agreedCount),
        isNull(campaigns.remindedAt),
      ),
    )
    .orderBy(asc(campaigns.startsAt), asc(campaigns.id));
  return rows.map(toCampaign);
}

/** Records that its author no longer needs a reminder. False if someone changed it meanwhile. */
export async function markReminded(
  { db, botId }: Scope,
  { id, revision }: Pick<Campaign, "id" | "revision">,
  now: Date,
): Promise<boolean> {
  const marked = await db
    .update(campaigns)
    .set({ remindedAt: now })
    .where(
      and(
        eq(campaigns.botId, botId),
        eq(campaigns.id, id),
        eq(campaigns.revision, revision),
        isNull(campaigns.remindedAt),
      ),
    )
    .returning({ id: campaigns.id });
  return marked.length > 0;
}
