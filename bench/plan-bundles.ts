import type postgres from "postgres";
import { countJoint } from "../src/audience/segment/joint-count.ts";
import { EVERYONE } from "../src/audience/segment/audience.ts";
import { scopeOf } from "../src/db/scope.ts";
import { freezeChunk } from "../src/delivery/freeze/freeze-chunk.ts";
import type { Seeded } from "./plan-doors.ts";
import type { Subject } from "./plans.ts";

/* A post to the people of three bots, each person once: counting them, and taking them while the audience is frozen. */

const [SHOP, NEWS] = [3_000_001, 3_000_002];
/** Of the news; the shop has frozen its own half. */
const CAMPAIGN = 90_001;
const BUNDLE = 90_000;
const FREEZE = 10_000;

/** As many people for each further bot; half of them are people of the bot before it as well. */
export async function seedBundle(client: postgres.Sql, { people, bot }: Seeded): Promise<void> {
  for (const [place, id] of [SHOP, NEWS].entries()) {
    await client.unsafe(`insert into senders (bot_id, home_id) values (${id}, ${bot})`);
    const first = ((place + 1) * people) / 2;
    await client.unsafe(
      `insert into recipients (bot_id, chat_id, language, status)
       select ${id}, id, 'en', (case when id % 50 = 0 then 'blocked' else 'active' end)::recipient_status
       from generate_series(${first} + 1, ${first + people}) as id`,
    );
  }
}

/** The first bots have taken theirs: half of the news's people are gone. */
export async function seedTaken(client: postgres.Sql, { people, bot }: Seeded): Promise<void> {
  await client.unsafe(
    `insert into bundle_people (home_id, bundle_id, user_id)
     select ${bot}, ${BUNDLE}, id from generate_series(1, ${people * 1.5}) as id`,
  );
  await client.unsafe(
    `insert into campaigns (home_id, bot_id, id, state, content, audience, created_by, origin_key, starts_at, started_at, bundle_id, each_once)
     values (${bot}, ${NEWS}, ${CAMPAIGN}, 'running', '{"kind":"text","text":"A post","buttons":[]}', '${JSON.stringify(EVERYONE)}',
       7, 'bundle', now(), now(), ${BUNDLE}, true)`,
  );
}

const freeze = (name: string, cursor: number): Subject => ({
  name: `freezeChunk, ${FREEZE}, each person once, ${name}`,
  hot: true,
  most: 25 * FREEZE,
  cost: "the chunk, and a look at the key of each person in it",
  async run(scope) {
    await scope.db.execute(
      `update campaigns set freeze_cursor = ${cursor} where bot_id = ${NEWS} and id = ${CAMPAIGN}`,
    );
    await freezeChunk(scopeOf(scope, { botId: NEWS }), CAMPAIGN, FREEZE);
  },
});

export function bundleSubjects({ people, bot }: Seeded): Subject[] {
  return [
    {
      name: "countJoint, everyone of three bots",
      hot: false,
      most: Infinity,
      cost: "all recipients of the bots, read from end to end because everybody is counted, each time the card with the audience or the review is shown",
      run: (scope) => countJoint(scope, { bots: [bot, SHOP, NEWS], eachOnce: true }, EVERYONE, new Date()),
    },
    freeze("all taken by other bots", people * 1.25),
    freeze("nobody taken", people * 1.75),
  ];
}
