import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { appendFileSync, chownSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { type Socket, connect, createServer } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { broadcasts, enlist, isFinished, outcomeOf, stage, startHerald, using } from "./broadcast.ts";
import { until } from "./contender.ts";
import { freePort } from "./nginx.ts";

/*
 * Herald during a failover to a streaming standby that lags.
 *
 *   npm run build && npx tsx bench/failover.ts [lags in s, default 1.5,5,10] [people] [rate] [sync]
 *
 * Creates a primary and a standby in a temporary folder, with the newest PostgreSQL in /usr/lib/postgresql (Debian's). A
 * second Herald stands by. In the middle of a broadcast, the primary's log no longer reaches the standby. After the lag,
 * all connections are cut, the primary is killed, and the standby is promoted. Herald's DATABASE_URL names a port that
 * then leads to the standby. Takes half a minute per lag. With "sync", the primary's commits wait for the standby.
 */

const LAGS = (process.argv[2] ?? "1.5,5,10").split(",").map(Number);
const PEOPLE = Number(process.argv[3] ?? 3_000);
const RATE = Number(process.argv[4] ?? 200);
const SYNC = process.argv[5] === "sync";

/** PostgreSQL refuses to run as root. */
const NOBODY = 65_534;
const isRoot = process.getuid?.() === 0;
const asWho = isRoot ? { uid: NOBODY, gid: NOBODY } : {};

const VERSIONS = "/usr/lib/postgresql";
const newest = readdirSync(VERSIONS)
  .toSorted((a, b) => Number(a) - Number(b))
  .at(-1);
const bin = (name: string) => `${VERSIONS}/${newest}/bin/${name}`;

interface Cluster {
  child: ChildProcess;
  port: number;
}

const urlOf = (port: number, database = "postgres") => `postgres://postgres@127.0.0.1:${port}/${database}`;

async function startCluster(folder: string): Promise<Cluster> {
  const port = await freePort();
  const options = ["-D", folder, "-p", String(port), "-h", "127.0.0.1", "-c", "unix_socket_directories="];
  const child = spawn(bin("postgres"), options, { stdio: "ignore", ...asWho });
  process.on("exit", () => child.kill("SIGQUIT"));
  await until(() => answers(port), 100);
  return { child, port };
}

const answers = (port: number) =>
  using(urlOf(port), (sql) => sql`select 1`).then(
    () => true,
    () => false,
  );

/** A port that forwards to `target`, or nowhere. */
interface Way {
  port: number;
  target: number | null;
  /** Holds back what is on its way. */
  hold(): void;
  cut(): void;
}

async function openWay(target: number): Promise<Way> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    if (way.target === null) return socket.destroy();
    const onward = connect(way.target, "127.0.0.1");
    for (const [one, other] of [
      [socket, onward],
      [onward, socket],
    ] as const) {
      sockets.add(one);
      one.pipe(other);
      one.on("error", () => other.destroy());
      one.on("close", () => other.destroy());
    }
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  const way: Way = {
    port: typeof address === "object" && address ? address.port : 0,
    target,
    hold() {
      for (const socket of sockets) socket.unpipe().pause();
    },
    cut() {
      way.target = null;
      for (const socket of sockets) socket.destroy();
      sockets.clear();
    },
  };
  return way;
}

async function run(lagSeconds: number): Promise<object> {
  const folder = mkdtempSync("/tmp/herald-failover-");
  if (isRoot) chownSync(folder, NOBODY, NOBODY);
  const command = (name: string, ...options: string[]) =>
    execFileSync(bin(name), options, { stdio: "ignore", cwd: folder, ...asWho });
  command("initdb", "-D", `${folder}/primary`, "-U", "postgres", "-A", "trust", "-N");
  const primary = await startCluster(`${folder}/primary`);
  command("pg_basebackup", "-d", urlOf(primary.port), "-D", `${folder}/standby`, "-c", "fast", "-R");
  const log = await openWay(primary.port);
  appendFileSync(
    `${folder}/standby/postgresql.auto.conf`,
    `primary_conninfo = 'host=127.0.0.1 port=${log.port} user=postgres'\n`,
  );
  const standby = await startCluster(`${folder}/standby`);
  await using(urlOf(primary.port), async (sql) => {
    await sql`create database herald`;
    if (!SYNC) return;
    await sql`alter system set synchronous_standby_names = '*'`;
    await sql`select pg_reload_conf()`;
  });

  const front = await openWay(primary.port);
  const scene = await stage(PEOPLE);
  try {
    const herald = await startHerald(scene, urlOf(front.port, "herald"), RATE);
    const other = startHerald(scene, urlOf(front.port, "herald"), RATE).catch(() => null);
    await enlist(urlOf(primary.port, "herald"), PEOPLE);
    await broadcasts(scene);
    await until(() => scene.arrived() > PEOPLE / 10, 20);
    const before = scene.arrived();
    log.hold();
    await sleep(lagSeconds * 1_000);
    front.cut();
    primary.child.kill("SIGQUIT");
    await using(urlOf(standby.port), (sql) => sql`select pg_promote()`);
    const sentInTheLag = scene.arrived() - before;
    front.target = standby.port;
    await until(() => isFinished(urlOf(standby.port, "herald")), 500);
    const takenOver = (await herald.stop()) !== 0;
    const outcome = await outcomeOf(scene, urlOf(standby.port, "herald"), PEOPLE);
    await (await other)?.stop();
    return { lagSeconds, sentInTheLag, takenOver, ...outcome };
  } finally {
    await scene.telegram.stop();
    front.cut();
    log.cut();
    standby.child.kill("SIGQUIT");
    primary.child.kill("SIGQUIT");
    await sleep(500);
    rmSync(folder, { recursive: true, force: true });
  }
}

for (const lag of LAGS) process.stdout.write(`${JSON.stringify(await run(lag))}\n`);
process.exit(0);
