import { sql } from "drizzle-orm";
import { type Scope, query } from "../db/connect.ts";
import type { Claimed } from "./claim.ts";

/** How a rescued delivery is told from one whose call had no answer. */
export const INTERRUPTED = "interrupted before Telegram answered";

/**
 * Calls `uncertain` what stands as `sending` but is in nobody's hands: a process died, or the answer to a claim
 * was lost. Nobody can say whether those calls left, so they are not sent again by themselves.
 * `held` are the deliveries that this process has in hand. Returns how many were rescued, by campaign.
 */
export async function rescue(
  { db, botId }: Scope,
  held: readonly Claimed[],
): Promise<{ campaignId: number; count: number }[]> {
  const inHand = JSON.stringify(held.map(({ campaignId, seq }) => ({ campaignId, seq })));
  return query<{ campaignId: number; count: number }>(
    db,
    sql`with rescued as (
          update deliveries d
          set state = 'uncertain', reason = 'uncertain', description = ${INTERRUPTED},
              attempts = attempts + 1, settled_at = now()
          where d.bot_id = ${botId} and d.state = 'sending' and not exists (
            select from jsonb_to_recordset(${inHand}::jsonb) as h("campaignId" bigint, "seq" int)
            where h."campaignId" = d.campaign_id and h."seq" = d.seq)
          returning d.campaign_id
        ), counts as (
          select campaign_id, count(*)::int as count from rescued group by campaign_id
        )
        update campaigns c set uncertain = c.uncertain + counts.count
        from counts where c.bot_id = ${botId} and c.id = counts.campaign_id
        returning c.id::float8 as "campaignId", counts.count`,
  );
}
