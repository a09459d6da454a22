import { resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import type * as Sender from "../src/delivery/outbox/send-post.ts";
import {
  type Process,
  broadcasts,
  enlist,
  isFinished,
  outcomeOf,
  stage,
  startHerald,
  using,
} from "./broadcast.ts";
import { TOKEN, until } from "./contender.ts";
import { type Front, withTls } from "./nginx.ts";

/*
 * Herald behind a real nginx that closes connections whenever it likes: after 100 requests, after 2 s without one, and all
 * idle ones each time it is reloaded. Telegram never sees what is lost that way, and Herald has to recognise it.
 *
 *   npm run build && npx tsx bench/connections.ts [people] [rate] [reloads] [a dist folder, such as of an older version]
 *
 * Prints one line for a broadcast with reloads, and one for calls after silences of about 2 s.
 * SERVER names the PostgreSQL server; the user must be able to log in without a password. nginx is installed (Debian, as
 * root) if it is missing, and runs on a free port with its own configuration.
 */

const SERVER = process.env["SERVER"] ?? "postgres://postgres@127.0.0.1:5432/postgres";
const PEOPLE = Number(process.argv[2] ?? 20_000);
const RATE = Number(process.argv[3] ?? 200);
const RELOADS = Number(process.argv[4] ?? 10);
const DIST = resolve(process.argv[5] ?? fileURLToPath(new URL("../dist", import.meta.url)));

/** After these silences, nginx is about to close the previous calls' connections, is closing them, or has closed them. */
const SILENCES_MS = [1_400, 1_900, 1_970, 1_980, 1_990, 2_000, 2_010, 2_050, 3_500];
const AT_ONCE = 25;

/** Closes connections at will. */
const NGINX = "keepalive_requests 100; keepalive_timeout 2s;";

type Scene = Awaited<ReturnType<typeof stage>>;

/** A broadcast through nginx while `disturb` runs. */
async function run(name: string, people: number, disturb: (scene: Scene, front: Front) => Promise<void>) {
  const database = `herald_connections_${process.pid}_${name}`;
  await using(SERVER, (sql) => sql`create database ${sql(database)}`);
  const url = new URL(SERVER);
  url.pathname = `/${database}`;
  const scene = await stage(people);
  try {
    return await withTls(scene.telegram.port, NGINX, async (front) => {
      const env = { TELEGRAM_API_ROOT: front.apiRoot, NODE_EXTRA_CA_CERTS: front.certificate };
      const herald: Process = await startHerald(scene, url.href, RATE, { env, dist: DIST });
      await enlist(url.href, people);
      await broadcasts(scene);
      await disturb(scene, front);
      await until(() => isFinished(url.href), 500);
      const outcome = await outcomeOf(scene, url.href, people);
      await herald.stop();
      return { name, people, rate: RATE, ...outcome };
    });
  } finally {
    await scene.telegram.stop();
    await using(SERVER, (sql) => sql`drop database ${sql(database)} with (force)`);
  }
}

/** Herald's sender alone, with calls that leave together after each silence. */
async function silences(): Promise<object> {
  const { createSendApi, send } = (await import(`${DIST}/delivery/outbox/send-post.js`)) as typeof Sender;
  const { telegram } = await stage(AT_ONCE);
  try {
    return await withTls(telegram.port, NGINX, async ({ apiRoot }) => {
      process.env["NODE_TLS_REJECT_UNAUTHORIZED"] = "0"; // withTls() signs its certificate itself
      const api = createSendApi(TOKEN, apiRoot);
      const burst = () =>
        Promise.all(
          Array.from({ length: AT_ONCE }, (_, index) =>
            send(api, { method: "sendMessage", payload: { chat_id: index + 1, text: "x" } }),
          ),
        );
      const uncertain: Record<number, number> = {};
      for (const ms of SILENCES_MS) {
        await burst();
        await sleep(ms);
        uncertain[ms] = (await burst()).filter(({ type }) => type === "uncertain").length;
      }
      return { name: "silences", calls: AT_ONCE, uncertain };
    });
  } finally {
    await telegram.stop();
  }
}

const lines = [
  () =>
    run("reloads", PEOPLE, async ({ arrived }, front) => {
      for (let reload = 1; reload <= RELOADS; reload += 1) {
        await until(() => arrived() >= (PEOPLE * reload) / (RELOADS + 1), 50);
        front.reload();
      }
    }),
  silences,
];
for (const line of lines) process.stdout.write(`${JSON.stringify(await line())}\n`);
process.exit(0);
