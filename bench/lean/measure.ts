import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { chmod, mkdtemp, readdir, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import postgres from "postgres";
import { withDatabase } from "../databases.ts";
import { tap } from "../wire.ts";
import { type Build, type Herald, type Way, importPeople, startHerald } from "./build.ts";
import type { Part } from "./main.ts";
import { type LocalTelegram, startTelegramProcess } from "./telegram-process.ts";
import { cpuOf, memoryOf, watchMemory } from "./tree.ts";

export type Figures = Record<string, number>;

/** All builds at once: an idle process disturbs nobody. */
export async function measureIdle(builds: readonly Build[]): Promise<Figures[]> {
  return Promise.all(builds.map(idle));
}

export async function measure(build: Build, parts: ReadonlySet<Part>): Promise<Figures> {
  const figures: Figures = {};
  if (parts.has("start")) Object.assign(figures, await starts(build, ""));
  if (parts.has("busy")) Object.assign(figures, await busily(() => starts(build, "busy ")));
  if (parts.has("send")) Object.assign(figures, await sends(build));
  if (parts.has("disk")) Object.assign(figures, await tenCampaigns(build));
  if (parts.has("statements")) Object.assign(figures, await statements(build));
  if (parts.has("million"))
    for (const backups of [false, true]) Object.assign(figures, await million(build, backups));
  return figures;
}

const say = (line: string) => void process.stderr.write(`${line}\n`);

async function inFolder<T>(work: (dataDir: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), "herald-lean-"));
  await chmod(folder, 0o711); // if this is root, PostgreSQL runs as another user
  try {
    return await work(join(folder, "data"));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function withTelegram<T>(
  people: number,
  latencyMs: number,
  work: (telegram: LocalTelegram) => Promise<T>,
): Promise<T> {
  const telegram = await startTelegramProcess({ people, latencyMs });
  try {
    return await work(telegram);
  } finally {
    telegram.stop();
  }
}

async function until(condition: () => Promise<boolean>, everyMs: number): Promise<void> {
  while (!(await condition())) await sleep(everyMs);
}

/** Starts it, and resolves after its first poll with how long that took. */
async function up(
  build: Build,
  way: Way,
  telegram: LocalTelegram,
  dataDir: string,
  settings: Record<string, string> = {},
): Promise<{ herald: Herald; tookMs: number; peakMb: number }> {
  await telegram.ask("forget");
  await telegram.ask("writes");
  const herald = startHerald(build, way, telegram.apiRoot, { DATA_DIR: dataDir, ...settings });
  const memory = watchMemory(herald.pid, 50);
  let polledAt: number | null = null;
  await until(async () => (polledAt = await telegram.ask("polledAt", herald.startedAt)) !== null, 50);
  await sleep(3_000); // what a start puts off
  memory.done();
  return { herald, tookMs: (polledAt ?? NaN) - herald.startedAt, peakMb: memory.most };
}

async function starts(build: Build, name: string): Promise<Figures> {
  return withTelegram(1, 0, (telegram) =>
    inFolder(async (dataDir) => {
      const found: Figures = {};
      for (const start of ["first", "second"]) {
        const { herald, tookMs } = await up(build, "npm", telegram, dataDir);
        await herald.stop();
        found[`${name}${start} start s`] = tookMs / 1000;
        say(`${build.folder}: ${name}${start} start ${tookMs.toFixed(0)} ms`);
      }
      return found;
    }),
  );
}

/** With two more processes that want a core each. */
async function busily<T>(work: () => Promise<T>): Promise<T> {
  const loops = [1, 2].map(() => spawn(process.execPath, ["-e", "for(;;);"]));
  try {
    return await work();
  } finally {
    for (const loop of loops) loop.kill("SIGKILL");
  }
}

const SETTLED_MS = 30_000; // some garbage is collected once, a while after the start
/** A minute after the start the daily backup is made, once. */
const BACKED_UP_MS = 45_000;
const IDLE_SECONDS = 60;

async function idle(build: Build): Promise<Figures> {
  return withTelegram(1, 0, (telegram) =>
    inFolder(async (dataDir) => {
      const first = await up(build, "node", telegram, dataDir);
      await sleep(SETTLED_MS);
      const afterFirst = memoryOf(first.herald.pid);
      await first.herald.stop();
      const { herald, peakMb } = await up(build, "node", telegram, dataDir);
      await sleep(SETTLED_MS + BACKED_UP_MS);
      const before = cpuOf(herald.pid);
      await sleep(IDLE_SECONDS * 1000);
      const cpu = (cpuOf(herald.pid) - before) / IDLE_SECONDS / 10;
      const found = {
        "first start: peak MB": first.peakMb,
        "first start: idle MB": afterFirst,
        "second start: peak MB": peakMb,
        "second start: idle MB": memoryOf(herald.pid),
        "idle: CPU %": cpu,
      };
      await herald.stop();
      return found;
    }),
  );
}

interface Sent {
  perSecond: number;
  cpuMs: number;
  peakMb: number;
}

/** Broadcasts to everyone. `id` is the campaign's number. */
async function broadcast(telegram: LocalTelegram, herald: Herald, id: number): Promise<Sent> {
  await telegram.ask("forget");
  const before = cpuOf(herald.pid);
  const memory = watchMemory(herald.pid, 500);
  await telegram.ask("broadcasts");
  await until(() => telegram.ask("isFinished", id), 250);
  memory.done();
  const { count, perSecond } = await telegram.ask("posts");
  return { perSecond, cpuMs: (cpuOf(herald.pid) - before) / count, peakMb: memory.most };
}

const PEOPLE = 50_000;

interface Setup {
  people: number;
  way: Way;
  latencyMs: number;
  /** Of Herald, in addition to those of all builds. */
  settings?: Record<string, string>;
}

/** A running Herald with people on its list, which is at rest. */
async function withPeople<T>(
  build: Build,
  { people, way, latencyMs, settings = {} }: Setup,
  work: (parts: { telegram: LocalTelegram; herald: Herald; dataDir: string }) => Promise<T>,
): Promise<T> {
  return withTelegram(people, latencyMs, (telegram) =>
    inFolder(async (dataDir) => {
      await importPeople(build, people, { DATA_DIR: dataDir });
      const { herald } = await up(build, way, telegram, dataDir, settings);
      await telegram.ask("leaves");
      await sleep(SETTLED_MS);
      return work({ telegram, herald, dataDir });
    }),
  );
}

async function sends(build: Build): Promise<Figures> {
  return withPeople(build, { people: PEOPLE, way: "node", latencyMs: 60 }, async (parts) => {
    const { telegram, herald, dataDir } = parts;
    const flushed = await flushesOf(dataDir);
    const { perSecond, cpuMs, peakMb } = await broadcast(telegram, herald, 1);
    const flushes = ((await flushesOf(dataDir)) - flushed) / PEOPLE;
    await herald.stop();
    return {
      "1,000/s: messages a second": perSecond,
      "1,000/s: CPU ms a message": cpuMs,
      "1,000/s: peak MB": peakMb,
      "1,000/s: flushes a message": flushes,
    };
  });
}

/** How often the embedded PostgreSQL has flushed its log. PGlite never does. */
async function flushesOf(dataDir: string): Promise<number> {
  const path = join(dataDir, "postgres-18", ".s.PGSQL.5432");
  if (!existsSync(path)) return 0;
  const sql = postgres({ path, user: "herald", database: "postgres", max: 1 });
  const [row] = await sql`select sum(fsyncs)::float8 as flushes from pg_stat_io where object = 'wal'`;
  await sql.end();
  return Number(row?.["flushes"]);
}

const CAMPAIGNS = 10;
/** For a minute, what was written last is kept in memory; then the garbage collector needs a moment to notice. */
const REMEMBERED_MS = 90_000;

async function tenCampaigns(build: Build): Promise<Figures> {
  return withPeople(build, { people: PEOPLE, way: "unlimited", latencyMs: 0 }, async (parts) => {
    const { telegram, herald, dataDir } = parts;
    const { perSecond, cpuMs, peakMb } = await broadcast(telegram, herald, 1);
    for (let id = 2; id <= CAMPAIGNS; id += 1) await broadcast(telegram, herald, id);
    await sleep(REMEMBERED_MS);
    const idleMb = memoryOf(herald.pid);
    await herald.stop();
    return {
      "unlimited: messages a second": perSecond,
      "unlimited: CPU ms a message": cpuMs,
      "unlimited: peak MB": peakMb,
      "disk after 10 campaigns MB": await sizeOf(dataDir),
      "idle after 10 campaigns MB": idleMb,
    };
  });
}

/** On a server, between which and Herald the statements are counted. */
async function statements(build: Build): Promise<Figures> {
  return withDatabase("lean", (url) =>
    withTelegram(PEOPLE, 60, async (telegram) => {
      await importPeople(build, PEOPLE, { DATABASE_URL: url });
      const wire = await tap(url);
      await telegram.ask("writes");
      const herald = startHerald(build, "node", telegram.apiRoot, { DATABASE_URL: wire.store });
      await until(async () => (await telegram.ask("polledAt", herald.startedAt)) !== null, 50);
      await telegram.ask("leaves");
      await sleep(SETTLED_MS);
      const before = wire.asked;
      await broadcast(telegram, herald, 1);
      const asked = (wire.asked - before) / PEOPLE;
      await herald.stop();
      wire.close();
      return { "1,000/s: statements a message": asked };
    }),
  );
}

async function sizeOf(folder: string): Promise<number> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  const blocks = await Promise.all(
    files.map(async ({ parentPath, name }) => (await stat(join(parentPath, name))).blocks),
  );
  return (blocks.reduce((sum, one) => sum + one, 0) * 512) / 1e6;
}

const MILLION = 1_000_000;

/** The daily backup is made a minute after the start, and so during the campaign. */
async function million(build: Build, backups: boolean): Promise<Figures> {
  const settings = backups ? {} : { BACKUPS: "0" };
  const setup: Setup = { people: MILLION, way: "unlimited", latencyMs: 0, settings };
  return withPeople(build, setup, async ({ telegram, herald, dataDir }) => {
    const idleMb = memoryOf(herald.pid);
    const { perSecond, cpuMs, peakMb } = await broadcast(telegram, herald, 1);
    const made = existsSync(join(dataDir, "backups")) ? (await readdir(join(dataDir, "backups"))).length : 0;
    if (backups !== made > 0) throw new Error(`${made} backups were made during the campaign`);
    await sleep(SETTLED_MS);
    const after = memoryOf(herald.pid);
    await herald.stop();
    const name = backups ? "million with the daily backup" : "million";
    return {
      [`${name}: idle before MB`]: idleMb,
      [`${name}: peak MB`]: peakMb,
      [`${name}: idle after MB`]: after,
      [`${name}: messages a second`]: perSecond,
      [`${name}: CPU ms a message`]: cpuMs,
    };
  });
}
