import { sql } from "drizzle-orm";
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
  const list = JSON.stringify(people);
  const ofPool = sql`home_id = ${homeId} and pool_id = ${codePool}`;
  // The freeze turns both off for its own statement; these look up by key.
  await db.execute(sql`set local enable_sort = on`);
  await db.execute(sql`set local enable_nestloop = on`);
  // Nobody takes back a code that two campaigns use.
  await db.execute(
    sql`update codes set campaign_id = null where ${ofPool} and round = ${codeRound} and campaign_id <> ${id}
        and user_id = any(array(select jsonb_array_elements_text(${list}::jsonb)::bigint))`,
  );
  const without = await query<{ person: number }>(
    db,
    sql`select p.person::float8 as person from jsonb_array_elements_text(${list}::jsonb) with ordinality as p(person, place)
        where (select c.code from codes c where c.home_id = ${homeId} and c.user_id = p.person::bigint
          and c.pool_id = ${codePool} and c.round = ${codeRound}) is null
        order by p.place`,
  );
  if (without.length === 0) return 0;
  const free = await query<{ code: string }>(
    db,
    sql`select code from codes where ${ofPool} and given_at is null order by place limit ${without.length}::int`,
  );
  if (free.length < without.length) return without.length - free.length;
  const given = Object.fromEntries(free.map(({ code }, index) => [code, without[index]?.person]));
  // By key, from one JSON, as in settle: a join of two lists without statistics may compare each with each.
  await db.execute(
    sql`update codes set given_at = now(), round = ${codeRound}::int, campaign_id = ${id}::bigint,
          user_id = (${JSON.stringify(given)}::jsonb ->> code)::bigint
        where ${ofPool} and code = any(array(select jsonb_object_keys(${JSON.stringify(given)}::jsonb)))`,
  );
  return 0;
}
