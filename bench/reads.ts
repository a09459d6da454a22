import { fork } from "node:child_process";
import { once } from "node:events";
import { Agent, get } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { createKey } from "../src/access/keys.ts";
import { enlist, spawnHerald, stage, using } from "./broadcast.ts";
import { BOT_ID, OWNER_ID, until } from "./contender.ts";
import { withDatabase } from "./databases.ts";
import { openScope } from "./engine.ts";
import { freePort } from "./nginx.ts";

/*
 * Reads over HTTP, evenly spaced, before and during a broadcast at full speed: how long they take, and whether the
 * broadcast keeps its rate. The reads come from a process of their own, and each is timed from the moment it was due.
 *
 *   npm run build && npx tsx bench/reads.ts [seconds] [reads a second] [messages a second]
 *
 * Uses PostgreSQL as npm run bench does (BENCH_DATABASE_URL).
 */

const [SECONDS = 20, READS = 200, RATE = 1_000] = process.argv.slice(2).map(Number);
/** They do not get the broadcast: their campaign is there to be read. */
const GERMANS = 50;

interface Reading {
  address: string;
  key: string;
  perSecond: number;
  seconds: number;
}

interface Times {
  count: number;
  failed: number;
  median: number;
  p99: number;
  worst: number;
}

/** What a shop asks all the time. */
const PATHS = ["/v1/campaigns", "/v1/campaigns/1", "/v1/recipients/7", "/v1/campaigns/1/deliveries?limit=25"];

/** The process that reads. */
async function read({ address, key, perSecond, seconds }: Reading): Promise<Times> {
  const agent = new Agent({ keepAlive: true });
  const times: number[] = [];
  let failed = 0;
  const one = (path: string, due: number) =>
    new Promise<void>((resolve) => {
      const call = get(address + path, { agent, headers: { authorization: `Bearer ${key}` } }, (answer) => {
        answer.resume();
        answer.on("end", () => {
          times.push(performance.now() - due);
          if (answer.statusCode !== 200) failed += 1;
          resolve();
        });
      });
      call.on("error", () => {
        failed += 1;
        resolve();
      });
    });
  const reads: Promise<void>[] = [];
  const began = performance.now();
  for (let index = 0; index < perSecond * seconds; index += 1) {
    const due = began + (index * 1_000) / perSecond;
    if (due > performance.now()) await sleep(due - performance.now());
    reads.push(one(PATHS[index % PATHS.length] ?? "", due));
  }
  await Promise.all(reads);
  agent.destroy();
  const sorted = times.toSorted((a, b) => a - b);
  const at = (share: number) => sorted[Math.floor(share * (sorted.length - 1))] ?? 0;
  return { count: sorted.length, failed, median: at(0.5), p99: at(0.99), worst: at(1) };
}

async function reads(task: Reading): Promise<Times> {
  const child = fork(fileURLToPath(import.meta.url), {
    env: { ...process.env, READING: JSON.stringify(task) },
  });
  const [times] = (await once(child, "message")) as [Times];
  return times;
}

const say = (what: string) => process.stdout.write(`${what}\n`);
const words = ({ count, failed, median, p99, worst }: Times) =>
  `${count} reads, ${failed} failed, median ${median.toFixed(1)} ms, p99 ${p99.toFixed(1)} ms, worst ${worst.toFixed(0)} ms`;

async function measure(url: string): Promise<void> {
  const people = RATE * (2 * SECONDS + 10);
  const scene = await stage(people + GERMANS);
  const { database, scope } = await openScope(url);
  const owner = { type: "admin", userId: OWNER_ID, owner: true } as const;
  const { secret: key } = await createKey(scope, owner, { name: "Bench", role: "send", expiresAt: null });
  await database.close();
  await enlist(url, people + GERMANS);
  await using(url, (sql) => sql`update recipients set language = 'de' where chat_id > ${people}`);
  await using(url, (sql) => sql`vacuum analyze recipients`);
  const port = await freePort();
  const address = `http://127.0.0.1:${port}`;
  const herald = spawnHerald(scene, url, RATE, { env: { HTTP_PORT: String(port) } });
  await until(
    () =>
      fetch(`${address}/healthz`).then(
        ({ ok }) => ok,
        () => false,
      ),
    100,
  );
  const call = async (path: string, body?: object) => {
    const answer = await fetch(address + path, {
      method: body ? "POST" : "GET",
      headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
      ...(body && { body: JSON.stringify(body) }),
    });
    const json = (await answer.json()) as { number: number; state: string; reach: { reachable: number } };
    if (!answer.ok) throw new Error(`${path}: ${JSON.stringify(json)}`);
    return json;
  };
  const send = async (language: string) => {
    const draft = await call("/v1/campaigns", {
      content: { kind: "text", text: `To all of you, ${BOT_ID}` },
      audience: { languages: [language] },
    });
    await call(`/v1/campaigns/${draft.number}/send`, { agreed_count: draft.reach.reachable });
    return draft.number;
  };
  await send("de");
  await until(async () => (await call("/v1/campaigns/1")).state === "finished", 200);
  const task = { address, key, perSecond: READS, seconds: SECONDS };
  await reads({ ...task, seconds: 3 }); // warms up
  const quiet = await reads(task);
  say(`without a broadcast: ${words(quiet)}`);

  scene.telegram.clearRecords();
  await send("en");
  await sleep(4_000);
  const from = performance.now();
  await sleep(SECONDS * 1_000);
  const between = performance.now();
  const busy = await reads(task);
  const to = performance.now();
  say(`during a broadcast:  ${words(busy)}`);
  const rate = (begin: number, end: number) => {
    const sent = scene.telegram.calls.filter(
      ({ ok, method, at }) => ok && method === "sendMessage" && at >= begin && at < end,
    );
    return (sent.length / (end - begin)) * 1_000;
  };
  const [alone, together] = [rate(from, between), rate(between, to)];
  say(`rate: ${alone.toFixed(1)} a second alone, ${together.toFixed(1)} with the reads, of ${RATE}`);
  const held = together >= 0.99 * RATE;
  say(
    `p99: × ${(busy.p99 / quiet.p99).toFixed(2)} (at most 3); rate ${held ? "held" : "NOT held"} within 1 %`,
  );
  await herald.stop();
  await scene.telegram.stop();
}

const task = process.env["READING"];
if (task !== undefined) process.send?.(await read(JSON.parse(task) as Reading));
else {
  await withDatabase("reads", measure);
  process.exit(0);
}
