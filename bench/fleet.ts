import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { sql } from "drizzle-orm";
import postgres from "postgres";
import { startTelegram } from "../playground/telegram.ts";
import type { Actor } from "../src/access/actor.ts";
import { EVERYONE } from "../src/audience/segment/audience.ts";
import { createDraft } from "../src/campaign/actions/create-draft.ts";
import { confirmDraft } from "../src/campaign/confirm-draft.ts";
import { systemClock as clock } from "../src/clock.ts";
import { openDatabase } from "../src/db/open/open-database.ts";
import { type Scope, homeScope, scopeOf } from "../src/db/scope.ts";
import { homes, senders } from "../src/db/schema.ts";
import { createEvents } from "../src/events.ts";
import { createFleet } from "../src/fleet/fleet.ts";
import type { FleetSender } from "../src/fleet/fleet-sender.ts";
import { loadWords } from "../src/bot/ui/words.ts";
import { createLog } from "../src/log.ts";
import { createFetch } from "../src/telegram/fetch.ts";
import { BOT_ID, CONTENT, type Cost, OWNER_ID, TOKEN } from "./contender.ts";
import { another, ask } from "./another-process.ts";
import { withDatabase } from "./databases.ts";

/*
 * Many bots in one process or a few, some of them sending to people of their own at 28 messages a second, against a local
 * Telegram with the strict limits of the real one:
 *
 *   createdb herald_fleet && npx tsx bench/fleet.ts postgres://postgres@127.0.0.1:5432/herald_fleet [options]
 *
 *   --bots N           default: 50
 *   --sending N        how many of them send; default: all
 *   --seconds N        default: 60
 *   --processes N      which share the bots; default: 1
 *   --older CHECKOUT   of an older build, in which the bench was built: five processes of that send for one bot each
 *                      meanwhile, with nothing but the engine, and the CPU of their messages is compared
 *
 * Telegram runs in a process of its own. What is told of memory, CPU and sockets is the sum over the processes.
 */

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    bots: { type: "string", default: "50" },
    sending: { type: "string" },
    seconds: { type: "string", default: "60" },
    processes: { type: "string", default: "1" },
    older: { type: "string" },
  },
});
const [url = "", given] = positionals;
const BOTS = Number(options.bots);
const SENDING = Number(options.sending ?? BOTS);
const SECONDS = Number(options.seconds);
const PROCESSES = Number(options.processes);
const OLDER = 5;
const RATE = 28;
const PEOPLE = Math.ceil(RATE * (SECONDS + 10));
const ADMIN: Actor = { type: "admin", userId: OWNER_ID, owner: true };

const idOf = (number: number) => 3_000_000 + number;
const tokenOf = (number: number) => `${idOf(number)}:BENCH`;
const firstOf = (number: number) => number * 1_000_000;

interface Task {
  role: "telegram" | "older's telegram" | "fleet";
  apiRoot?: string;
}

/** Tells on stderr of each time that the process was busy, or stood still, for long: calls that it holds up arrive together. */
function tellStalls(role: string): void {
  let last = performance.now();
  setInterval(() => {
    const now = performance.now();
    if (now - last > 40)
      process.stderr.write(
        `${clock.now().toISOString()} ${role} stood still for ${(now - last).toFixed(0)} ms\n`,
      );
    last = now;
  }, 2);
}

/** Of a process, without what it shares with others. */
function memoryMb(): number {
  const rollup = readFileSync("/proc/self/smaps_rollup", "utf8");
  return Number(/^Pss:\s+(\d+)/m.exec(rollup)?.[1] ?? 0) / 1_024;
}

async function runTelegram(): Promise<void> {
  const telegram = await startTelegram({ latency: 60 });
  tellStalls("Telegram");
  for (let number = 1; number <= BOTS; number += 1) {
    telegram.bot(tokenOf(number));
    if (number <= SENDING) telegram.people(PEOPLE, { firstId: firstOf(number), bot: idOf(number) });
  }
  process.on("message", () => {
    const sends = telegram.calls.filter(({ ok, method }) => ok && method.startsWith("send"));
    const counts = new Map<number, number>();
    for (const { chatId = 0 } of sends) {
      const number = Math.floor(chatId / 1_000_000);
      counts.set(number, (counts.get(number) ?? 0) + 1);
    }
    const copies = telegram.counts(({ text }) => text !== undefined);
    const surplus = [...copies.values()].reduce((sum, count) => sum + count - 1, 0);
    process.send?.({ counts: [...counts], tooMany: telegram.tooMany, surplus });
  });
  process.on("disconnect", () => process.exit(0));
  process.send?.({ apiRoot: telegram.apiRoot });
}

/** Of the processes of the older build, which all use the same token. */
async function runOldersTelegram(): Promise<void> {
  const telegram = await startTelegram({ latency: 60, limits: "none" });
  telegram.bot(TOKEN);
  telegram.people(RATE * SECONDS, { firstId: 1, bot: BOT_ID });
  process.on("disconnect", () => process.exit(0));
  process.send?.({ apiRoot: telegram.apiRoot });
}

/**
 * Five bots of an older build, each in a process and a database of its own. They prepare at once, and send after `go`.
 * Resolves with the CPU of a message, in ms.
 */
async function sendByOlder(checkout: string, go: Promise<unknown>): Promise<number> {
  const { said } = await other({ role: "older's telegram" });
  const { apiRoot } = said as { apiRoot: string };
  const count = RATE * SECONDS;
  async function run(store: string, phase: "prepare" | "send"): Promise<Cost> {
    const what = { phase, apiRoot, store, count, rate: RATE, killed: false };
    const child = fork(join(checkout, "bench/dist/herald.js"), [JSON.stringify(what)], { execArgv: [] });
    const [cost] = (await once(child, "message")) as [Cost];
    return cost;
  }
  const costs = Array.from({ length: OLDER }, async (_, number) =>
    withDatabase(`fleet_${number}`, async (store) => {
      await run(store, "prepare");
      await go;
      return run(store, "send");
    }),
  );
  const cpuMs = (await Promise.all(costs)).reduce((sum, cost) => sum + cost.cpuMs, 0);
  return cpuMs / (OLDER * count);
}

interface Reading {
  memoryMb: number;
  /** What is in use on V8's heap. */
  heapMb: number;
  cpuMs: number;
  sockets: number;
  /** Bots that are up. */
  up: number;
}

function reading(up: number): Reading {
  const { user, system } = process.cpuUsage();
  const heapMb = process.memoryUsage().heapUsed / 2 ** 20;
  const sockets = process.getActiveResourcesInfo().filter((name) => name === "TCPSocketWrap").length;
  return { memoryMb: memoryMb(), heapMb, cpuMs: (user + system) / 1_000, sockets, up };
}

const sumOf = (readings: readonly Reading[]): Reading => ({
  memoryMb: readings.reduce((sum, one) => sum + one.memoryMb, 0),
  heapMb: readings.reduce((sum, one) => sum + one.heapMb, 0),
  cpuMs: readings.reduce((sum, one) => sum + one.cpuMs, 0),
  sockets: readings.reduce((sum, one) => sum + one.sockets, 0),
  up: readings.reduce((sum, one) => sum + one.up, 0),
});

async function runFleet(apiRoot: string): Promise<void> {
  const words = loadWords(); // shared, as in fleet/home-fleet.ts
  const database = await openDatabase({ type: "server", url });
  const log = createLog("warn");
  const home = homeScope(database.db, BOT_ID, database.nudges);
  const list: FleetSender[] = [];
  const fleet = createFleet({
    home,
    listSenders: async () => list,
    clock,
    log,
    events: createEvents((error) => log.error({ err: error }, "an event could not be handled")),
    translator: () => words,
    telegram: { apiRoot, proxy: null },
    client: { apiRoot, fetch: createFetch(apiRoot, "replies") },
    homeUsername: "home_bot",
    homeToken: "",
    ownerIds: [OWNER_ID],
    timezone: "UTC",
    apiOn: false,
    leaveLabel: () => "Fewer such messages…",
    session: database.session,
    exclusive: false,
    rate: RATE,
    tellOwners: async () => undefined,
    noteToken: async () => false,
  });
  await fleet.start();
  tellStalls("Herald");
  const read = () => reading([...fleet.facts().values()].filter(({ state }) => state === "up").length);
  process.on("message", (question: "bots" | "go" | "collect" | "read" | "stop") => {
    void (async () => {
      if (question === "bots") {
        for (let number = 1; number <= BOTS; number += 1)
          list.push({
            botId: idOf(number),
            username: `bench_${number}_bot`,
            name: `Bot ${number}`,
            token: tokenOf(number),
            handling: "answers",
            rate: null,
          });
        fleet.nudge();
      }
      if (question === "go") fleet.poke();
      if (question === "collect") global.gc?.();
      if (question === "stop") {
        await fleet.stop();
        await database.close();
      }
      process.send?.(read());
    })();
  });
  process.on("disconnect", () => process.exit(0));
  process.send?.(read());
}

async function seed(): Promise<void> {
  const database = await openDatabase({ type: "server", url });
  const { db } = database;
  await db.insert(homes).values({ homeId: BOT_ID }).onConflictDoNothing();
  for (let number = 1; number <= BOTS; number += 1) {
    const botId = idOf(number);
    await db.insert(senders).values({ botId, homeId: BOT_ID }).onConflictDoNothing();
    if (number > SENDING) continue;
    await db.execute(
      sql`insert into recipients (bot_id, chat_id, language, first_name)
          select ${botId}::bigint, id, 'en', 'Person' from
          generate_series(${firstOf(number)}::bigint, ${firstOf(number) + PEOPLE - 1}::bigint) as id`,
    );
  }
  await db.execute(sql`analyze recipients`);
  await database.close();
}

async function startCampaigns(): Promise<void> {
  const database = await openDatabase({ type: "server", url });
  for (let number = 1; number <= SENDING; number += 1) {
    const scope: Scope = scopeOf(homeScope(database.db, BOT_ID), { botId: idOf(number) });
    const post = { content: CONTENT, audience: EVERYONE, originKey: `bench-${number}` };
    const draft = await createDraft(scope, ADMIN, post, scope.botId);
    await confirmDraft(scope, ADMIN, draft, new Date());
  }
  await database.close();
}

/** This file again, as another process. Only Herald's collects its garbage as `npm start` lets it. */
const other = (task: Task) =>
  another(
    import.meta.url,
    [...process.argv.slice(2), JSON.stringify(task)],
    task.role === "fleet" ? ["--expose-gc", "--heap-growing-percent=20", "--max-semi-space-size=4"] : [],
  );

interface Counted {
  counts: [number, number][];
  tooMany: number;
  surplus: number;
}

/** Of the database: its connections, and the transactions so far. */
async function databaseUse(): Promise<{ connections: number; transactions: number }> {
  const client = postgres(url, { max: 1 });
  const [row] = await client<{ connections: number; transactions: number }[]>`
    select (select count(*)::int from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()) as connections,
      (xact_commit + xact_rollback)::float8 as transactions
    from pg_stat_database where datname = current_database()`;
  await client.end();
  return row ?? { connections: 0, transactions: 0 };
}

async function measure(): Promise<void> {
  await seed();
  const telegram = await other({ role: "telegram" });
  const { apiRoot } = telegram.said as { apiRoot: string };
  const fleets: ChildProcess[] = [];
  const said: Reading[] = [];
  for (let number = 0; number < PROCESSES; number += 1) {
    const fleet = await other({ role: "fleet", apiRoot });
    fleets.push(fleet.child);
    said.push(fleet.said as Reading);
  }
  const all = async (question: string) =>
    sumOf(await Promise.all(fleets.map((child) => ask<Reading>(child, question))));
  const empty = sumOf(said);
  const going = new AbortController();
  const older = options.older === undefined ? NaN : sendByOlder(options.older, once(going.signal, "abort"));
  const starting = performance.now();
  await all("bots");
  while ((await all("read")).up < BOTS) await clock.sleep(500);
  const startSeconds = (performance.now() - starting) / 1_000;
  await clock.sleep(10_000);
  await all("collect");
  const [rested, restedUse] = [await all("read"), await databaseUse()];
  const idleSeconds = 30;
  await clock.sleep(idleSeconds * 1_000);
  await all("collect"); // never while they send: it stops the process for a tenth of a second
  const [idle, idleUse] = [await all("read"), await databaseUse()];
  await startCampaigns();
  await all("go");
  await clock.sleep(5_000);
  const [from, before] = [await ask<Counted>(telegram.child, "count"), await all("read")];
  const began = performance.now();
  going.abort();
  await clock.sleep(SECONDS * 1_000);
  const [to, after] = [await ask<Counted>(telegram.child, "count"), await all("read")];
  const seconds = (performance.now() - began) / 1_000;
  await all("stop");
  const earlier = new Map(from.counts);
  const rates = to.counts.map(([number, count]) => (count - (earlier.get(number) ?? 0)) / seconds);
  const sent = rates.reduce((sum, rate) => sum + rate, 0) * seconds;
  const cpuMs = after.cpuMs - before.cpuMs;
  const cpuOfOlder = await older;
  const figures = {
    bots: BOTS,
    processes: PROCESSES,
    "MB without bots": empty.memoryMb,
    "s until all are up": startSeconds,
    "MB more per bot at rest": (idle.memoryMb - empty.memoryMb) / BOTS,
    "of that on the heap": (idle.heapMb - empty.heapMb) / BOTS,
    "% of a core at rest": ((idle.cpuMs - rested.cpuMs) / (idleSeconds * 1_000)) * 100,
    "transactions a second at rest": (idleUse.transactions - restedUse.transactions) / idleSeconds,
    "connections to the database": idleUse.connections,
    "sockets at rest": idle.sockets,
    "bots that send": SENDING,
    "MB more per bot while sending": (after.memoryMb - empty.memoryMb) / BOTS,
    "messages a second": sent / seconds,
    "slowest bot, a second": Math.min(...rates),
    "fastest bot, a second": Math.max(...rates),
    "429s": to.tooMany,
    "429s of the first 5 s": from.tooMany,
    "extra copies": to.surplus,
    "% of a core while sending": (cpuMs / (seconds * 1_000)) * 100,
    "CPU a message, µs": (cpuMs / sent) * 1_000,
    ...(options.older && {
      "the same of the older build, µs": cpuOfOlder * 1_000,
      "share of that": cpuMs / sent / cpuOfOlder,
    }),
  };
  for (const [name, value] of Object.entries(figures))
    process.stdout.write(`${name.padEnd(32)} ${Number.isInteger(value) ? value : value.toFixed(2)}\n`);
  process.exit(0);
}

if (given === undefined) await measure();
else {
  const { role, apiRoot = "" } = JSON.parse(given) as Task;
  if (role === "fleet") await runFleet(apiRoot);
  else await (role === "telegram" ? runTelegram() : runOldersTelegram());
}
