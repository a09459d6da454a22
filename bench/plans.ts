import { once } from "node:events";
import { createWriteStream } from "node:fs";
import { Readable } from "node:stream";
import { fileURLToPath } from "node:url";
import { TransactionRollbackError, sql } from "drizzle-orm";
import { drizzle } from "drizzle-orm/postgres-js";
import postgres from "postgres";
import type { Actor } from "../src/access/actor.ts";
import { importRecipients } from "../src/audience/import/import-people.ts";
import { languageOf, refreshPerson, setOptedOut, setStatus } from "../src/audience/recipients.ts";
import { EVERYONE, countEveryone, countLanguages } from "../src/audience/segment/audience.ts";
import { eachFailure } from "../src/campaign/report/missed.ts";
import { listCards, listUnfinishedCards } from "../src/campaign/card-places.ts";
import { finish, startDue } from "../src/campaign/engine-moves.ts";
import { pause } from "../src/campaign/actions/pause.ts";
import { retry } from "../src/campaign/actions/retry.ts";
import {
  countRetryable,
  findCampaign,
  groupFailures,
  listDue,
  listOpen,
  listRunning,
} from "../src/campaign/queries.ts";
import { reviveAlike } from "../src/campaign/revive.ts";
import { listPage } from "../src/campaign/search.ts";
import { vote, wasDelivered } from "../src/campaign/votes/button-votes.ts";
import { systemClock } from "../src/clock.ts";
import type { Db } from "../src/db/connect.ts";
import { type Scope, homeScope } from "../src/db/scope.ts";
import { openDatabase } from "../src/db/open/open-database.ts";
import * as schema from "../src/db/schema.ts";
import { connect } from "../src/db/server/server.ts";
import type { Claimed } from "../src/delivery/shared/claimed.ts";
import { claim } from "../src/delivery/claim/claim.ts";
import { freezeChunk } from "../src/delivery/freeze/freeze-chunk.ts";
import { createLease } from "../src/delivery/upkeep/lease.ts";
import { savePausedUntil } from "../src/delivery/pace/retry-after.ts";
import { rescue } from "../src/delivery/upkeep/rescuer.ts";
import { createRetention } from "../src/delivery/upkeep/retention.ts";
import type { Settlement } from "../src/delivery/shared/settlement.ts";
import { settle } from "../src/delivery/settle/settle.ts";
import { createEvents } from "../src/events.ts";
import { createLog, rootCause } from "../src/log.ts";
import { bundleSubjects, seedBundle, seedTaken } from "./plan-bundles.ts";
import { type Seeded, doorSubjects, seedDoors } from "./plan-doors.ts";
import { FACTS, peopleSubjects, seedGiven, seedPeople } from "./plan-people.ts";

/*
 * The plan of every statement that reads a large table, at a million recipients:
 *
 *   createdb herald_plans && npx tsx bench/plans.ts postgres://postgres@127.0.0.1:5432/herald_plans
 *
 * It calls the real functions in a transaction that is rolled back, records their statements, and has each of them
 * explained with its own parameters, in the state in which it was called. It does so with every kind of statistics that
 * a database may have, because that is where plans go wrong: on a table that was never analyzed, on one that was
 * analyzed before these campaigns were frozen, and on one that has just been analyzed; and with the plan for these
 * parameters as well as with the plan for any.
 * Writes docs/plans.md, and exits with 1 if a hot statement reads a large table from end to end, or if any touches more
 * pages than its limit. Takes about fifteen minutes and 4 GB. The user has to be a superuser, because it deletes statistics.
 */

const PEOPLE = Number(process.argv[3] ?? 1_000_000);
const BOT = 1_000_001;
const OTHER_BOT = 1_000_002;
const ADMIN_ID = 7;
const ADMIN: Actor = { type: "admin", userId: ADMIN_ID, owner: true };
const NOW = new Date();

/** Campaigns that finished before the running ones. */
const HISTORY = 3;
/** Running, wholly frozen, three fifths sent. */
const SENDING = HISTORY + 1;
/** Running, half of it frozen. */
const FREEZING = HISTORY + 2;
const SCHEDULED = HISTORY + 3;
/** Finished so long ago that its deliveries are due for deletion. */
const OLD = 1;

const CLAIM = 500;
const FREEZE = 10_000;
const SETTLED_TO = Math.floor(PEOPLE * 0.6);
const IN_HAND = 1_000;

export interface Subject {
  name: string;
  /** Called while sending, or for each update: it has to be cheap whatever the tables hold. */
  hot: boolean;
  /** The limit on the pages that its statements touch, all together. */
  most: number;
  /** What its cost grows with. */
  cost: string;
  run(scope: Scope): Promise<unknown>;
}

const log = createLog("silent");

/** Deliveries of the campaign that is being sent, as `claim` left them. */
function held(first: number, count: number): Claimed[] {
  return Array.from({ length: count }, (_, index) => ({
    campaignId: SENDING,
    seq: first + index,
    chatId: first + index,
    threadId: null,
    attempts: 0,
    claims: 1,
    callsDone: 0,
    messageIds: [],
    version: null,
    contentRevision: 1,
    person: null,
  }));
}

const sent = (delivery: Claimed): Settlement => ({
  delivery,
  outcome: { type: "sent", messageIds: [delivery.seq] },
});
const refused = (delivery: Claimed, kind: "blocked" | "other" | "unreachable"): Settlement => ({
  delivery,
  outcome: { type: "refused", class: kind, description: "Bad Request: what Telegram said" },
});

/** A delivery from the front that is due again, as after a call that did not leave. */
const STRAGGLER = 3;
const SEEDED: Seeded = { people: PEOPLE, bot: BOT, sending: SENDING, old: OLD };
const SUBJECTS: Subject[] = [
  {
    name: `claim, ${CLAIM} at once`,
    hot: true,
    most: 30 * CLAIM,
    cost: "the batch. Until a vacuum, the dead index entries before it add a page per 360 messages or so",
    run: (scope) => claim(scope, SENDING, CLAIM, NOW),
  },
  {
    name: `claim, ${CLAIM} at once, with the language and the names of each`,
    hot: true,
    most: 35 * CLAIM,
    cost: "the batch, and its recipients by key",
    run: (scope) => claim(scope, SENDING, CLAIM, NOW, 0, { attributes: [], codes: null }),
  },
  {
    name: "claim, when one from the front is due again",
    hot: true,
    most: 30 * CLAIM,
    cost: "the batch, however far apart its deliveries are",
    async run(scope) {
      await putBack(scope);
      await claim(scope, SENDING, CLAIM, NOW);
    },
  },
  {
    name: "claim, nothing left",
    hot: true,
    most: 50,
    cost: "nothing, because it stops at the campaign's row or at an empty index",
    run: (scope) => claim(scope, OLD, CLAIM, NOW),
  },
  {
    name: `settle, ${CLAIM} sent`,
    hot: true,
    most: 30 * CLAIM,
    cost: "the batch",
    run: (scope) => settle(scope, held(SETTLED_TO + 1, CLAIM).map(sent), NOW),
  },
  {
    name: "settle, including one from the front",
    hot: true,
    most: 30 * CLAIM,
    cost: "the batch, however far apart its deliveries are",
    run: (scope) => settle(scope, [...held(STRAGGLER, 1), ...held(SETTLED_TO + 1, CLAIM - 1)].map(sent), NOW),
  },
  {
    name: "settle, some blocked and some refused for reasons not their own",
    hot: true,
    most: 40 * CLAIM,
    cost: "the batch, its recipients, and the last 500 outcomes",
    run: (scope) =>
      settle(
        scope,
        held(SETTLED_TO + 1, CLAIM).map((delivery, index) =>
          index % 10 === 0 ? refused(delivery, index % 20 === 0 ? "blocked" : "other") : sent(delivery),
        ),
        NOW,
      ),
  },
  {
    name: `settle, ${CLAIM} blocked`,
    hot: true,
    most: 50 * CLAIM,
    cost: "the batch and its recipients",
    run: (scope) =>
      settle(
        scope,
        held(SETTLED_TO + 1, CLAIM).map((delivery) => refused(delivery, "blocked")),
        NOW,
      ),
  },
  {
    name: `rescue, ${IN_HAND} in hand`,
    hot: true,
    most: 5 * IN_HAND,
    cost: "the deliveries of all campaigns that are being sent",
    run: (scope) => rescue(scope, held(SETTLED_TO + 1, IN_HAND)),
  },
  {
    name: `freezeChunk, ${FREEZE}, everyone`,
    hot: true,
    most: 15 * FREEZE,
    cost: "the chunk",
    run: (scope) => freezeChunk(scope, FREEZING, FREEZE),
  },
  {
    name: `freezeChunk, ${FREEZE}, two languages of eight`,
    hot: true,
    most: 15 * FREEZE,
    cost: "the chunk, and the people of other languages in between",
    async run(scope) {
      await scope.db.execute(
        sql`update campaigns set audience = '{"languages":["ru","de"]}' where bot_id = ${scope.botId} and id = ${FREEZING}`,
      );
      await freezeChunk(scope, FREEZING, FREEZE);
    },
  },
  { name: "finish", hot: true, most: 50, cost: "one row", run: (scope) => finish(scope, SENDING, NOW) },
  {
    name: "launch",
    hot: true,
    most: 50,
    cost: "one row",
    run: (scope) => startDue(scope, SCHEDULED, NOW),
  },
  { name: "pause", hot: true, most: 50, cost: "one row", run: (scope) => pause(scope, ADMIN, SENDING) },
  {
    name: "listRunning",
    hot: true,
    most: 50,
    cost: "the running campaigns",
    run: (scope) => listRunning(scope),
  },
  {
    name: "listDue",
    hot: true,
    most: 50,
    cost: "the campaigns that are due",
    run: (scope) => listDue(scope, NOW),
  },
  {
    name: "listOpen",
    hot: true,
    most: 50,
    cost: "the campaigns that are not over",
    run: (scope) => listOpen(scope),
  },
  {
    name: "findCampaign",
    hot: true,
    most: 20,
    cost: "one row, because a card reads counters and counts nothing",
    run: (scope) => findCampaign(scope, SENDING),
  },
  {
    name: "listCards",
    hot: true,
    most: 20,
    cost: "the campaign's cards",
    run: (scope) => listCards(scope, SENDING),
  },
  {
    name: "listUnfinishedCards",
    hot: false,
    most: 100,
    cost: "all cards, but only at the start",
    run: (scope) => listUnfinishedCards(scope),
  },
  { name: "lease: take", hot: true, most: 30, cost: "one row", run: takeLease },
  {
    name: "savePausedUntil",
    hot: true,
    most: 30,
    cost: "one row",
    run: (scope) => savePausedUntil(scope, NOW),
  },
  {
    name: "refreshPerson, known and unchanged",
    hot: true,
    most: 30,
    cost: "one row, which is locked but not written",
    run: (scope) => refreshPerson(scope, { id: 77, first_name: "Person 77", language_code: "en" }),
  },
  {
    name: "refreshPerson, new",
    hot: true,
    most: 40,
    cost: "one row",
    run: (scope) => refreshPerson(scope, { id: PEOPLE * 5, first_name: "New", language_code: "en" }),
  },
  {
    name: "setStatus",
    hot: true,
    most: 40,
    cost: "one row",
    run: (scope) => setStatus(scope, 78, "blocked"),
  },
  {
    name: "setOptedOut",
    hot: true,
    most: 40,
    cost: "one row",
    run: (scope) => setOptedOut(scope, 79, true),
  },
  {
    name: "wasDelivered",
    hot: true,
    most: 10,
    cost: "one row",
    run: async (scope) => wasDelivered(scope, (await findCampaign(scope, SENDING))!, STRAGGLER, STRAGGLER),
  },
  {
    name: "vote, moved to another button",
    hot: true,
    most: 60,
    cost: "one row, and the campaign's counters",
    run: (scope) => vote(scope, SENDING, STRAGGLER, "👎"),
  },
  { name: "languageOf", hot: true, most: 10, cost: "one row", run: (scope) => languageOf(scope, 80) },
  {
    name: "importRecipients, a batch of 2,000",
    hot: true,
    most: 25 * 2_000,
    cost: "the batch",
    run: (scope) => importRecipients(scope, Readable.from([Buffer.from(csv(PEOPLE - 999, 2_000))])),
  },
  {
    name: "retention: finding what is old, and a batch of 2,000",
    hot: true,
    most: 15 * 2_000,
    cost: "the batch",
    run: dropOnce,
  },
  {
    name: "countAudience",
    hot: false,
    most: Infinity,
    cost: "all recipients of the bot, each time the card with the audience is shown",
    run: (scope) => countEveryone(scope),
  },
  {
    name: "countLanguages",
    hot: false,
    most: Infinity,
    cost: "all reachable recipients of the bot, in an index, each time the languages are shown",
    run: (scope) => countLanguages(scope),
  },
  {
    name: "listPage, first page",
    hot: false,
    most: 100,
    cost: "one page of the list",
    run: (scope) => listPage(scope, "done", { page: 0, size: 8 }),
  },
  {
    name: "groupFailures",
    hot: false,
    most: 0.1 * PEOPLE,
    cost: "the campaign's failures, at its end and whenever its card is opened later",
    run: (scope) => groupFailures(scope, OLD),
  },
  {
    name: "countRetryable",
    hot: false,
    most: 0.3 * PEOPLE,
    cost: "the campaign's failures and their recipients",
    run: (scope) => countRetryable(scope, OLD),
  },
  {
    name: "eachFailure, first range",
    hot: false,
    most: Infinity,
    cost: "5,000 deliveries and the failures among them, for the CSV of those who were not reached",
    run: (scope) => eachFailure(scope, OLD).next(),
  },
  {
    name: "retry, with recount",
    hot: false,
    most: Infinity,
    cost: "the failures, then the whole campaign once to recount it, when an admin taps",
    run: (scope) => retry(scope, ADMIN, OLD, "failed"),
  },
  {
    name: "resume after errors: reviveAlike",
    hot: false,
    most: 0.5 * PEOPLE,
    cost: "the campaign's failures, when an admin taps",
    run: (scope) => reviveAlike(scope, OLD),
  },
  {
    name: "settle, the batch that proves that the list is right",
    hot: false,
    most: 0.3 * PEOPLE,
    cost: "those who were not found in this campaign until then, once per campaign",
    async run(scope) {
      // As many sent as not found: with half as many, the list would not count as proven.
      await scope.db.execute(
        sql`update campaigns set sent = unreachable, blocked = 0, deactivated = 0, failed = 0
            where bot_id = ${scope.botId} and id = ${SENDING}`,
      );
      await settle(scope, held(SETTLED_TO + 1, CLAIM).map(sent), NOW);
    },
  },
  ...doorSubjects(SEEDED),
  ...bundleSubjects(SEEDED),
  ...peopleSubjects(SEEDED, FREEZING),
];

async function putBack({ db, botId }: Scope): Promise<void> {
  await db.execute(
    sql`update deliveries set state = 'pending' where bot_id = ${botId} and campaign_id = ${SENDING} and seq = ${STRAGGLER}`,
  );
}

async function takeLease(scope: Scope): Promise<void> {
  const lease = createLease({
    scope,
    clock: systemClock,
    log,
    holder: "plans",
    exclusive: true,
    events: createEvents((error) => {
      throw error;
    }),
  });
  await lease.acquire();
}

/** One batch only: the lease is lost after it. */
async function dropOnce(scope: Scope): Promise<void> {
  let asked = 0;
  const retention = createRetention({
    scope,
    clock: { ...systemClock, sleep: async () => undefined },
    log,
    lease: { held: () => (asked += 1) <= 3 },
    days: 90,
  });
  await retention.sweep();
  await retention.stop();
}

function csv(first: number, count: number): string {
  const lines = Array.from({ length: count }, (_, index) => `${first + index},en,Renamed ${index}`);
  return ["chat_id,language,first_name", ...lines].join("\n");
}

interface Noted {
  text: string;
  params: unknown[];
}

interface PlanNode {
  "Node Type": string;
  "Relation Name"?: string;
  "Index Name"?: string;
  "Index Cond"?: string;
  "Subplan Name"?: string;
  "CTE Name"?: string;
  Operation?: string;
  "Actual Rows": number;
  "Actual Loops": number;
  "Rows Removed by Filter"?: number;
  "Rows Removed by Index Recheck"?: number;
  "Shared Hit Blocks": number;
  "Shared Read Blocks": number;
  Plans?: PlanNode[];
}

interface Explained {
  node: PlanNode;
  ms: number;
}

/** The totals of one subject's statements. */
interface Finding {
  pages: number;
  rows: number;
  ms: number;
  /** Large tables that were read from end to end. */
  endToEnd: string[];
  plan: string[];
}

const LARGE = [
  "recipients",
  "deliveries",
  "votes",
  "polls",
  "poll_answers",
  "list_members",
  "codes",
  "bundle_people",
  "webhook_messages",
  "heard_updates",
];
/** What plans are compared by: which table is read by which index. */
const shape = ({ plan }: Finding) => plan.map((line) => line.replace(/ · .*/, "")).join("\n");

async function main(url: string): Promise<void> {
  await (await openDatabase({ type: "server", url })).close();
  const noted: Noted[] = [];
  const client = connect(url, 2, "herald plans");
  const db: Db = drizzle(client, {
    schema,
    logger: { logQuery: (text, params) => void noted.push({ text, params }) },
  });
  const seeder = postgres(url, { max: 1, onnotice: () => undefined });
  const [held] = await client`select exists (select from recipients) as some`;
  if (held?.["some"]) throw new Error("That database already holds recipients. Use an empty one.");

  const findings = new Map<string, Finding>();
  const look = async (statistics: Statistics) => {
    for (const subject of SUBJECTS)
      for (const plan of PLANS)
        findings.set(key(subject, statistics, plan), await explain(client, db, noted, subject, plan));
  };
  await seedPast(seeder);
  await seeder.unsafe("analyze");
  await seedPresent(seeder);
  await look("before");
  await seeder.unsafe("analyze");
  await look("fresh");
  await forget(seeder);
  await look("never");
  await write(seeder, findings);
  await Promise.all([seeder.end(), client.end()]);
  const faults = faultsIn(findings);
  for (const fault of faults) process.stderr.write(`${fault}\n`);
  process.exitCode = faults.length > 0 ? 1 : 0;
}

const STATISTICS = ["never", "before", "fresh"] as const;
type Statistics = (typeof STATISTICS)[number];
const PLANS = ["custom", "generic"] as const;
type PlanKind = (typeof PLANS)[number];
const key = ({ name }: Subject, statistics: Statistics, plan: PlanKind) => `${name}|${statistics}|${plan}`;

/** Without autovacuum: the tables stay as they are before it comes by. */
async function seedPast(client: postgres.Sql): Promise<void> {
  for (const table of LARGE) await client.unsafe(`alter table ${table} set (autovacuum_enabled = false)`);
  await client.unsafe(
    `insert into homes (home_id, last_campaign) values (${BOT}, ${SCHEDULED}), (${OTHER_BOT}, 1)`,
  );
  await client.unsafe(
    `insert into senders (bot_id, home_id) values (${BOT}, ${BOT}), (${OTHER_BOT}, ${OTHER_BOT})`,
  );
  for (const [bot, count] of [
    [BOT, PEOPLE],
    [OTHER_BOT, PEOPLE / 10],
  ] as const)
    await client.unsafe(
      `insert into recipients (bot_id, chat_id, language, first_name, username, status, opted_out_at,
         ${Object.keys(FACTS).join(", ")})
       select ${bot}, id, (array['en','en','en','en','ru','de','es','fr',null])[1 + id % 9], 'Person ' || id, 'person_' || id,
         (case when id % 50 = 0 then 'blocked' when id % 400 = 0 then 'unreachable' else 'active' end)::recipient_status,
         case when id % 100 = 7 then now() end, ${Object.values(FACTS).join(", ")}
       from generate_series(1, ${count}) as id`,
    );
  for (let id = 1; id <= HISTORY; id += 1) await seedFinished(client, BOT, id, PEOPLE);
  await seedFinished(client, OTHER_BOT, 1, PEOPLE / 10);
  await seedDoors(client, SEEDED);
  await seedBundle(client, SEEDED);
  await seedPeople(client, SEEDED);
}

async function seedFinished(client: postgres.Sql, bot: number, id: number, count: number): Promise<void> {
  const ago = id === OLD ? 100 : 10;
  await client.unsafe(
    `insert into deliveries (bot_id, campaign_id, seq, chat_id, state, attempts, claims, message_id, reason, description, settled_at)
     select ${bot}, ${id}, seq, seq, state::delivery_state, 1, 1, case when state = 'sent' then seq end,
       case when state = 'failed' then (array['blocked','blocked','unreachable','deactivated','other'])[1 + seq % 5] when state = 'uncertain' then state end,
       case when state <> 'sent' then 'Forbidden: bot was blocked by the user' end, now() - interval '${ago} days'
     from (select seq, case when seq % 40 = 0 then 'failed' when seq % 300 = 1 then 'skipped'
       when seq % 10000 = 2 then 'uncertain' else 'sent' end as state from generate_series(1, ${count}) as seq) as one`,
  );
  await seedCampaign(client, bot, id, "finished", {
    started_at: `now() - interval '${ago} days'`,
    finished_at: `now() - interval '${ago} days'`,
    frozen_at: `now() - interval '${ago} days'`,
    total: String(count),
    ...Object.fromEntries(
      ["sent", "skipped", "uncertain"].map((state) => [state, counted(bot, id, `state = '${state}'`)]),
    ),
    ...Object.fromEntries(
      ["blocked", "unreachable", "deactivated"].map((reason) => [
        reason,
        counted(bot, id, `state = 'failed' and reason = '${reason}'`),
      ]),
    ),
    failed: counted(bot, id, "state = 'failed' and reason = 'other'"),
  });
}

function counted(bot: number, id: number, condition: string): string {
  return `(select count(*) from deliveries where bot_id = ${bot} and campaign_id = ${id} and ${condition})`;
}

async function seedCampaign(
  client: postgres.Sql,
  bot: number,
  id: number,
  state: string,
  more: Record<string, string> = {},
): Promise<void> {
  const columns = {
    home_id: String(bot),
    bot_id: String(bot),
    id: String(id),
    state: `'${state}'`,
    content: `'{"kind":"text","text":"A post","buttons":[]}'`,
    audience: `'${JSON.stringify(EVERYONE)}'`,
    created_by: String(ADMIN_ID),
    origin_key: `'${id}'`,
    starts_at: "now()",
    ...more,
  };
  await client.unsafe(
    `insert into campaigns (${Object.keys(columns).join(", ")}) values (${Object.values(columns).join(", ")})`,
  );
}

/** The running campaigns, written as the engine does: every row three times, and nothing is vacuumed. */
async function seedPresent(client: postgres.Sql): Promise<void> {
  await client.unsafe(
    `insert into deliveries (bot_id, campaign_id, seq, chat_id)
     select ${BOT}, ${SENDING}, seq, seq from generate_series(1, ${PEOPLE}) as seq`,
  );
  for (let from = 0; from < SETTLED_TO; from += 10_000) {
    const which = `bot_id = ${BOT} and campaign_id = ${SENDING} and seq > ${from} and seq <= ${Math.min(from + 10_000, SETTLED_TO)}`;
    await client.unsafe(`update deliveries set state = 'sending', claims = 1 where ${which}`);
    await client.unsafe(
      `update deliveries set state = case when seq % 40 = 0 then 'failed' else 'sent' end::delivery_state, attempts = 1,
         message_id = seq, reason = case when seq % 80 = 0 then 'blocked' when seq % 40 = 0 then 'unreachable' end, settled_at = now()
       where ${which}`,
    );
  }
  await client.unsafe(
    `update deliveries set state = 'sending', claims = 1 where bot_id = ${BOT} and campaign_id = ${SENDING}
       and (seq = ${STRAGGLER} or (seq > ${SETTLED_TO} and seq <= ${SETTLED_TO + IN_HAND}))`,
  );
  await seedCampaign(client, BOT, SENDING, "running", {
    started_at: "now()",
    frozen_at: "now()",
    total: String(PEOPLE),
    sent: counted(BOT, SENDING, "state = 'sent'"),
    blocked: counted(BOT, SENDING, "reason = 'blocked'"),
    unreachable: counted(BOT, SENDING, "reason = 'unreachable'"),
  });
  const half = PEOPLE / 2;
  await client.unsafe(
    `insert into deliveries (bot_id, campaign_id, seq, chat_id)
     select ${BOT}, ${FREEZING}, seq, seq from generate_series(1, ${half}) as seq`,
  );
  await seedCampaign(client, BOT, FREEZING, "running", {
    started_at: "now()",
    total: String(half),
    freeze_cursor: String(half),
  });
  await seedCampaign(client, BOT, SCHEDULED, "scheduled");
  await seedTaken(client, SEEDED);
  await seedGiven(client, SEEDED);
  await client.unsafe(
    `insert into votes (bot_id, campaign_id, user_id, choice)
     select ${BOT}, ${SENDING}, id, '👍' from generate_series(1, ${SETTLED_TO}) as id`,
  );
  await client.unsafe(
    `insert into taps (bot_id, campaign_id, button, what, count)
     values (${BOT}, ${SENDING}, '👍', 'vote', ${SETTLED_TO}), (${BOT}, ${SENDING}, '👎', 'vote', 0)`,
  );
  await client.unsafe(
    `insert into cards (home_id, campaign_id, chat_id, message_id, final)
     select ${BOT}, id, ${ADMIN_ID}, id, id <= ${HISTORY} from generate_series(1, ${FREEZING}) as id`,
  );
}

/** Makes it look as if no ANALYZE had ever run. */
async function forget(client: postgres.Sql): Promise<void> {
  await client.unsafe(
    `with tables as (select oid from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r'),
       gone as (delete from pg_statistic where starelid in (select oid from tables))
     update pg_class set reltuples = -1, relpages = 0
     where oid in (select oid from tables union select indexrelid from pg_index where indrelid in (select oid from tables))`,
  );
}

/** Runs a subject, rolls it back, and has its statements explained in their order. */
async function explain(
  client: postgres.Sql,
  db: Db,
  noted: Noted[],
  subject: Subject,
  plan: PlanKind,
): Promise<Finding> {
  noted.length = 0;
  await db
    .transaction(async (tx) => {
      await tx.execute(sql.raw(LIMIT));
      await subject.run(homeScope(tx, BOT));
      tx.rollback();
    })
    .catch((error: unknown) => {
      if (!(error instanceof TransactionRollbackError) && !isTooLong(error)) throw error;
    });
  const found: Explained[] = [];
  let tooLong = false;
  await client
    .begin(async (tx) => {
      for (const one of noted) {
        if (/^\s*set\b/i.test(one.text)) await tx.unsafe(one.text);
        else found.push(plan === "custom" ? await explainCustom(tx, one) : await explainGeneric(tx, one));
      }
      throw new Undo();
    })
    .catch((error: unknown) => {
      if (isTooLong(error)) tooLong = true;
      else if (!(error instanceof Undo)) throw error;
    });
  const finding = sumUp(found);
  if (tooLong) finding.pages = Infinity;
  return finding;
}

class Undo extends Error {}

/** A statement that takes longer is a fault, whatever it reads. */
const LIMIT = "set local statement_timeout = '15s'";

function isTooLong(error: unknown): boolean {
  const cause = error instanceof Error ? rootCause(error) : error;
  return cause instanceof postgres.PostgresError && cause.code === "57014"; // query_canceled
}

const EXPLAIN = "explain (analyze, buffers, timing off, format json)";

async function explainCustom(tx: postgres.TransactionSql, { text, params }: Noted): Promise<Explained> {
  return read(await tx.unsafe(`${EXPLAIN} ${text}`, params as never[]));
}

let prepared = 0;

/** The plan of a prepared statement once PostgreSQL no longer looks at its parameters. */
async function explainGeneric(tx: postgres.TransactionSql, { text, params }: Noted): Promise<Explained> {
  await tx.unsafe("set local plan_cache_mode = force_generic_plan");
  prepared += 1; // a statement that took too long is still prepared
  const name = `statement_${prepared}`;
  await tx.unsafe(`prepare ${name} as ${text}`);
  const values = params.map((value) =>
    value === null ? "null" : `'${String(value as string | number | boolean).replaceAll("'", "''")}'`,
  );
  const found = read(
    await tx.unsafe(`${EXPLAIN} execute ${name}${values.length > 0 ? `(${values.join(",")})` : ""}`),
  );
  await tx.unsafe(`deallocate ${name}`);
  return found;
}

function read(rows: readonly Record<string, unknown>[]): Explained {
  const value = rows[0]?.["QUERY PLAN"];
  const [top] = (typeof value === "string" ? JSON.parse(value) : value) as {
    Plan: PlanNode;
    "Execution Time": number;
  }[];
  if (!top) throw new Error("no plan came back");
  return { node: top.Plan, ms: top["Execution Time"] };
}

function* nodesOf(node: PlanNode): Generator<PlanNode> {
  yield node;
  for (const child of node.Plans ?? []) yield* nodesOf(child);
}

const pagesOf = (node: PlanNode) => node["Shared Hit Blocks"] + node["Shared Read Blocks"];

function sumUp(found: Explained[]): Finding {
  const finding: Finding = { pages: 0, rows: 0, ms: 0, endToEnd: [], plan: [] };
  for (const { node, ms } of found) {
    finding.ms += ms;
    finding.pages += pagesOf(node);
    const scanned = new Set([...nodesOf(node)].map((one) => one["CTE Name"]));
    for (const one of nodesOf(node)) {
      // A WITH that writes and that nothing reads is not included in the total of its parent node.
      const name = /^CTE (.*)/.exec(one["Subplan Name"] ?? "")?.[1];
      if (name !== undefined && !scanned.has(name)) finding.pages += pagesOf(one);
      const table = one["Relation Name"];
      if (one["Node Type"] === "ModifyTable") finding.plan.push(`${one.Operation} ${table} · ${pages(one)}`);
      if (one["Node Type"] === "Bitmap Index Scan" || one["Node Type"] === "ModifyTable") continue;
      if (table === undefined) continue;
      const read =
        (one["Actual Rows"] +
          (one["Rows Removed by Filter"] ?? 0) +
          (one["Rows Removed by Index Recheck"] ?? 0)) *
        one["Actual Loops"];
      finding.rows += read;
      if (one["Node Type"] === "Seq Scan" && LARGE.includes(table) && one["Actual Loops"] > 0)
        finding.endToEnd.push(table);
      const by = one["Index Name"] ?? one.Plans?.find((child) => child["Index Name"])?.["Index Name"];
      finding.plan.push(
        `${one["Node Type"]} ${table}${by ? ` by ${by}` : ""} · ${count(read)} rows, ${pages(one)}`,
      );
    }
  }
  return finding;
}

const pages = (node: PlanNode) => `${count(pagesOf(node))} pages`;
const count = (value: number) => (value === Infinity ? "∞" : Math.round(value).toLocaleString("en"));

function faultsIn(findings: Map<string, Finding>): string[] {
  return SUBJECTS.flatMap((subject) =>
    STATISTICS.flatMap((statistics) =>
      PLANS.flatMap((plan) => {
        const { pages, endToEnd } = findings.get(key(subject, statistics, plan))!;
        const where = `${subject.name} (${statistics}, ${plan})`;
        return [
          ...(pages > subject.most
            ? [`${where}: ${count(pages)} pages, at most ${count(subject.most)} allowed`]
            : []),
          ...(subject.hot ? endToEnd.map((table) => `${where}: reads ${table} from end to end`) : []),
        ];
      }),
    ),
  );
}

/** Column titles. */
const TITLES: Record<Statistics, string> = {
  never: "never analyzed",
  before: "analyzed before these campaigns",
  fresh: "analyzed now",
};

async function write(client: postgres.Sql, findings: Map<string, Finding>): Promise<void> {
  const [about] = await client`
    select current_setting('server_version') as version, pg_size_pretty(pg_database_size(current_database())) as size`;
  const file = createWriteStream(fileURLToPath(new URL("../docs/plans.md", import.meta.url)));
  const say = (line = "") => void file.write(`${line}\n`);
  say("# Plans");
  say();
  say(
    `What the engine's statements read with ${count(PEOPLE)} recipients, ${HISTORY} finished campaigns of that size, one that is three fifths`,
  );
  say(
    `sent, and one that is being frozen. PostgreSQL ${String(about?.["version"]).split(" ")[0]}, ${about?.["size"]}, nothing vacuumed. \`bench/plans.ts\` writes`,
  );
  say(
    "this page, and fails if a hot statement reads a large table from end to end, or if any statement touches",
  );
  say("more pages than its limit:");
  say();
  say("    createdb herald_plans && npx tsx bench/plans.ts postgres://postgres@127.0.0.1:5432/herald_plans");
  say();
  say(
    "A plan is only as good as what PostgreSQL knows about a table. So each statement is explained with everything it may",
  );
  say(
    "know: nothing (never analyzed); what was true before these campaigns were frozen (the everyday case: a table that holds",
  );
  say(
    "months of deliveries is not analyzed again for one more campaign); and what is true now. A page is 8 KB, in memory or",
  );
  say(
    "not. The second number is for the plan for any parameters (`plan_cache_mode = force_generic_plan`), which Herald's",
  );
  say("driver does not ask for, but a pooler may.");
  say();
  say(`| function | ${STATISTICS.map((one) => TITLES[one]).join(" | ")} | at most |`);
  say(`| --- | ${STATISTICS.map(() => "--:").join(" | ")} | --: |`);
  for (const subject of SUBJECTS) {
    const cells = STATISTICS.map((one) =>
      PLANS.map((plan) => count(findings.get(key(subject, one, plan))!.pages)).join(" / "),
    );
    const most = subject.most === Infinity ? "–" : count(subject.most);
    say(`| ${subject.name} | ${cells.join(" | ")} | ${most} |`);
  }
  say();
  for (const subject of SUBJECTS) {
    say(`## ${subject.name}`);
    say();
    say(`${subject.hot ? "Hot" : "Rare"}. Cost: ${subject.cost}.`);
    say();
    const seen = new Set<string>();
    for (const statistics of STATISTICS.toReversed())
      for (const plan of PLANS) {
        const finding = findings.get(key(subject, statistics, plan))!;
        if (seen.has(shape(finding))) continue;
        seen.add(shape(finding));
        say(
          `${TITLES[statistics]}${plan === "generic" ? ", any parameters" : ""}: ${count(finding.rows)} rows read, ${count(finding.pages)} pages`,
        );
        say();
        for (const line of finding.plan) say(`    ${line}`);
        say();
      }
  }
  file.end();
  await once(file, "finish");
}

const url = process.argv[2];
if (url === undefined) {
  process.stderr.write("Usage: npx tsx bench/plans.ts postgres://user@host/an-empty-database [people]\n");
  process.exitCode = 2;
} else await main(url);
