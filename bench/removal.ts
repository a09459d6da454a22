import { Readable } from "node:stream";
import { eq, sql } from "drizzle-orm";
import postgres from "postgres";
import { startTelegram } from "../playground/telegram.ts";
import { importRecipients } from "../src/audience/import/import-people.ts";
import { EVERYONE } from "../src/audience/segment/audience.ts";
import { createDraft } from "../src/campaign/actions/create-draft.ts";
import { confirmDraft } from "../src/campaign/confirm-draft.ts";
import { systemClock as clock } from "../src/clock.ts";
import { openDatabase } from "../src/db/open/open-database.ts";
import { homeScope, scopeOf } from "../src/db/scope.ts";
import { homes, senders } from "../src/db/schema.ts";
import { createLog } from "../src/log.ts";
import { createPurge } from "../src/senders/purge.ts";
import { BOT_ID, CONTENT, OWNER_ID, TOKEN } from "./contender.ts";
import { another, ask } from "./another-process.ts";
import { seed, startEngine } from "./engine.ts";

/*
 * A bot is added with a million imported people, and removed, while another bot of the home sends a campaign: how long that
 * takes, what it does to the rate of the other one, and which locks it takes.
 *
 *   createdb herald_removal && npx tsx bench/removal.ts postgres://postgres@127.0.0.1:5432/herald_removal [rate] [people]
 *
 * The engine, the local Telegram, and what imports and removes each run in a process of their own.
 */

const [url = "", givenRate = "28", givenPeople = "1000000", role] = process.argv.slice(2);
const RATE = Number(givenRate);
const PEOPLE = Number(givenPeople);
const ADDED = 2_000_001;
/** The audience of the campaign that goes on meanwhile, in seconds. */
const LONGEST_S = 600;

const ADMIN = { type: "admin", userId: OWNER_ID, owner: true } as const;

async function runTelegram(): Promise<void> {
  const telegram = await startTelegram({ latency: 60, limits: "none" });
  telegram.bot(TOKEN);
  telegram.people(RATE * LONGEST_S, { firstId: 1 });
  process.on("message", () => {
    const sends = telegram.calls.filter(({ ok, method }) => ok && method.startsWith("send"));
    process.send?.(sends.map(({ at }) => performance.timeOrigin + at));
  });
  process.send?.({ apiRoot: telegram.apiRoot });
}

async function runEngine(apiRoot: string): Promise<void> {
  const engine = await startEngine(apiRoot, url, RATE);
  process.on("message", () => engine.poke());
  process.send?.({});
}

async function runChanges(): Promise<void> {
  const { db } = await openDatabase({ type: "server", url });
  const home = homeScope(db, BOT_ID);
  process.on("message", (what: "import" | "remove") => {
    void (async () => {
      if (what === "import") {
        await db.insert(senders).values({ botId: ADDED, homeId: BOT_ID });
        await importRecipients(scopeOf(home, { botId: ADDED }), Readable.from(file()));
      } else {
        await db.update(senders).set({ removedAt: clock.now() }).where(eq(senders.botId, ADDED));
        await createPurge({ home, clock, log: createLog("warn"), mayRun: () => true, graceMs: -1 }).sweep();
      }
      process.send?.({});
    })();
  });
  process.send?.({});
}

function* file(): Generator<Buffer> {
  yield Buffer.from("chat_id,first_name,language\n");
  for (let first = 0; first < PEOPLE; first += 1_000) {
    const rows = Array.from(
      { length: 1_000 },
      (_, index) => `${100_000_000 + first + index},Person ${index},en\n`,
    );
    yield Buffer.from(rows.join(""));
  }
}

const other = (...args: string[]) => another(import.meta.url, [url, givenRate, givenPeople, ...args]);

interface Locks {
  /** On tables, stronger than reading and writing rows takes. */
  strong: Set<string>;
  /** In how many of the looks somebody waited for a lock. */
  waits: number;
  looks: number;
}

/** Looks at the locks of the database every 50 ms until `over` aborts. */
async function watchLocks(over: AbortSignal): Promise<Locks> {
  const client = postgres(url, { max: 1 });
  const locks: Locks = { strong: new Set(), waits: 0, looks: 0 };
  while (!over.aborted) {
    const rows = await client<{ mode: string; granted: boolean; name: string | null }[]>`
      select l.mode, l.granted, c.relname as name from pg_locks l
      join pg_stat_activity a on a.pid = l.pid and a.backend_type = 'client backend'
      left join pg_class c on c.oid = l.relation and l.locktype = 'relation'
      where l.database = (select oid from pg_database where datname = current_database()) or l.locktype = 'transactionid'`;
    locks.looks += 1;
    if (rows.some(({ granted }) => !granted)) locks.waits += 1;
    for (const { mode, name } of rows)
      if (name !== null && !["AccessShareLock", "RowShareLock", "RowExclusiveLock"].includes(mode))
        locks.strong.add(`${mode} on ${name}`);
    await clock.sleep(50);
  }
  await client.end();
  return locks;
}

async function measure(): Promise<void> {
  const { db, close } = await openDatabase({ type: "server", url });
  const own = homeScope(db, BOT_ID);
  await db.insert(homes).values({ homeId: BOT_ID }).onConflictDoNothing();
  await db.insert(senders).values({ botId: BOT_ID, homeId: BOT_ID }).onConflictDoNothing();
  const scope = scopeOf(own, { botId: BOT_ID });
  await seed(scope, RATE * LONGEST_S);
  const telegram = await other("telegram");
  const engine = await other("engine", (telegram.said as { apiRoot: string }).apiRoot);
  const changes = await other("changes");
  const post = { content: CONTENT, audience: EVERYONE, originKey: "bench" };
  await confirmDraft(scope, ADMIN, await createDraft(scope, ADMIN, post, BOT_ID), new Date());
  engine.child.send("go");
  await clock.sleep(15_000);

  async function during(name: string, work: () => Promise<unknown>): Promise<void> {
    const over = new AbortController();
    const locks = watchLocks(over.signal);
    const from = performance.timeOrigin + performance.now();
    await work();
    const to = performance.timeOrigin + performance.now();
    over.abort();
    const seconds = Array<number>(Math.floor((to - from) / 1_000)).fill(0);
    for (const at of await ask<number[]>(telegram.child, "times")) {
      const second = Math.floor((at - from) / 1_000);
      if (second >= 0 && second < seconds.length) seconds[second]! += 1;
    }
    const sum = seconds.reduce((all, one) => all + one, 0);
    const { strong, waits, looks } = await locks;
    const facts = [
      `${((to - from) / 1_000).toFixed(1)} s`,
      `${(sum / seconds.length).toFixed(1)} messages a second`,
      `slowest second ${Math.min(...seconds)}`,
      `somebody waited for a lock in ${waits} of ${looks} looks`,
      `strong locks: ${[...strong].join(", ") || "none"}`,
    ];
    process.stdout.write(`${name.padEnd(8)} ${facts.join(" · ")}\n`);
  }

  await during("alone", () => clock.sleep(20_000));
  await during("import", () => ask(changes.child, "import"));
  await db.execute(sql`analyze recipients`);
  await during("between", () => clock.sleep(10_000));
  await during("removal", () => ask(changes.child, "remove"));
  await close();
  process.exit(0);
}

if (role === undefined) await measure();
else {
  process.on("disconnect", () => process.exit(0));
  if (role === "telegram") await runTelegram();
  if (role === "engine") await runEngine(process.argv[6] ?? "");
  if (role === "changes") await runChanges();
}
