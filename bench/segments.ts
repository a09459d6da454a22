import { sql } from "drizzle-orm";
import { EVERYONE, type People, countAudience, countLanguages } from "../src/audience/segment/audience.ts";
import { readLine } from "../src/audience/segment/read-line.ts";
import { toColumns } from "../src/campaign/json-columns.ts";
import { getCampaign } from "../src/campaign/queries.ts";
import { query } from "../src/db/connect.ts";
import { campaigns } from "../src/db/schema.ts";
import type { Scope } from "../src/db/scope.ts";
import { freezeChunk } from "../src/delivery/freeze/freeze-chunk.ts";
import { FREEZE_SIZE } from "../src/delivery/freeze/freeze-loop.ts";
import type { Content } from "../src/content/content.ts";
import { dayBoundsIn } from "../src/schedule/day-bounds.ts";
import { CONTENT } from "./contender.ts";
import { openScope, seed } from "./engine.ts";
import { table } from "./markdown-table.ts";

/*
 * What a segment costs beside a choice of languages, with 200 tags, 5 attributes and 20 past campaigns:
 *
 *   createdb herald_segments && npx tsx bench/segments.ts postgres://postgres@127.0.0.1:5432/herald_segments [people]
 *
 * Three of the campaigns went to everybody, the others to a quarter. Each time is the median of five. "First people" is
 * from the start of the freeze until somebody is frozen, compared with the people of one language. Takes about ten minutes and 3 GB of disk.
 */

const [url = "", given = "1000000"] = process.argv.slice(2);
const PEOPLE = Number(given);
const WHOLE = [1, 2, 3];
const CAMPAIGNS = 20;

/** Of the past campaigns: only one with a poll and with votes can be asked about them. */
const POLL: Content = {
  kind: "poll",
  poll: {
    question: "Which colour?",
    options: [{ text: "Red" }, { text: "Blue" }],
    is_anonymous: false,
    type: "regular",
    allows_multiple_answers: false,
  },
  buttons: [[{ text: "👍", vote: true }]],
};

/** Three conditions each, from what most people meet to what one in two hundred does. */
const LINES = [
  "tag:tag1 -tag:tag2 seen:<30d",
  "tag:tag199 city:c3 age:>18",
  "tag:tag1 or city:c3 or premium:yes",
  "got:1 -answered:2 tag:tag1",
  "got:1 -voted:2 seen:<30d",
  "got:1 -got:2 -failed:3",
  "got:1 or failed:2 or uncertain:3",
  "got:1 got:2 -got:3",
  "got:1 or got:2 or got:3",
  "among:1 -got:2 tag:tag1",
  "got:11 -got:12 -got:13",
  "source:promo_7 joined:>2026-01-01 phone:yes",
  "chance:10% age:>=30 -city:c1",
];

async function fill(scope: Scope): Promise<void> {
  const { botId, db } = scope;
  await db.execute(sql`update recipients set
      tags = array(select 'tag' || (power(random(), 3) * 200)::int from generate_series(1, 3 + (chat_id % 3)::int)),
      attributes = jsonb_build_object('city', 'c' || (random() * 20)::int, 'age', 14 + (random() * 60)::int,
        'born', to_char(date '1950-01-01' + (random() * 20000)::int, 'YYYY-MM-DD'), 'plan', 'p' || (random() * 4)::int,
        'orders', (random() * 30)::int),
      source = case when random() < 0.3 then 'promo_' || (random() * 20)::int end,
      last_seen_at = now() - random() * interval '120 days', joined_at = now() - random() * interval '700 days',
      is_premium = random() < 0.1, phone = case when random() < 0.3 then '79990000000' end`);
  for (let id = 1; id <= CAMPAIGNS; id++) {
    await insertCampaign(scope, id, EVERYONE, {
      state: "finished",
      ...toColumns({ content: POLL, audience: EVERYONE }),
    });
    const share = WHOLE.includes(id) ? 1 : 0.25;
    await db.execute(sql`insert into deliveries (bot_id, campaign_id, seq, chat_id, state, message_id, settled_at)
      select ${botId}::bigint, ${id}::bigint, row_number() over (order by chat_id), chat_id,
        (case when random() < 0.97 then 'sent' when random() < 0.9 then 'failed' else 'uncertain' end)::delivery_state, 1, now()
      from recipients where bot_id = ${botId} and random() < ${share}::float8 order by chat_id`);
    await db.execute(
      sql`update campaigns set total = (select count(*) from deliveries where campaign_id = ${id}) where id = ${id}`,
    );
  }
  await db.execute(sql`insert into votes (bot_id, campaign_id, user_id, choice)
    select ${botId}::bigint, 2, chat_id, '👍' from recipients where random() < 0.3`);
  await db.execute(sql`insert into poll_answers (bot_id, campaign_id, poll_id, voter_id, name, choices)
    select ${botId}::bigint, 2, chat_id::text, chat_id, 'A', array['o'] from recipients where random() < 0.3`);
  await db.execute(sql`vacuum analyze recipients`);
  await db.execute(sql`vacuum analyze deliveries`);
  await db.execute(sql`vacuum analyze votes`);
  await db.execute(sql`vacuum analyze poll_answers`);
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
    createdBy: 1,
    originKey: `bench ${id}`,
    ...toColumns({ content: CONTENT, audience }),
    ...more,
  });
}

async function median(times: number, work: (round: number) => Promise<unknown>): Promise<number> {
  const took: number[] = [];
  for (let round = 0; round < times; round++) {
    const from = performance.now();
    await work(round);
    took.push(performance.now() - from);
  }
  return took.toSorted((one, other) => one - other)[Math.floor(times / 2)] ?? 0;
}

const ms = (value: number) => `${value.toFixed(value < 10 ? 1 : 0)} ms`;
const times = (value: number, base: number) => `${(value / base).toFixed(1)} ×`;

/** Freezes an audience until somebody is frozen, or to its end, and forgets it; resolves with how long that took. */
async function freeze(scope: Scope, audience: People, whole = false): Promise<number> {
  const [newest] = await query<{ id: number }>(scope.db, sql`select max(id)::float8 as id from campaigns`);
  const id = (newest?.id ?? 0) + 1;
  const now = new Date();
  await insertCampaign(scope, id, audience, { state: "running", startsAt: now, startedAt: now });
  const from = performance.now();
  for (let complete = false, size = 1_000; !complete; size = FREEZE_SIZE.server) {
    complete = await freezeChunk(scope, id, size);
    if (!whole && (await getCampaign(scope, id)).total > 0) break;
  }
  const took = performance.now() - from;
  await scope.db.execute(sql`delete from deliveries where bot_id = ${scope.botId} and campaign_id = ${id}`);
  await scope.db.execute(sql`delete from campaigns where bot_id = ${scope.botId} and id = ${id}`);
  return took;
}

const { scope, database } = await openScope(url);
const [known] = await scope.db.select().from(campaigns).limit(1);
if (!known) {
  await seed(scope, PEOPLE, sql`(array['en', 'en', 'ru', 'de'])[1 + id % 4]`);
  await fill(scope);
}
const now = new Date();
const languages = await median(5, () => countLanguages(scope));
const one = await median(5, () => countAudience(scope, EVERYONE, now));
const first = await median(5, () => freeze(scope, { languages: ["en"] }));
const rows = [["all languages", ms(one), "", ms(first), "", String(PEOPLE)]];
for (const line of LINES) {
  const reading = readLine(line, dayBoundsIn("UTC"));
  if (reading.type !== "read") throw new Error(line);
  const audience: People = { languages: "all", segment: reading.segment };
  const counted = await median(5, () => countAudience(scope, audience, now));
  const chunk = await median(5, () => freeze(scope, audience));
  const { reachable } = await countAudience(scope, audience, now);
  rows.push([
    `\`${line}\``,
    ms(counted),
    times(counted, one),
    ms(chunk),
    times(chunk, first),
    String(reachable),
  ]);
  process.stderr.write(`${rows.at(-1)?.join(" ")}\n`);
}
process.stdout.write(`${table(["audience", "count", "", "first people", "", "people"], rows)}\n`);
process.stdout.write(`By language, for the toggles: ${ms(languages)}. `);
const reading = readLine("got:1 -got:2 -failed:3", dayBoundsIn("UTC"));
if (reading.type !== "read") throw new Error("unread");
const all = await freeze(scope, EVERYONE, true);
const some = await freeze(scope, { ...EVERYONE, segment: reading.segment }, true);
process.stdout.write(`Whole freeze: of everyone ${ms(all)}, of \`got:1 -got:2 -failed:3\` ${ms(some)}.\n`);
await database.close();
