import { and, eq, isNotNull, isNull, lte, sql } from "drizzle-orm";
import { type HomeScope, type Scope, inTransaction } from "../db/scope.ts";
import { query } from "../db/connect.ts";
import { campaigns } from "../db/schema.ts";
import { lockPool } from "./code-pool.ts";

/** Deliveries or codes looked at in one statement. */
const BATCH = 5_000;

/** Cancelled campaigns of the bot that ended before `before`, have nothing under way, and whose codes have not gone back. */
export async function listToReturn({ db, botId }: Scope, before: Date) {
  return db
    .select({
      id: campaigns.id,
      codePool: campaigns.codePool,
      codeRound: campaigns.codeRound,
      total: campaigns.total,
    })
    .from(campaigns)
    .where(
      and(
        eq(campaigns.botId, botId),
        eq(campaigns.state, "cancelled"),
        isNotNull(campaigns.codePool),
        isNull(campaigns.codesReturnedAt),
        lte(campaigns.finishedAt, before),
        sql`not exists (select from deliveries d where d.bot_id = ${campaigns.botId} and d.campaign_id = ${campaigns.id}
          and d.state = 'sending')`,
      ),
    );
}

/**
 * Gives back the codes of those whom a cancelled campaign never wrote to, unless another campaign uses them as well. A crash
 * in between loses nothing: it begins again.
 */
export async function returnCodes(
  scope: Scope,
  { id, codePool, codeRound, total }: Awaited<ReturnType<typeof listToReturn>>[number],
): Promise<void> {
  const { botId, homeId } = scope;
  for (let from = 0; from < total; from += BATCH)
    await inTransaction(scope, async (tx) => {
      await lockPool(tx, codePool ?? 0);
      await tx.db.execute(
        sql`update codes set given_at = null, user_id = null, campaign_id = null, round = 0
            where home_id = ${homeId} and pool_id = ${codePool} and round = ${codeRound} and campaign_id = ${id}
              and user_id = any(array(select chat_id from deliveries where bot_id = ${botId} and campaign_id = ${id}
                and seq > ${from} and seq <= ${from + BATCH} and state = 'pending'))`,
      );
    });
  await scope.db
    .update(campaigns)
    .set({ codesReturnedAt: sql`now()` })
    .where(and(eq(campaigns.botId, botId), eq(campaigns.id, id)));
}

/** Rounds of which all details are deleted: nobody is to be remembered by their codes any longer. */
export async function listSpentRounds({
  db,
  homeId,
}: HomeScope): Promise<{ poolId: number; round: number }[]> {
  return query<{ poolId: number; round: number }>(
    db,
    sql`select code_pool::float8 as "poolId", code_round as round from campaigns
        where home_id = ${homeId} and code_pool is not null group by code_pool, code_round
        having bool_and(details_dropped_at is not null)`,
  );
}

/** Forgets who has the next codes of a round. The codes stay given. Returns how many people there were. */
export async function forgetHolders(
  { db, homeId }: HomeScope,
  { poolId, round }: { poolId: number; round: number },
): Promise<number> {
  const rows = await query<{ code: string }>(
    db,
    sql`update codes set user_id = null where home_id = ${homeId} and pool_id = ${poolId} and code = any(array(
          select code from codes where home_id = ${homeId} and pool_id = ${poolId} and round = ${round}
            and user_id is not null limit ${BATCH}::int))
        returning code`,
  );
  return rows.length;
}

/**
 * Pools that no campaign has any longer: their draft was discarded, or their bot removed. A series needs no look of its own: it
 * has the pool of one of its runs.
 */
export async function listLostPools({ db, homeId }: HomeScope, before: Date): Promise<number[]> {
  const rows = await query<{ id: number }>(
    db,
    sql`select p.id::float8 as id from code_pools p
        where p.home_id = ${homeId} and p.created_at <= ${before.toISOString()}::timestamptz
          and not exists (select from campaigns c where c.home_id = p.home_id and c.code_pool = p.id)`,
  );
  return rows.map(({ id }) => id);
}

/** Deletes the next codes of a pool; once there are none, the pool. Returns how many codes there were. */
export async function deletePool({ db, homeId }: HomeScope, id: number): Promise<number> {
  const rows = await query<{ code: string }>(
    db,
    sql`delete from codes where home_id = ${homeId} and pool_id = ${id} and code = any(array(
          select code from codes where home_id = ${homeId} and pool_id = ${id} order by code limit ${BATCH}::int))
        returning code`,
  );
  if (rows.length === 0)
    await db.execute(sql`delete from code_pools where home_id = ${homeId} and id = ${id}`);
  return rows.length;
}

/** Forgets which codes a person has by campaigns of the bot. The codes stay given. */
export async function forgetCodesOf({ db, homeId, botId }: Scope, userId: number): Promise<void> {
  await db.execute(
    sql`update codes set user_id = null where home_id = ${homeId} and user_id = ${userId}
        and (campaign_id is null or campaign_id in (select id from campaigns where bot_id = ${botId}))`,
  );
}
