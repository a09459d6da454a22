import { sql } from "drizzle-orm";
import pLimit from "p-limit";
import { EVERYONE, type People, countAudience, countLanguages } from "../src/audience/segment/audience.ts";
import { readLine } from "../src/audience/segment/read-line.ts";
import { toColumns } from "../src/campaign/json-columns.ts";
import { systemClock as clock } from "../src/clock.ts";
import { campaigns } from "../src/db/schema.ts";
import type { Scope } from "../src/db/scope.ts";
import { FREEZE_SIZE, createFreezeLoop } from "../src/delivery/freeze/freeze-loop.ts";
import { dayBoundsIn } from "../src/schedule/day-bounds.ts";
import { CONTENT, OWNER_ID } from "./contender.ts";
import { openScope } from "./engine.ts";

/*
 * The freeze alone, and the counts of the card with the audience, for a list that is too large to send to here:
 *
 *   createdb herald_freeze && npx tsx bench/freeze.ts postgres://postgres@127.0.0.1:5432/herald_freeze [people]
 *
 * Ten million people if none are given; that takes 10 GB of disk. Only what autovacuum finds time for is
 * analyzed, as after an import. Memory is that of this process, which does what Herald's does in a freeze.
 */

const [url, given = "10000000"] = process.argv.slice(2);
if (url === undefined) throw new Error("Which database? See the head of this file.");
const PEOPLE = Number(given);
/** It went to everyone, and nearly everyone got it. */
const PAST = 1;
const STEP = 500_000;
const LINES = [
  "tag:t1 -tag:t2 seen:<30d",
  "tag:t1 city:c3 seen:<30d",
  `got:${PAST} tag:t1 seen:<30d`,
  `-got:${PAST} tag:t1 seen:<30d`,
];

const say = (line: string) => void process.stdout.write(`${line}\n`);
const seconds = (since: number) => `${((performance.now() - since) / 1000).toFixed(2)} s`;
const rssMb = () => process.memoryUsage.rss() / 1e6;

/** In steps: Herald's connections cancel a statement after a minute. */
async function seed(scope: Scope): Promise<void> {
  const { db, botId } = scope;
  await insertCampaign(scope, PAST, EVERYONE, { state: "finished", total: PEOPLE });
  for (let from = 1; from <= PEOPLE; from += STEP) {
    const ids = sql`generate_series(${from}::int, ${Math.min(PEOPLE, from + STEP - 1)}::int) as id`;
    await db.execute(sql`insert into recipients (bot_id, chat_id, language, first_name, tags, attributes, last_seen_at)
      select ${botId}::bigint, id, (array['en', 'en', 'ru', 'de'])[1 + id % 4], 'Person ' || id, array['t' || id % 20],
        jsonb_build_object('city', 'c' || id % 50), now() - (id % 120) * interval '1 day' from ${ids}`);
    await db.execute(sql`insert into deliveries (bot_id, campaign_id, seq, chat_id, state, message_id, settled_at)
      select ${botId}::bigint, ${PAST}::bigint, id, id, (case when id % 40 = 0 then 'failed' else 'sent' end)::delivery_state,
        1, now() from ${ids}`);
  }
}

async function insertCampaign(
  { db, botId, homeId }: Scope,
  id: number,
  audience: People,
  more: Partial<typeof campaigns.$inferInsert>,
): Promise<void> {
  await db.insert(campaigns).values({
    homeId,
    botId,
    id,
    createdBy: OWNER_ID,
    originKey: `bench ${id}`,
    ...toColumns({ content: CONTENT, audience }),
    ...more,
  });
}

function audienceOf(line: string): People {
  const reading = readLine(line, dayBoundsIn("UTC"));
  if (reading.type !== "read") throw new Error(`not understood: ${line}`);
  return { ...EVERYONE, segment: reading.segment };
}

/** Freezes an audience as the engine does. */
async function freeze(scope: Scope, id: number, audience: People): Promise<void> {
  const now = new Date();
  await insertCampaign(scope, id, audience, { state: "running", startsAt: now, startedAt: now });
  global.gc?.();
  const before = rssMb();
  let most = before;
  let first: string | null = null;
  const began = performance.now();
  const done = new Promise<void>((resolve, reject) => {
    const loop = createFreezeLoop({
      scope,
      clock,
      lease: { held: () => true },
      stop: new AbortController().signal,
      size: FREEZE_SIZE.server,
      inTurn: pLimit(1),
      onChunk: (_, complete) => {
        first ??= seconds(began);
        most = Math.max(most, rssMb());
        if (complete) resolve();
      },
      onPaused: () => reject(new Error("it paused")),
      onTrouble: reject,
    });
    loop.freeze(id);
  });
  await done;
  const whole = seconds(began);
  const rows = await scope.db
    .select({ total: campaigns.total })
    .from(campaigns)
    .where(sql`id = ${id}`);
  say(
    `freeze of ${rows[0]?.total}: first chunk after ${first}, all after ${whole}; ${before.toFixed(0)} MB before, ${most.toFixed(0)} MB at most`,
  );
}

async function count(scope: Scope, title: string): Promise<void> {
  const took: string[] = [];
  for (const [name, work] of [
    ["languages", () => countLanguages(scope)],
    ["everyone", () => countAudience(scope, EVERYONE, new Date())],
    ...LINES.map((line) => [line, () => countAudience(scope, audienceOf(line), new Date())] as const),
  ] as const) {
    const best: number[] = [];
    for (let round = 0; round < 3; round++) {
      const began = performance.now();
      await work();
      best.push(performance.now() - began);
    }
    took.push(`${name} ${(Math.min(...best) / 1000).toFixed(2)} s`);
  }
  say(`${title}: ${took.join("; ")}`);
}

const { scope, database } = await openScope(url);
const began = performance.now();
await seed(scope);
say(`seeded in ${seconds(began)}`);
await freeze(scope, 2, EVERYONE);
await freeze(scope, 3, audienceOf(`got:${PAST} tag:t1 seen:<30d`));
await count(scope, "counted");
await database.close();
