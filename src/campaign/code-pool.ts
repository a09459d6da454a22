import { type SQL, and, count, eq, sql } from "drizzle-orm";
import { query } from "../db/connect.ts";
import { type HomeScope, inTransaction } from "../db/scope.ts";
import { codePools, codes } from "../db/schema.ts";
import type { Campaign } from "./campaign.ts";
import { drawCodes } from "./code-pattern.ts";

/** Which code of which pool a person has. */
export type CodeRound = Pick<Campaign, "codePool" | "codeRound">;

/** Codes written in one statement. */
const BATCH = 5_000;

/** Makes the pool of a campaign. */
export async function insertPool({ db, homeId }: HomeScope, id: number): Promise<void> {
  await db.insert(codePools).values({ homeId, id }).onConflictDoNothing();
}

/** Locks the pool until the transaction ends, so that giving, returning and adding codes run one at a time. */
export async function lockPool({ db, homeId }: HomeScope, id: number): Promise<void> {
  await db
    .select({ id: codePools.id })
    .from(codePools)
    .where(and(eq(codePools.homeId, homeId), eq(codePools.id, id)))
    .for("update");
}

/** Adds codes to the pool, in this order. Returns how many are new to it. */
export async function addCodes(home: HomeScope, poolId: number, list: readonly string[]): Promise<number> {
  let added = 0;
  for (let from = 0; from < list.length; from += BATCH)
    added += await addBatch(home, poolId, list.slice(from, from + BATCH));
  return added;
}

/** Adds codes that are drawn by a pattern, until there are so many new ones. */
export async function addDrawn(
  home: HomeScope,
  poolId: number,
  pattern: string,
  wanted: number,
): Promise<void> {
  for (let left = wanted; left > 0;)
    left -= await addBatch(home, poolId, drawCodes(pattern, Math.min(left, BATCH)));
}

async function addBatch(home: HomeScope, poolId: number, list: readonly string[]): Promise<number> {
  return inTransaction(home, async (tx) => {
    await lockPool(tx, poolId);
    const [added] = await query<{ count: number }>(
      tx.db,
      sql`with added as (
            insert into codes (home_id, pool_id, code, place)
            select ${tx.homeId}::bigint, ${poolId}::bigint, one.code, p.made + one.place
            from jsonb_array_elements_text(${JSON.stringify(list)}::jsonb) with ordinality as one(code, place),
              code_pools p where p.home_id = ${tx.homeId} and p.id = ${poolId}
            on conflict do nothing returning 1
          )
          select count(*)::int as count from added`,
    );
    await tx.db
      .update(codePools)
      .set({ made: sql`${codePools.made} + ${list.length}` })
      .where(and(eq(codePools.homeId, tx.homeId), eq(codePools.id, poolId)));
    return added?.count ?? 0;
  });
}

/** SQL: nobody has this row of `codes`, and it is not withheld since a restore. */
const isFree: SQL = sql`(codes.given_at is null and codes.place > (select p.withheld_to from code_pools p
  where p.home_id = codes.home_id and p.id = codes.pool_id))`;

export interface PoolCount {
  all: number;
  free: number;
  /** How many nobody had when the backup was made from which the database was restored. They are not given. */
  withheld: number;
  /** How long the longest code is. */
  characters: number;
  bytes: number;
}

/** Counts a pool; null if the campaign has none. */
export async function countPool({ db, homeId }: HomeScope, poolId: number | null): Promise<PoolCount | null> {
  if (poolId === null) return null;
  const [row] = await db
    .select({
      all: count(),
      free: sql<number>`count(*) filter (where ${isFree})`.mapWith(Number),
      withheld: sql<number>`count(*) filter (where ${codes.givenAt} is null and not ${isFree})`.mapWith(
        Number,
      ),
      characters: sql<number>`coalesce(max(char_length(${codes.code})), 0)`.mapWith(Number),
      bytes: sql<number>`coalesce(max(octet_length(${codes.code})), 0)`.mapWith(Number),
    })
    .from(codes)
    .where(and(eq(codes.homeId, homeId), eq(codes.poolId, poolId)));
  return row ?? null;
}

/** Codes that are withheld since a restore may be given from now on. */
export async function releaseCodes({ db, homeId }: HomeScope, poolId: number): Promise<void> {
  await db
    .update(codePools)
    .set({ withheldTo: 0 })
    .where(and(eq(codePools.homeId, homeId), eq(codePools.id, poolId)));
}

/** How many codes can be given. */
export async function countFree({ db, homeId }: HomeScope, poolId: number): Promise<number> {
  const [row] = await db
    .select({ count: count() })
    .from(codes)
    .where(and(eq(codes.homeId, homeId), eq(codes.poolId, poolId), isFree));
  return row?.count ?? 0;
}
