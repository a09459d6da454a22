import { type SQL, sql } from "drizzle-orm";
import { query } from "../db/connect.ts";
import type { HomeScope } from "../db/scope.ts";
import { buttonsOf, versionsOf } from "../content/content.ts";
import { CODE, attributesAsked, personalParts } from "../content/personal-parts.ts";
import { isForChats } from "../audience/segment/audience.ts";
import type { Campaign } from "./campaign.ts";
import { lockPool } from "./code-pool.ts";

/** True if the post says `{code}` and the campaign has codes for it. */
export function givesCodes(
  campaign: Pick<Campaign, "content" | "audience" | "codePool">,
): campaign is typeof campaign & { codePool: number } {
  return campaign.codePool !== null && asksForCode(campaign);
}

/** True if the post says `{code}` to people. */
export function asksForCode({ content, audience }: Pick<Campaign, "content" | "audience">): boolean {
  if (isForChats(audience) || content.options?.forward) return false;
  return versionsOf(content).some(({ version }) =>
    attributesAsked(personalParts(version, buttonsOf(content, version))).includes(CODE),
  );
}

/**
 * Gives each of these people a code, in their order and that of the codes, unless they have one of this round. Part of the
 * transaction that freezes them. Returns how many codes are lacking; then the transaction is to be rolled back.
 */
export async function giveCodes(
  tx: HomeScope,
  { id, codePool, codeRound }: Pick<Campaign, "id" | "codeRound"> & { codePool: number },
  people: readonly number[],
): Promise<number> {
  const { db, homeId } = tx;
  await lockPool(tx, codePool);
  // The freeze turns both off for its own statement; these look up by key.
  await db.execute(sql`set local enable_sort = on`);
  await db.execute(sql`set local enable_nestloop = on`);
  const held = await query<{ person: number; code: HeldCode | null }>(
    db,
    sql`select p.person::float8 as person,
          (select jsonb_build_object('code', c.code, 'place', c.place, 'campaign', c.campaign_id) from codes c
            where c.home_id = ${homeId} and c.user_id = p.person::bigint and c.pool_id = ${codePool}
              and c.round = ${codeRound}) as code
        from jsonb_array_elements_text(${JSON.stringify(people)}::jsonb) with ordinality as p(person, place)
        order by p.place`,
  );
  // Nobody takes back a code that two campaigns use.
  const shared = held.flatMap(({ code }) =>
    code && code.campaign !== null && code.campaign !== id ? [code] : [],
  );
  await changeCodes(tx, codePool, shared, sql`campaign_id = null`);
  const without = held.filter(({ code }) => code === null);
  if (without.length === 0) return 0;
  const free = await query<Omit<HeldCode, "campaign">>(
    db,
    sql`select code, place from codes
        where home_id = ${homeId} and pool_id = ${codePool} and given_at is null
          and place > (select withheld_to from code_pools where home_id = ${homeId} and id = ${codePool})
        order by place limit ${without.length}::int`,
  );
  if (free.length < without.length) return without.length - free.length;
  const given = free.map((one, index) => ({ ...one, person: without[index]?.person }));
  await changeCodes(
    tx,
    codePool,
    given,
    sql`given_at = now(), round = ${codeRound}::int, campaign_id = ${id}::bigint, user_id = excluded.user_id`,
  );
  return 0;
}

interface HeldCode {
  code: string;
  place: number;
  /** The campaign that gave it; null if others use it as well. */
  campaign: number | null;
}

/**
 * Changes codes that are there. An insert that conflicts finds each by the key, whatever the statistics say. An update of `code =
 * any(…)` compared each code of a pool that was just filled with each of the chunk: over 15 s with 50,000 codes.
 */
async function changeCodes(
  { db, homeId }: HomeScope,
  pool: number,
  codes: readonly { code: string; place: number; person?: number | undefined }[],
  change: SQL,
): Promise<void> {
  if (codes.length === 0) return;
  await db.execute(
    sql`insert into codes as c (home_id, pool_id, code, place, user_id)
        select ${homeId}::bigint, ${pool}::bigint, g.code, g.place, g.person
        from jsonb_to_recordset(${JSON.stringify(codes)}::jsonb) as g(code text, place int, person bigint)
        on conflict (home_id, pool_id, code) do update set ${change}`,
  );
}
