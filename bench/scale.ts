import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { sql } from "drizzle-orm";
import postgres from "postgres";
import { startTelegram } from "../playground/telegram.ts";
import type { Actor } from "../src/access/actor.ts";
import { type Audience, EVERYONE } from "../src/audience/segment/audience.ts";
import { cancel } from "../src/campaign/actions/cancel.ts";
import { confirmDraft } from "../src/campaign/confirm-draft.ts";
import { createDraft } from "../src/campaign/actions/create-draft.ts";
import { startDue } from "../src/campaign/engine-moves.ts";
import { getCampaign } from "../src/campaign/queries.ts";
import { systemClock as clock } from "../src/clock.ts";
import type { Scope } from "../src/db/scope.ts";
import { freezeChunk } from "../src/delivery/freeze/freeze-chunk.ts";
import { FREEZE_SIZE } from "../src/delivery/freeze/freeze-loop.ts";
import { CONTENT, TOKEN, peakMb, until } from "./contender.ts";
import { openScope, seed, startEngine } from "./engine.ts";

/*
 * Two campaigns to a million people, and what they take in memory, time, disk and write-ahead log:
 *
 *   createdb herald_scale && npx tsx bench/scale.ts postgres://postgres@127.0.0.1:5432/herald_scale [people] [rate or 0] [options of Node's]
 *
 * The engine and the local Telegram run in separate processes, as fast as they can or at a rate. The log is measured for
 * the whole server, so nothing else should write to it. Takes about ten minutes, 2 GB of disk, and 2 GB of memory for
 * Telegram's people.
 */

const PEOPLE = Number(process.argv[3] ?? 1_000_000);
/** Messages per second; null is as fast as it goes. */
const RATE = Number(process.argv[4] ?? 0) || null;
/** Options for the engine's Node, in addition to those of `npm start`. */
const OPTIONS = ["--heap-growing-percent=20", ...(process.argv[5]?.split(" ") ?? [])];
/** The size of the campaign that memory is compared with. Its people have their own language. */
const FEW = 1_000;
const THE_FEW: Audience = { languages: ["eo"] };
const ADMIN: Actor = { type: "admin", userId: 1, owner: true };

interface EngineTask {
  role: "engine";
  url: string;
  apiRoot: string;
  campaign: number;
  rate: number | null;
}
interface TelegramTask {
  role: "telegram";
  people: number;
}

/** Starts this file again with a task, and resolves with its first message. */
async function other(task: EngineTask | TelegramTask): Promise<{ child: ChildProcess; said: unknown }> {
  const execArgv = [...process.execArgv, ...(task.role === "engine" ? OPTIONS : [])];
  const child = fork(fileURLToPath(import.meta.url), [JSON.stringify(task)], { execArgv });
  process.once("exit", () => child.kill("SIGKILL"));
  const [said] = (await once(child, "message")) as [unknown];
  return { child, said };
}

/** `first`: when did the campaign's first message arrive? `forget`: clear the records before the next campaign. */
type Question = "first" | "forget";

async function runTelegram({ people }: TelegramTask): Promise<void> {
  const telegram = await startTelegram({ limits: "none" });
  telegram.bot(TOKEN);
  telegram.people(people, { firstId: 1 });
  process.on("message", (question: Question) => {
    if (question === "forget") telegram.clearRecords();
    const first = telegram.calls.find(({ ok, method }) => ok && method.startsWith("send"));
    process.send?.(first ? performance.timeOrigin + first.at : null);
  });
  process.on("disconnect", () => process.exit(0));
  process.send?.(telegram.apiRoot);
}

interface Memory {
  beforeMb: number;
  peakMb: number;
  cpuSeconds: number;
}

/** Sends one campaign, which is due, and reports what it took. */
async function runEngine({ url, apiRoot, campaign, rate }: EngineTask): Promise<void> {
  const engine = await startEngine(apiRoot, url, rate);
  // Reset the peak, so that compiling and connecting do not count.
  writeFileSync("/proc/self/clear_refs", "5");
  const beforeMb = peakMb();
  const before = process.cpuUsage();
  await launchNow(engine.scope, campaign);
  engine.poke();
  await until(async () => (await getCampaign(engine.scope, campaign)).state === "finished", 200);
  const { user, system } = process.cpuUsage(before);
  process.send?.({ beforeMb, peakMb: peakMb(), cpuSeconds: (user + system) / 1e6 } satisfies Memory);
  await engine.stop();
  process.exit(0);
}

async function launchNow(scope: Scope, id: number): Promise<void> {
  await confirmDraft(scope, ADMIN, await getCampaign(scope, id), new Date());
}

const say = (line: string) => void process.stdout.write(`${line}\n`);
const mb = (bytes: number) => `${(bytes / 1e6).toFixed(0)} MB`;

interface Sizes {
  table: number;
  indexes: Record<string, number>;
  all: number;
}

async function main(url: string): Promise<void> {
  const { database, scope } = await openScope(url);
  const look = postgres(url, { max: 1, onnotice: () => undefined });
  const [held] = await look`select exists (select from recipients) as some`;
  if (held?.["some"]) throw new Error("That database already holds recipients. Use an empty one.");

  const telegram = await other({ role: "telegram", people: PEOPLE });
  const ask = async (question: Question): Promise<number | null> => {
    telegram.child.send(question);
    const [answer] = (await once(telegram.child, "message")) as [number | null];
    return answer;
  };

  await seed(
    scope,
    PEOPLE,
    sql`case when id <= ${FEW}::int then 'eo' when id % 3 = 0 then 'ru' else 'en' end`,
  );
  report("recipients", await sizes(look, "recipients"), PEOPLE);

  await measureFreeze(scope, look);

  const made = async (audience: Audience, key: string) =>
    (await createDraft(scope, ADMIN, { content: CONTENT, audience, originKey: key })).id;

  const few = await measure("a campaign to 1,000", await made(THE_FEW, "few"));
  for (const name of ["first", "second"] as const) {
    const memory = await measure(
      `the ${name} campaign to ${PEOPLE.toLocaleString("en")}`,
      await made(EVERYONE, name),
    );
    say(`  peak RSS ${(memory.peakMb - few.peakMb).toFixed(0)} MB above that of the campaign to 1,000`);
    report("deliveries", await sizes(look, "deliveries"), PEOPLE);
  }
  await look.unsafe("vacuum deliveries");
  say("after a vacuum:");
  report("deliveries", await sizes(look, "deliveries"), PEOPLE);
  await Promise.all([look.end(), database.close()]);
  telegram.child.disconnect();

  async function measure(name: string, campaign: number): Promise<Memory> {
    await look.unsafe("checkpoint");
    await ask("forget");
    const wal = await lsn(look);
    const began = Date.now();
    const running = other({ role: "engine", url, apiRoot: String(telegram.said), campaign, rate: RATE });
    let first: number | null = null;
    let frozen: { after: number; sent: number } | null = null;
    while (!(await Promise.race([running, clock.sleep(250)]))) {
      const one = await getCampaign(scope, campaign);
      if (one.startedAt && first === null) first = await ask("first");
      if (one.frozenAt && one.startedAt && !frozen)
        frozen = { after: Date.now() - one.startedAt.getTime(), sent: one.sent };
    }
    const { beforeMb, peakMb, cpuSeconds } = (await running).said as Memory;
    const { startedAt, finishedAt, startsAt, sent, total } = await getCampaign(scope, campaign);
    const seconds = ((finishedAt?.getTime() ?? 0) - (startedAt?.getTime() ?? 0)) / 1000;
    const bytes = (await lsn(look)) - wal;
    say(
      `${name}: ${sent} of ${total} sent in ${seconds.toFixed(1)} s, ${Math.round(sent / seconds)} per second`,
    );
    say(`  first message ${Math.round((first ?? NaN) - (startsAt?.getTime() ?? 0))} ms after it was due`);
    say(`  frozen after ${((frozen?.after ?? NaN) / 1000).toFixed(1)} s, when ${frozen?.sent} were sent`);
    say(
      `  RSS ${beforeMb.toFixed(0)} MB before, ${peakMb.toFixed(0)} MB at most; CPU ${((cpuSeconds / sent) * 1e6).toFixed(0)} µs per message`,
    );
    say(`  write-ahead log ${Math.round(bytes / sent)} bytes per message, including the freeze`);
    say(`  ${Math.round((Date.now() - began) / 1000)} s in all, with the start of the process`);
    return { beforeMb, peakMb, cpuSeconds };
  }
}

/** The freeze alone, and what it leaves on disk. */
async function measureFreeze(scope: Scope, look: postgres.Sql): Promise<void> {
  const { id } = await createDraft(scope, ADMIN, {
    content: CONTENT,
    audience: EVERYONE,
    originKey: "freeze",
  });
  await launchNow(scope, id);
  await startDue(scope, id, new Date());
  await look.unsafe("checkpoint");
  const wal = await lsn(look);
  const began = performance.now();
  while (!(await freezeChunk(scope, id, FREEZE_SIZE.server)));
  const seconds = (performance.now() - began) / 1000;
  say(
    `freeze alone: ${seconds.toFixed(1)} s, ${Math.round(((await lsn(look)) - wal) / PEOPLE)} bytes of write-ahead log per row`,
  );
  report("deliveries", await sizes(look, "deliveries"), PEOPLE);
  await cancel(scope, ADMIN, id, new Date());
  await look.unsafe("truncate deliveries");
}

async function lsn(look: postgres.Sql): Promise<number> {
  const [row] = await look`select (pg_current_wal_lsn() - '0/0')::float8 as bytes`;
  return Number(row?.["bytes"]);
}

async function sizes(look: postgres.Sql, table: string): Promise<Sizes> {
  const [whole] = await look`select pg_table_size(${table}::regclass)::float8 as bytes`;
  const rows = await look`
    select indexrelid::regclass::text as name, pg_relation_size(indexrelid)::float8 as bytes
    from pg_index where indrelid = ${table}::regclass order by 1`;
  const indexes = Object.fromEntries(rows.map((row) => [String(row["name"]), Number(row["bytes"])]));
  const bytes = Number(whole?.["bytes"]);
  return { table: bytes, indexes, all: bytes + Object.values(indexes).reduce((sum, one) => sum + one, 0) };
}

function report(name: string, { table, indexes, all }: Sizes, rows: number): void {
  const each = Object.entries(indexes).map(([index, bytes]) => `${index} ${mb(bytes)}`);
  say(`  ${name}: ${mb(all)}, ${Math.round(all / rows)} bytes for each of ${rows.toLocaleString("en")}`);
  say(`    table ${mb(table)}, ${each.join(", ")}`);
}

const argument = process.argv[2];
if (argument === undefined) {
  process.stderr.write(
    "Usage: npx tsx bench/scale.ts postgres://user@host/an-empty-database [people] [rate or 0] [options of Node's]\n",
  );
  process.exitCode = 2;
} else if (argument.startsWith("{")) {
  const task = JSON.parse(argument) as EngineTask | TelegramTask;
  await (task.role === "engine" ? runEngine(task) : runTelegram(task));
} else await main(argument);
