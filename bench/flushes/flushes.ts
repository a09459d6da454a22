import { type ChildProcess, execFileSync, fork } from "node:child_process";
import { once } from "node:events";
import { chmodSync, mkdtempSync, readFileSync, readdirSync, readlinkSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { sql } from "drizzle-orm";
import type { Actor } from "../../src/access/actor.ts";
import { EVERYONE } from "../../src/audience/segment/audience.ts";
import { createDraft } from "../../src/campaign/actions/create-draft.ts";
import { confirmDraft } from "../../src/campaign/confirm-draft.ts";
import { getCampaign } from "../../src/campaign/queries.ts";
import { systemClock as clock } from "../../src/clock.ts";
import { openEmbedded } from "../../src/db/embedded/embedded.ts";
import { findBinaries } from "../../src/db/embedded/postgres/binaries.ts";
import { homeScope } from "../../src/db/scope.ts";
import { createEngine } from "../../src/delivery/engine.ts";
import { createEvents } from "../../src/events.ts";
import { createLog } from "../../src/log.ts";
import { POST, stage } from "../broadcast.ts";
import { BOT_ID, OWNER_ID, TOKEN, until } from "../contender.ts";
import { seed } from "../engine.ts";

/*
 * What flushes cost the engine on its embedded database, and which rate it holds on a slow disk.
 *
 *   npm run build && npx tsx bench/flushes/flushes.ts [seconds, default 20] [rates, default 28,300,1000] [delays in ms, default 0,10,30,100]
 *
 * Needs Linux and a C compiler. A library that is loaded into PostgreSQL makes each flush take longer. The row "none" is with
 * fsync=off. Telegram, in a process of its own, takes 60 ms to answer. The rate is what it counts from the third second on.
 */

const ADMIN: Actor = { type: "admin", userId: 1, owner: true };
const library = join(tmpdir(), `herald-slow-flush-${process.pid}.so`);

interface Task {
  apiRoot: string;
  count: number;
  rate: number;
  /** Null: no flushes at all. */
  flushMs: number | null;
  library: string;
}

interface Report {
  /** Of the database's processes, as a share of one core. */
  databaseCpu: number;
  engineCpu: number;
}

/** The engine's process: sends to everyone and reports what that cost. */
async function send({ apiRoot, count, rate, flushMs, library }: Task): Promise<Report> {
  const dataDir = mkdtempSync(join(tmpdir(), "herald-flushes-"));
  chmodSync(dataDir, 0o711);
  const open = (find: typeof findBinaries) => openEmbedded(dataDir, "bench", () => undefined, { find });
  await (await open(findBinaries)).close(); // making the database takes a thousand flushes
  const database = await open(async (...place) => {
    const found = await findBinaries(...place);
    if ("reason" in found) return found;
    return { ...found, env: { ...found.env, LD_PRELOAD: library, FLUSH_MS: String(flushMs ?? 0) } };
  });
  if (flushMs === null) {
    await database.db.execute(sql`alter system set fsync = off`);
    await database.db.execute(sql`select pg_reload_conf()`);
  }
  const scope = homeScope(database.db, BOT_ID);
  await seed(scope, count);
  const log = createLog("error");
  const events = createEvents((error) => log.error({ err: error }, "an event could not be handled"));
  const { lease, dispatcher } = createEngine({
    scope,
    clock,
    log,
    events,
    telegram: { token: TOKEN, apiRoot },
    rate,
    leaveLabel: () => "Fewer such messages…",
    session: "bench",
    exclusive: true,
  });
  await lease.acquire();
  await dispatcher.start();
  const draft = await createDraft(scope, ADMIN, {
    content: { kind: "text", text: POST, buttons: [] },
    audience: EVERYONE,
    originKey: "bench",
  });
  const { id } = await confirmDraft(scope, ADMIN, draft, new Date());
  const [began, before, own] = [performance.now(), cpuMsIn(dataDir), process.cpuUsage()];
  dispatcher.poke();
  await until(async () => (await getCampaign(scope, id)).state === "finished", 500);
  const ms = performance.now() - began;
  const { user, system } = process.cpuUsage(own);
  const report = { databaseCpu: (cpuMsIn(dataDir) - before) / ms, engineCpu: (user + system) / 1000 / ms };
  await dispatcher.stop();
  await lease.release();
  await database.close();
  rmSync(dataDir, { recursive: true });
  return report;
}

/** CPU time of the processes that work in a folder, in ms; a kernel counts in ticks of 10. */
function cpuMsIn(folder: string): number {
  let ticks = 0;
  for (const pid of readdirSync("/proc").filter((name) => /^\d+$/.test(name)))
    try {
      if (!readlinkSync(`/proc/${pid}/cwd`).startsWith(folder)) continue;
      const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
      const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
      ticks += Number(fields[11]) + Number(fields[12]);
    } catch {
      // gone meanwhile
    }
  return ticks * 10;
}

const percent = (share: number) => `${(share * 100).toFixed(1)} %`;

async function measure(seconds: number, rate: number, flushMs: number | null): Promise<string> {
  const count = Math.round(seconds * rate);
  const scene = await stage(count);
  const task: Task = { apiRoot: scene.telegram.apiRoot, count, rate, flushMs, library };
  const child: ChildProcess = fork(fileURLToPath(import.meta.url), ["engine", JSON.stringify(task)]);
  const [{ databaseCpu, engineCpu }] = (await once(child, "message")) as [Report];
  const times = scene.telegram.calls.flatMap(({ ok, method, chatId, at }) =>
    ok && method.startsWith("send") && chatId !== OWNER_ID ? [at] : [],
  );
  const copies = scene.telegram.counts((message) => message.text === POST);
  await scene.telegram.stop();
  if (copies.size !== count || times.length !== count)
    throw new Error(`${count} people, ${times.length} messages`);
  const settled = times.filter((at) => at > (times[0] ?? 0) + 2_000);
  const reached = ((settled.length - 1) / ((settled.at(-1) ?? 0) - (settled[0] ?? 0))) * 1000;
  const flush = flushMs === null ? "none" : `+ ${flushMs} ms`;
  return `| ${rate} | ${flush} | ${reached.toFixed(1)} | ${percent(reached / rate)} | ${percent(databaseCpu)} | ${percent(engineCpu)} |`;
}

const [first = "20", second = "28,300,1000", third = "none,0,10,30,100"] = process.argv.slice(2);
if (first === "engine") {
  process.send?.(await send(JSON.parse(second) as Task), () => process.exit(0));
} else {
  execFileSync("cc", [
    "-O2",
    "-Wall",
    "-shared",
    "-fPIC",
    "-o",
    library,
    fileURLToPath(new URL("slow-flush.c", import.meta.url)),
  ]);
  chmodSync(library, 0o755);
  process.stdout.write(
    "| messages a second | a flush takes | reached | of it | CPU of the database | of the engine |\n| --: | --: | --: | --: | --: | --: |\n",
  );
  for (const rate of second.split(",").map(Number))
    for (const delay of third.split(","))
      process.stdout.write(
        `${await measure(Number(first), rate, delay === "none" ? null : Number(delay))}\n`,
      );
  rmSync(library);
}
