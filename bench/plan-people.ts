import { sql } from "drizzle-orm";
import type postgres from "postgres";
import { existingAttributes } from "../src/audience/attribute-facts.ts";
import { EVERYONE, countAudience } from "../src/audience/segment/audience.ts";
import { countAttributes } from "../src/audience/segment/count-attributes.ts";
import { eachPersonOf } from "../src/audience/segment/each-person.ts";
import { readLine } from "../src/audience/segment/read-line.ts";
import type { Segment } from "../src/audience/segment/segment.ts";
import type { Step } from "../src/campaign/step-plan.ts";
import type { Scope } from "../src/db/scope.ts";
import { freezeChunk } from "../src/delivery/freeze/freeze-chunk.ts";
import { aheadOf, feedStep } from "../src/delivery/freeze/feed-step.ts";
import { dayBoundsIn } from "../src/schedule/day-bounds.ts";
import type { Seeded } from "./plan-doors.ts";
import type { Subject } from "./plans.ts";

/* Segments, personal codes, the series for newcomers and the frequency cap: what they read of the people and of their deliveries. */

/** The people of plans.ts have these as well; SQL expressions over their `id`. */
export const FACTS = {
  tags: "array['t' || id % 20, 'u' || id % 7]",
  attributes: "jsonb_build_object('city', 'c' || id % 50, 'age', 14 + id % 60)",
  source: "case when id % 3 = 0 then 'promo_' || id % 10 end",
  joined_at: "now() - id * interval '30 seconds'",
  last_seen_at: "now() - (id % 120) * interval '1 day'",
};

const POOL = 70_000;
const STEP = 91_000;
/** With a poll that a fifth of its people answered. */
const POLLED = 2;
const FREEZE = 10_000;
/** What a chunk may freeze, it looks for among four times as many people. */
const LOOKED_AT = 4 * FREEZE;
const FED = 5_000;
const HOUR_MS = 3_600_000;
const NOW = new Date();

export async function seedPeople(client: postgres.Sql, { people, bot }: Seeded): Promise<void> {
  await client.unsafe(
    `with list as (insert into lists (bot_id, name, key, created_by) values (${bot}, 'Fair', 'fair', 7) returning id)
     insert into list_members (bot_id, list_id, chat_id)
     select ${bot}, list.id, person from list, generate_series(1, ${people}, 10) as person`,
  );
  await client.unsafe(
    `insert into polls (bot_id, poll_id, campaign_id, tally)
     select ${bot}, 'poll ' || n, ${POLLED}, '{"v":1,"options":[{"id":"a","text":"Red"},{"id":"b","text":"Blue"}],"voters":1}'
     from generate_series(1, ${people}, 5) as n`,
  );
  await client.unsafe(
    `insert into poll_answers (bot_id, campaign_id, poll_id, voter_id, name, choices)
     select ${bot}, ${POLLED}, 'poll ' || n, n, 'A', array[case when n % 3 = 0 then 'a' else 'b' end]
     from generate_series(1, ${people}, 5) as n`,
  );
}

/** Half of the codes have been given to the people whom the freezing campaign has, and a step is on its way. */
export async function seedGiven(client: postgres.Sql, { people, bot }: Seeded): Promise<void> {
  const half = people / 2;
  await client.unsafe(`insert into code_pools (home_id, id, made) values (${bot}, ${POOL}, ${people})`);
  await client.unsafe(
    `insert into codes (home_id, pool_id, code, place, given_at, user_id, campaign_id)
     select ${bot}, ${POOL}, 'CODE' || n, n, case when n <= ${half} then now() end, case when n <= ${half} then n end,
       case when n <= ${half} then 5 end
     from generate_series(1, ${people}) as n`,
  );
  const sent = people / 10;
  await client.unsafe(
    `insert into deliveries (bot_id, campaign_id, seq, chat_id, state, attempts, claims, message_id, settled_at)
     select ${bot}, ${STEP}, n, ${people} - n, 'sent', 1, 1, n, now() from generate_series(1, ${sent}) as n`,
  );
  await client.unsafe(
    `insert into campaigns (home_id, bot_id, id, state, content, audience, created_by, origin_key, started_at, finished_at,
       frozen_at, total, sent, step, joined_cursor, freeze_cursor)
     values (${bot}, ${bot}, ${STEP}, 'finished', '{"kind":"text","text":"A post","buttons":[]}', '${JSON.stringify(EVERYONE)}', 7,
       'step', now(), now(), now(), ${sent}, ${sent}, '${JSON.stringify({ v: 1, ...step })}', now() - interval '30 days', 0)`,
  );
}

const step: Step = { after: { in: "hours", count: 24 }, since: "2020-01-01T00:00:00.000Z" };

function segmentOf(line: string): Segment {
  const reading = readLine(line, dayBoundsIn("UTC"));
  if (reading.type !== "read") throw new Error(`not understood: ${line}`);
  return reading.segment;
}

const counts = (line: string, cost: string): Subject => ({
  name: `countAudience, \`${line}\``,
  hot: false,
  most: Infinity,
  cost,
  run: (scope) => countAudience(scope, { ...EVERYONE, segment: segmentOf(line) }, NOW),
});

const ALL_PEOPLE = "all recipients of the bot";

export function peopleSubjects({ people, bot, sending }: Seeded, freezing: number): Subject[] {
  const change = (scope: Scope, what: string) =>
    scope.db.execute(sql.raw(`update campaigns set ${what} where bot_id = ${bot} and id = ${freezing}`));

  const freezes = (line: string): Subject => ({
    name: `freezeChunk, ${FREEZE}, \`${line}\``,
    hot: true,
    most: 5 * LOOKED_AT,
    cost: `${LOOKED_AT.toLocaleString("en")} people, and their deliveries in the campaigns that it names`,
    async run(scope) {
      const audience = JSON.stringify({ v: 2, ...EVERYONE, segment: segmentOf(line) });
      await change(scope, `audience = '${audience}'`);
      await freezeChunk(scope, freezing, FREEZE);
    },
  });

  return [
    counts("tag:t7 -tag:u3 source:promo_0", ALL_PEOPLE),
    counts("city:c7 age:>30 seen:<30d joined:>2026-01-01 chance:50%", ALL_PEOPLE),
    counts("list:fair", `${ALL_PEOPLE}, and the list`),
    counts("got:2", `${ALL_PEOPLE}, and the campaign`),
    counts("-got:2", `${ALL_PEOPLE}, and the campaign`),
    counts("among:2 -got:2 tag:t7", `${ALL_PEOPLE}, and the campaign, once`),
    counts("failed:2 or uncertain:3", `${ALL_PEOPLE}, and what failed or is uncertain`),
    counts(`voted:${sending}`, `${ALL_PEOPLE}, and the votes`),
    counts(`-answered:${POLLED}`, `${ALL_PEOPLE}, and the answers`),
    counts(`answered:${POLLED}=Blue`, `${ALL_PEOPLE}, the answers, and the polls of those who answered`),
    {
      name: "countAudience, everyone, with a frequency cap",
      hot: false,
      most: Infinity,
      cost: `${ALL_PEOPLE}, and all deliveries of the days that the cap looks back on`,
      run: (scope) =>
        countAudience(scope, EVERYONE, NOW, {
          category: null,
          cap: {
            most: 2,
            since: new Date(NOW.getTime() - 20 * 24 * HOUR_MS),
            campaigns: [2, 3].map((id) => ({ botId: bot, id, total: people })),
          },
        }),
    },
    freezes("tag:t7 age:>30"),
    freezes("got:2 -failed:3 list:fair"),
    {
      name: `freezeChunk, ${FREEZE}, each with a code of their own`,
      hot: true,
      most: 50 * FREEZE,
      cost: "the chunk, and its codes by key",
      async run(scope) {
        await change(
          scope,
          `code_pool = ${POOL}, content = '{"kind":"text","text":"Your code: {code}","buttons":[]}'`,
        );
        await freezeChunk(scope, freezing, FREEZE);
      },
    },
    {
      name: `series for newcomers: feedStep, ${FED}, and how far the step before is`,
      hot: true,
      most: 25 * FED,
      cost: "the newcomers who are due",
      async run(scope) {
        const due = { from: new Date(NOW.getTime() - 60 * 24 * HOUR_MS), to: NOW, ahead: null };
        await aheadOf(scope, STEP, NOW);
        await feedStep(scope, STEP, due, FED);
      },
    },
    {
      name: "export of a segment: the first people of `got:2 tag:t7`",
      hot: false,
      most: 30_000,
      cost: "2,000 people, and their deliveries",
      run: (scope) => eachPersonOf(scope, segmentOf("got:2 tag:t7"), NOW).next(),
    },
    {
      name: "existingAttributes, two that people have and two that nobody has",
      hot: false,
      most: Infinity,
      cost: "all recipients of the home's bots once, if a word in braces is not an attribute",
      run: (scope) => existingAttributes(scope, ["city", "age", "nobody", "nothing"]),
    },
    {
      name: "countAttributes of `tag:t7`",
      hot: false,
      most: Infinity,
      cost: ALL_PEOPLE,
      run: (scope) =>
        countAttributes(scope, { ...EVERYONE, segment: segmentOf("tag:t7") }, ["city", "age"], NOW),
    },
  ];
}
