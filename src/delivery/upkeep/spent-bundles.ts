import { and, eq, gt, ne, notInArray, or, sql } from "drizzle-orm";
import { OVER_STATES } from "../../campaign/campaign.ts";
import { query } from "../../db/connect.ts";
import { campaigns } from "../../db/schema.ts";
import type { HomeScope } from "../../db/scope.ts";

/* Whom bundles have frozen is kept until nothing of them can freeze any longer, and for as long as deliveries are. */

/** The bundles whose people are still there, and of which everything ended before `before`, or is gone. */
export async function listSpentBundles(home: HomeScope, before: Date): Promise<number[]> {
  const spent: number[] = [];
  for (const bundleId of await listKept(home))
    if (!(await isNeeded(home, bundleId, before))) spent.push(bundleId);
  return spent;
}

/** Looks up one bundle after another in the key, and does not read their people. */
async function listKept({ db, homeId }: HomeScope): Promise<number[]> {
  const rows = await query<{ id: number }>(
    db,
    sql`with recursive kept as (
          (select bundle_id from bundle_people where home_id = ${homeId} order by bundle_id limit 1)
          union all
          select (select p.bundle_id from bundle_people p
              where p.home_id = ${homeId} and p.bundle_id > kept.bundle_id order by p.bundle_id limit 1)
          from kept where kept.bundle_id is not null
        )
        select bundle_id::float8 as id from kept where bundle_id is not null`,
  );
  return rows.map(({ id }) => id);
}

/** Whether something of a bundle may still freeze, or ended only after `before`. */
async function isNeeded({ db, homeId }: HomeScope, bundleId: number, before: Date): Promise<boolean> {
  const rows = await db
    .select({ id: campaigns.id })
    .from(campaigns)
    .where(
      and(
        eq(campaigns.homeId, homeId),
        eq(campaigns.bundleId, bundleId),
        ne(campaigns.state, "draft"),
        or(notInArray(campaigns.state, [...OVER_STATES]), gt(campaigns.finishedAt, before)),
      ),
    )
    .limit(1);
  return rows.length > 0;
}

/** Deletes at most `most` people of a bundle after `from`; returns the last of them, null if there was none. */
export async function dropBundlePeople(
  { db, homeId }: HomeScope,
  bundleId: number,
  from: number,
  most: number,
): Promise<number | null> {
  const ofBundle = sql`home_id = ${homeId} and bundle_id = ${bundleId} and user_id > ${from}`;
  const [row] = await query<{ last: number | null }>(
    db,
    sql`with batch as (
          select user_id from bundle_people where ${ofBundle} order by user_id limit ${most}::int
        ), last as (
          select max(user_id) as user_id from batch
        ), dropped as (
          delete from bundle_people where ${ofBundle} and user_id <= (select user_id from last)
        )
        select user_id::float8 as last from last`,
  );
  return row?.last ?? null;
}
