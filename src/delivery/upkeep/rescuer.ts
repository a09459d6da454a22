import { sql } from "drizzle-orm";
import { addingTo } from "../../campaign/counters.ts";
import { query } from "../../db/connect.ts";
import type { Scope } from "../../db/scope.ts";
import type { Claimed } from "../shared/claimed.ts";
import { INTERRUPTED, type Settlement } from "../shared/settlement.ts";

export interface Rescued {
  campaignId: number;
  originKey: string;
  count: number;
  /** Their new outcomes, as if each call had ended that way. */
  settlements: Settlement[];
}

/**
 * Makes `uncertain` all deliveries that are `sending` but in nobody's hands: a process died, or the answer to a claim was
 * lost. Nobody can say whether those calls left, so only an admin sends them again.
 * `held` are the deliveries that this process has in hand. Returns the rescued ones by campaign.
 */
export async function rescue({ db, botId }: Scope, held: readonly Claimed[]): Promise<Rescued[]> {
  const inHand = JSON.stringify(held.map(({ campaignId, seq }) => ({ campaignId, seq })));
  const rescued = await query<Omit<Rescued, "settlements"> & { deliveries: Claimed[] }>(
    db,
    sql`with rescued as (
          update deliveries d
          set state = 'uncertain', reason = 'uncertain', description = ${INTERRUPTED},
              attempts = attempts + 1, settled_at = now()
          where d.bot_id = ${botId} and d.state = 'sending' and not exists (
            select from jsonb_to_recordset(${inHand}::jsonb) as h("campaignId" bigint, "seq" int)
            where h."campaignId" = d.campaign_id and h."seq" = d.seq)
          returning d.*
        ), counts as (
          select campaign_id, count(*)::int as count, jsonb_agg(jsonb_build_object('campaignId', campaign_id, 'seq', seq,
              'chatId', chat_id, 'threadId', thread_id, 'attempts', attempts - 1, 'claims', claims, 'callsDone', calls_done,
              'version', version, 'contentRevision', content_revision, 'person', null, 'messageIds', coalesce(message_ids, array_remove(array[message_id], null))
            )) as deliveries
          from rescued group by campaign_id
        )
        ${addingTo({ uncertain: sql`counts.count` })}
        from counts where c.bot_id = ${botId} and c.id = counts.campaign_id
        returning c.id::float8 as "campaignId", c.origin_key as "originKey", counts.count, counts.deliveries`,
  );
  const outcome = { type: "uncertain", description: INTERRUPTED } as const;
  return rescued.map(({ deliveries, ...rest }) => ({
    ...rest,
    settlements: deliveries.map((delivery) => ({ delivery, outcome })),
  }));
}
