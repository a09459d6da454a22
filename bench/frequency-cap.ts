import { sql } from "drizzle-orm";
import postgres from "postgres";
import { EVERYONE, countAudience } from "../src/audience/segment/audience.ts";
import { toColumns } from "../src/campaign/json-columns.ts";
import { restraintOf } from "../src/campaign/frequency-cap.ts";
import { query } from "../src/db/connect.ts";
import { openDatabase } from "../src/db/open/open-database.ts";
import { homeScope } from "../src/db/scope.ts";
import { campaigns, homes } from "../src/db/schema.ts";
import { freezeChunk } from "../src/delivery/freeze/freeze-chunk.ts";
import { FREEZE_SIZE } from "../src/delivery/freeze/freeze-loop.ts";
import { BOT_ID, CONTENT, OWNER_ID } from "./contender.ts";
import { withDatabase } from "./databases.ts";

/*
 * What the frequency cap costs: the freeze and the count of a review for a million people who got some campaigns lately, with
 * and without a cap, in turns.
 *
 *   npx tsx bench/frequency-cap.ts [people] [campaigns]
 *
 * It makes a database of its own on BENCH_DATABASE_URL, and drops it.
 */

const [givenPeople = "1000000", givenCampaigns = "5"] = process.argv.slice(2);
const PEOPLE = Number(givenPeople);
const CAMPAIGNS = Number(givenCampaigns);
const ROUNDS = 2;
/** Half of the campaigns reached each person, so this cap holds back some and not all of them. */
const CAP = { most: Math.ceil(CAMPAIGNS / 2), days: 7 };

await withDatabase("frequency_cap", async (url) => {
  const database = await openDatabase({ type: "server", url });
  const scope = homeScope(database.db, BOT_ID);
  await database.db.insert(homes).values({ homeId: BOT_ID });
  await seed(url);
  const setCap = (cap: typeof CAP | null) =>
    database.db.execute(
      sql`update homes set settings = ${JSON.stringify({ v: 1, window: null, cap })}::text::jsonb`,
    );
  let id = 1_000;

  async function freeze(): Promise<{ firstMs: number; allS: number; frozen: number }> {
    id += 1;
    const now = new Date();
    await database.db.insert(campaigns).values({
      homeId: BOT_ID,
      botId: BOT_ID,
      id,
      createdBy: OWNER_ID,
      originKey: `bench ${id}`,
      state: "running",
      startedAt: now,
      ...toColumns({ content: CONTENT, audience: EVERYONE }),
    });
    const began = performance.now();
    let complete = await freezeChunk(scope, id, 1_000);
    const firstMs = performance.now() - began;
    while (!complete) complete = await freezeChunk(scope, id, FREEZE_SIZE.server);
    const allS = (performance.now() - began) / 1_000;
    const [row] = await query<{ total: number }>(
      database.db,
      sql`select total from campaigns where id = ${id}`,
    );
    await database.db.execute(sql`delete from deliveries where campaign_id = ${id}`);
    await database.db.execute(sql`delete from campaigns where id = ${id}`);
    return { firstMs, allS, frozen: Number(row?.total) };
  }

  async function count(): Promise<{ countS: number; overCap: number }> {
    const restraint = await restraintOf(scope, { id: 0, category: null }, [BOT_ID], new Date());
    const began = performance.now();
    const { overCap = 0 } = await countAudience(scope, EVERYONE, new Date(), restraint);
    return { countS: (performance.now() - began) / 1_000, overCap };
  }

  const high = { most: CAMPAIGNS + 1, days: CAP.days };
  for (let round = 1; round <= ROUNDS; round += 1)
    for (const cap of [null, high, CAP]) {
      await setCap(cap);
      const name = cap ? `at most ${cap.most} in ${cap.days} days` : "no cap";
      process.stdout.write(
        `${round} ${name} ${JSON.stringify({ ...(await freeze()), ...(await count()) })}\n`,
      );
    }
  await database.close();
});

/** A list, and finished campaigns each of which reached every other person of it, by chance. */
async function seed(url: string): Promise<void> {
  const client = postgres(url, { max: 1, onnotice: () => undefined });
  await client.unsafe(`insert into recipients (bot_id, chat_id, language, joined_at)
    select ${BOT_ID}, n, 'en', now() - interval '1 year' from generate_series(1, ${PEOPLE}) n`);
  for (let id = 1; id <= CAMPAIGNS; id += 1) {
    await client.unsafe(`insert into deliveries (bot_id, campaign_id, seq, chat_id, state, message_id, settled_at)
      select ${BOT_ID}, ${id}, n, n, case when random() < 0.5 then 'sent' else 'skipped' end::delivery_state, n,
        now() - interval '${id} hours' from generate_series(1, ${PEOPLE}) n`);
    await client.unsafe(`insert into campaigns (home_id, bot_id, id, state, content, audience, created_by, origin_key, started_at,
        finished_at, frozen_at, total, sent)
      values (${BOT_ID}, ${BOT_ID}, ${id}, 'finished', '{"kind":"text","text":"x","buttons":[]}', '{"languages":"all"}', 1, 'c${id}',
        now() - interval '1 day', now(), now(), ${PEOPLE}, ${PEOPLE})`);
  }
  await client.unsafe("vacuum analyze");
  await client.unsafe("checkpoint");
  await client.end();
}
