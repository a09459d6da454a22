import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { broadcasts, enlist, isFinished, outcomeOf, stage, startHerald, using } from "./broadcast.ts";
import { until } from "./contender.ts";
import { freePort } from "./nginx.ts";

/*
 * Herald behind a real PgBouncer, in each of its modes: a broadcast, while two more processes start.
 *
 *   npm run build && npx tsx bench/pooler.ts [postgres://postgres@127.0.0.1:5432/postgres] [people] [rate]
 *
 * The user must be able to log in without a password and create databases. PgBouncer is installed (Debian, as root) if
 * it is missing, and runs on a free port with its own configuration. Takes about two minutes.
 */

const SERVER = process.argv[2] ?? "postgres://postgres@127.0.0.1:5432/postgres";
const PEOPLE = Number(process.argv[3] ?? 2_500);
const RATE = Number(process.argv[4] ?? 200);

const find = () => execFileSync("sh", ["-c", "command -v pgbouncer || true"], { encoding: "utf8" }).trim();

function pgbouncer(): string {
  if (!find()) execFileSync("apt-get", ["install", "-y", "-qq", "pgbouncer"], { stdio: "ignore" });
  return find();
}

/** Runs `work` with a PgBouncer in front of the server, and gives it the port. */
async function pooled<T>(mode: string, work: (port: number) => Promise<T>): Promise<T> {
  const folder = mkdtempSync("/tmp/herald-pgbouncer-");
  const { hostname, port: serverPort, username } = new URL(SERVER);
  const port = await freePort();
  writeFileSync(`${folder}/users`, `"${username}" ""\n`);
  writeFileSync(
    `${folder}/ini`,
    `[databases]\n* = host=${hostname} port=${serverPort || 5432}\n[pgbouncer]\nlisten_addr = 127.0.0.1\n` +
      `listen_port = ${port}\nunix_socket_dir =\nauth_type = trust\nauth_file = ${folder}/users\npool_mode = ${mode}\n` +
      `default_pool_size = 8\nmax_client_conn = 200\n`,
  );
  execFileSync("chmod", ["-R", "a+rX", folder]);
  // It refuses to run as root.
  const isRoot = process.getuid?.() === 0;
  const child = spawn(pgbouncer(), ["-q", `${folder}/ini`], {
    stdio: "ignore",
    ...(isRoot && { uid: 65_534, gid: 65_534 }),
  });
  try {
    await sleep(500);
    return await work(port);
  } finally {
    child.kill("SIGKILL");
    rmSync(folder, { recursive: true });
  }
}

async function run(mode: string): Promise<object> {
  const name = `herald_pooler_${process.pid}_${mode}`;
  await using(SERVER, (sql) => sql`create database ${sql(name)}`);
  const direct = new URL(SERVER);
  direct.pathname = `/${name}`;
  const scene = await stage(PEOPLE);
  try {
    return await pooled(mode, async (port) => {
      const through = new URL(direct);
      through.host = `127.0.0.1:${port}`;
      const first = await startHerald(scene, through.href, RATE).catch((error: Error) => error.message);
      if (typeof first === "string") return { mode, start: first };
      await enlist(direct.href, PEOPLE);
      await broadcasts(scene);
      await until(() => scene.arrived() > PEOPLE / 4, 50);
      // Two more stand by: a start must not wait for anything that the first one left.
      const others = [1, 2].map(() => startHerald(scene, through.href, RATE).catch(() => null));
      await until(() => isFinished(direct.href), 500);
      await first.stop();
      const next = await Promise.race(others);
      const outcome = await outcomeOf(scene, direct.href, PEOPLE);
      await next?.stop();
      await Promise.all(others.map(async (other) => (await other)?.stop()));
      return { mode, ...outcome };
    });
  } finally {
    await scene.telegram.stop();
    await using(SERVER, (sql) => sql`drop database ${sql(name)} with (force)`);
  }
}

for (const mode of ["transaction", "session", "statement"])
  process.stdout.write(`${JSON.stringify(await run(mode))}\n`);
process.exit(0);
