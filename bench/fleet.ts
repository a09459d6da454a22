import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { sql } from "drizzle-orm";
import { startTelegram } from "../playground/telegram.ts";
import type { Actor } from "../src/access/actor.ts";
import { EVERYONE } from "../src/audience/segment.ts";
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
import { BOT_ID, CONTENT, OWNER_ID } from "./contender.ts";

/*
 * Many bots in one process, each sending to people of its own at 28 messages a second, against a local Telegram with the
 * strict limits of the real one:
 *
 *   createdb herald_fleet && npx tsx bench/fleet.ts postgres://postgres@127.0.0.1:5432/herald_fleet [bots] [seconds]
 *
 * Telegram runs in a process of its own. Memory is read before the bots, with the bots at rest, and while they send.
 */

const [url = "", bots = "50", length = "60"] = process.argv.slice(2).filter((arg) => !arg.startsWith("{"));
const BOTS = Number(bots);
const SECONDS = Number(length);
const RATE = 28;
const PEOPLE = Math.ceil(RATE * (SECONDS + 10));
const ADMIN: Actor = { type: "admin", userId: OWNER_ID, owner: true };

const idOf = (number: number) => 3_000_000 + number;
const tokenOf = (number: number) => `${idOf(number)}:BENCH`;
const firstOf = (number: number) => number * 1_000_000;

interface Task {
  role: "telegram" | "fleet";
  apiRoot?: string;
}

/** Of a process, without what it shares with others. */
function memoryMb(): number {
  const rollup = readFileSync("/proc/self/smaps_rollup", "utf8");
  return Number(/^Pss:\s+(\d+)/m.exec(rollup)?.[1] ?? 0) / 1_024;
}

async function runTelegram(): Promise<void> {
  const telegram = await startTelegram({ latency: 60 });
  for (let number = 1; number <= BOTS; number += 1) {
    telegram.bot(tokenOf(number));
    telegram.people(PEOPLE, { firstId: firstOf(number), bot: idOf(number) });
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

interface Reading {
  memoryMb: number;
  /** What is in use on V8's heap. */
  heapMb: number;
  cpuMs: number;
}

function reading(): Reading {
  if (global.gc) global.gc();
  const { user, system } = process.cpuUsage();
  const heapMb = process.memoryUsage().heapUsed / 2 ** 20;
  return { memoryMb: memoryMb(), heapMb, cpuMs: (user + system) / 1_000 };
}

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
    ownerIds: [OWNER_ID],
    timezone: "UTC",
    apiOn: false,
    session: database.session,
    exclusive: false,
    rate: RATE,
    tellOwners: async () => undefined,
    noteToken: async () => false,
  });
  await fleet.start();
  process.on("message", (question: "bots" | "go" | "read" | "stop") => {
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
        while ([...fleet.facts().values()].filter(({ state }) => state === "up").length < BOTS)
          await clock.sleep(100);
      }
      if (question === "go") fleet.poke();
      if (question === "stop") {
        await fleet.stop();
        await database.close();
      }
      process.send?.(reading());
    })();
  });
  process.on("disconnect", () => process.exit(0));
  process.send?.(reading());
}

async function seed(): Promise<void> {
  const database = await openDatabase({ type: "server", url });
  const { db } = database;
  await db.insert(homes).values({ homeId: BOT_ID }).onConflictDoNothing();
  for (let number = 1; number <= BOTS; number += 1) {
    const botId = idOf(number);
    await db.insert(senders).values({ botId, homeId: BOT_ID }).onConflictDoNothing();
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
  for (let number = 1; number <= BOTS; number += 1) {
    const scope: Scope = scopeOf(homeScope(database.db, BOT_ID), { botId: idOf(number) });
    const post = { content: CONTENT, audience: EVERYONE, originKey: `bench-${number}` };
    const draft = await createDraft(scope, ADMIN, post, scope.botId);
    await confirmDraft(scope, ADMIN, draft, new Date());
  }
  await database.close();
}

/** This file again, as another process. */
async function other(task: Task): Promise<{ child: ChildProcess; said: unknown }> {
  const child = fork(fileURLToPath(import.meta.url), [url, bots, length, JSON.stringify(task)], {
    execArgv: [...process.execArgv, "--expose-gc", "--heap-growing-percent=20"],
  });
  process.once("exit", () => child.kill("SIGKILL"));
  const [said] = (await once(child, "message")) as [unknown];
  return { child, said };
}

async function ask<T>(child: ChildProcess, question: string): Promise<T> {
  child.send(question);
  const [answer] = (await once(child, "message")) as [T];
  return answer;
}

interface Counted {
  counts: [number, number][];
  tooMany: number;
  surplus: number;
}

async function measure(): Promise<void> {
  await seed();
  const telegram = await other({ role: "telegram" });
  const { apiRoot } = telegram.said as { apiRoot: string };
  const { child, said } = await other({ role: "fleet", apiRoot });
  const empty = said as Reading;
  await ask<Reading>(child, "bots");
  await clock.sleep(10_000);
  const rested = await ask<Reading>(child, "read");
  const idleSeconds = 30;
  await clock.sleep(idleSeconds * 1_000);
  const idle = await ask<Reading>(child, "read");
  await startCampaigns();
  await ask<Reading>(child, "go");
  await clock.sleep(5_000);
  const [from, before] = [await ask<Counted>(telegram.child, "count"), await ask<Reading>(child, "read")];
  const began = performance.now();
  await clock.sleep(SECONDS * 1_000);
  const [to, after] = [await ask<Counted>(telegram.child, "count"), await ask<Reading>(child, "read")];
  const seconds = (performance.now() - began) / 1_000;
  await ask<Reading>(child, "stop");
  const earlier = new Map(from.counts);
  const rates = to.counts.map(([number, count]) => (count - (earlier.get(number) ?? 0)) / seconds);
  const sent = rates.reduce((sum, rate) => sum + rate, 0) * seconds;
  const cpuMs = after.cpuMs - before.cpuMs;
  const figures = {
    bots: BOTS,
    "MB without bots": empty.memoryMb,
    "MB more per bot at rest": (idle.memoryMb - empty.memoryMb) / BOTS,
    "of that on the heap": (idle.heapMb - empty.heapMb) / BOTS,
    "MB more per bot while sending": (after.memoryMb - empty.memoryMb) / BOTS,
    "% of a core at rest": ((idle.cpuMs - rested.cpuMs) / (idleSeconds * 1_000)) * 100,
    "messages a second": sent / seconds,
    "slowest bot, a second": Math.min(...rates),
    "fastest bot, a second": Math.max(...rates),
    "429s": to.tooMany,
    "extra copies": to.surplus,
    "% of a core while sending": (cpuMs / (seconds * 1_000)) * 100,
    "CPU a message, µs": (cpuMs / sent) * 1_000,
  };
  for (const [name, value] of Object.entries(figures))
    process.stdout.write(`${name.padEnd(32)} ${Number.isInteger(value) ? value : value.toFixed(2)}\n`);
  process.exit(0);
}

const task = process.argv.find((arg) => arg.startsWith("{"));
if (task === undefined) await measure();
else {
  const { role, apiRoot = "" } = JSON.parse(task) as Task;
  await (role === "telegram" ? runTelegram() : runFleet(apiRoot));
}
