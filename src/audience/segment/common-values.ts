import { sql } from "drizzle-orm";
import { query } from "../../db/connect.ts";
import type { Scope } from "../../db/scope.ts";

/** People who are looked at for what is common among them: counting all would take a second for each million. */
const SAMPLE = 20_000;

/** The tags and sources that many people of a bot have, the most common first. */
export async function commonValues(
  { db, botId }: Scope,
  most: number,
): Promise<{ tags: string[]; sources: string[] }> {
  const people = sql`select tags, source from recipients where bot_id = ${botId} and kind = 'person' limit ${SAMPLE}`;
  const tags = await query<{ value: string }>(
    db,
    sql`select value from (${people}) p, unnest(p.tags) as value group by value order by count(*) desc, value limit ${most}`,
  );
  const sources = await query<{ value: string }>(
    db,
    sql`select source as value from (${people}) p where source is not null
        group by source order by count(*) desc, source limit ${most}`,
  );
  return { tags: tags.map(({ value }) => value), sources: sources.map(({ value }) => value) };
}
