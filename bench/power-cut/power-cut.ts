import { readdirSync, readlinkSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Address } from "../../src/db/server/server.ts";
import {
  type Process,
  type Scene,
  broadcasts,
  enlist,
  isFinished,
  outcomeOf,
  spawnHerald,
  stage,
  startHerald,
  using,
} from "../broadcast.ts";
import { until } from "../contender.ts";
import { type Disk, checkDisk, createDisk } from "./disk.ts";

/*
 * Herald with its embedded database on a disk whose power fails again and again in a broadcast.
 *
 *   npm run build && npx tsx bench/power-cut/power-cut.ts [moments, default 200] [people, default 100000]
 *
 * Needs root, Linux 6.5 or newer, and a C compiler. The database lies on an ext4 of its own, in a file. At a random moment,
 * Herald and all processes of its database are killed and the file system is shut down without flushing anything, so that it
 * loses whatever has not been flushed. In every second moment, half of that, page by page, has reached the disk before. Then
 * Herald starts on what is left. Telegram, which runs in this process, goes on counting. The moments take turns: at 1,000
 * messages a second and at 28; every tenth in a checkpoint, every tenth while Herald is still starting. Twenty more hit the
 * first start.
 *
 * The same with synchronous_commit=off and with fsync=off shows that a broken promise would be seen. A disk's own cache, which a flush has to empty as well,
 * is not part of this: that is between the kernel and the disk.
 */

const MOMENTS = Number(process.argv[2] ?? 200);
const PEOPLE = Number(process.argv[3] ?? 100_000);
const UNSAFE_MOMENTS = 10;
const FIRST_STARTS = 20;
const [FAST, SLOW] = [1_000, 28];
/** Herald runs for up to so long before the power fails. */
const LONGEST_MS = 1_500;
const FIRST_START_MS = 2_500;

interface Bench {
  disk: Disk;
  scene: Scene;
  dataDir: string;
  address: Address;
}

function benchOn(disk: Disk, scene: Scene): Bench {
  const dataDir = join(disk.folder, "data");
  const path = join(dataDir, "postgres-18/.s.PGSQL.5432");
  return { disk, scene, dataDir, address: { path, user: "herald", database: "postgres" } };
}

const spawned = ({ scene, dataDir }: Bench, rate: number): Process =>
  spawnHerald(scene, "", rate, { env: { DATA_DIR: dataDir } });

/** The processes of the database. */
function processesOn({ folder }: Disk): number[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => {
      try {
        return readlinkSync(`/proc/${pid}/cwd`).startsWith(folder);
      } catch {
        return false; // gone meanwhile
      }
    })
    .map(Number);
}

/** The power fails. Resolves when it is back. */
async function cut({ disk }: Bench, herald: Process, percent: number): Promise<ReturnType<Disk["cut"]>> {
  herald.up.catch(() => undefined);
  for (const pid of [herald.child.pid ?? 0, ...processesOn(disk)]) process.kill(pid, "SIGKILL");
  await until(() => herald.child.signalCode !== null && processesOn(disk).length === 0, 1);
  return disk.cut(percent);
}

interface Tally {
  moments: number;
  /** Pages that were not flushed, and those of them that reached the disk nevertheless. */
  dirty: number;
  written: number;
  /** Moments at which some of the broadcast was not frozen yet. */
  freezing: number;
  /** How long Herald took to be up again, in ms. */
  starts: number[];
}

/** Cuts the power `moments` times in a broadcast, and lets it end. Rejects when Herald does not come up again. */
async function broadcastThrough(bench: Bench, moments: number, setting: string | null): Promise<void> {
  const { disk, scene, address } = bench;
  const tally: Tally = { moments: 0, dirty: 0, written: 0, freezing: 0, starts: [] };
  let herald = spawned(bench, FAST);
  await herald.up;
  await using(address, async (sql) => {
    if (setting !== null) await sql.unsafe(`alter system set ${setting}`);
    await sql`select pg_reload_conf()`;
  });
  await enlist(address, PEOPLE);
  await using(address, (sql) => sql`checkpoint`);
  await broadcasts(scene);
  for (let moment = 1; moment <= moments; moment += 1) {
    if (moment % 10 === 3) {
      await sleep(Math.random() * LONGEST_MS);
      await Promise.race([
        using(address, (sql) => sql`checkpoint`).catch(() => undefined),
        sleep(Math.random() * 30),
      ]);
    } else if (moment % 10 !== 6) await sleep(Math.random() * LONGEST_MS);
    if (moment <= 10 && (await isFreezing(address))) tally.freezing += 1;
    const { dirty, written } = await cut(bench, herald, moment % 2 === 0 ? 50 : 0);
    tally.moments += 1;
    tally.dirty += dirty;
    tally.written += written;
    const began = performance.now();
    herald = spawned(bench, moment % 4 < 2 || moment === moments ? FAST : SLOW);
    if (moment % 10 === 5 && moment < moments) await sleep(Math.random() * 1_000); // the next one hits the start
    else {
      await herald.up;
      tally.starts.push(performance.now() - began);
    }
    progress(`${moment} of ${moments}: ${scene.arrived()} have arrived`);
  }
  await herald.up;
  await until(() => isFinished(address), 500);
  const { twice, none, uncertain, unknown, ...rest } = await outcomeOf(scene, address, PEOPLE);
  await herald.stop();
  const { signalCode, exitCode } = herald.child;
  say(
    `${setting ?? "as it is"}: ${tally.moments} power cuts, ${tally.freezing} of them in the freeze; ` +
      `${tally.dirty} pages were not flushed, ${tally.written} of them reached the disk; ` +
      `up again after ${median(tally.starts)} ms (median), ${Math.round(Math.max(...tally.starts))} ms at most`,
  );
  say(
    `  ${PEOPLE} people: ${twice} twice, ${none - (uncertain - unknown)} lost, ${uncertain} uncertain (${unknown} of them arrived); ` +
      `${JSON.stringify(rest)}; exit ${signalCode ?? exitCode}; left on the disk: ${processesOn(disk).length} processes`,
  );
}

async function isFreezing(address: Address): Promise<boolean> {
  return using(
    address,
    (sql) => sql`select from campaigns where frozen_at is null and state = 'running'`,
  ).then(
    (rows) => rows.length > 0,
    () => false,
  );
}

/** Cuts the power while the database is being made. */
async function firstStarts(disk: Disk): Promise<void> {
  const scene = await stage(1);
  const bench = benchOn(disk, scene);
  for (let start = 1; start <= FIRST_STARTS; start += 1) {
    disk.empty();
    const first = spawned(bench, SLOW);
    await sleep(Math.random() * FIRST_START_MS);
    await cut(bench, first, start % 2 === 0 ? 50 : 0);
    const second = await startHerald(scene, "", SLOW, { env: { DATA_DIR: bench.dataDir } });
    await second.stop();
    progress(`first start ${start} of ${FIRST_STARTS}`);
  }
  await scene.telegram.stop();
  say(`${FIRST_STARTS} power cuts in the first start: Herald was up ${FIRST_STARTS} times after that`);
}

const reasonOf = (error: unknown) => (error instanceof Error ? error.message : String(error));

function median(values: number[]): number {
  return Math.round(values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN);
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

function progress(text: string): void {
  process.stderr.write(`${text}\n`);
}

const disk = createDisk();
try {
  checkDisk(disk);
  say("The disk keeps what was flushed, and loses the rest.");
  await firstStarts(disk);
  for (const [moments, setting] of [
    [MOMENTS, null],
    [UNSAFE_MOMENTS, "synchronous_commit = off"],
    [UNSAFE_MOMENTS, "fsync = off"],
  ] as const) {
    disk.empty();
    const scene = await stage(PEOPLE);
    const run = broadcastThrough(benchOn(disk, scene), moments, setting);
    // Without flushes, what is left may not even start.
    await (setting === null ? run : run.catch((error: unknown) => say(`${setting}: ${reasonOf(error)}`)));
    await scene.telegram.stop();
  }
} finally {
  for (const pid of processesOn(disk)) process.kill(pid, "SIGKILL");
  await until(() => processesOn(disk).length === 0, 10);
  disk.remove();
}
