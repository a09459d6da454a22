import { execFile } from "node:child_process";
import { readFile, readdir, readlink, realpath, rm } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";

const run = promisify(execFile);

/** A fast shutdown writes a checkpoint; after so long, an immediate one is asked for, which leaves that to recovery. */
const FAST_SHUTDOWN_MS = 10_000;
/** One that is suspended does not even do that. */
const IMMEDIATE_SHUTDOWN_MS = 20_000;
const POLL_MS = 50;

/**
 * Ends a server that an earlier Herald has left in the cluster, with its backends, and removes what a dead one has left.
 * Takes 20 s at most.
 * PostgreSQL refuses to start while postmaster.pid names any living process of its user, whatever that is.
 * The caller holds the lock of the data folder.
 */
export async function endPredecessor(cluster: string): Promise<void> {
  const pidFile = join(cluster, "postmaster.pid");
  const pid = Number((await readFile(pidFile, "utf8").catch(() => "")).split("\n", 1)[0]);
  const asked = performance.now();
  let isAsked = false;
  for (;;) {
    // Backends outlive a postmaster that was killed, for as long as a statement takes.
    const left = await processesIn(cluster, pid);
    if (left.length === 0) break;
    const sinceMs = performance.now() - asked;
    if (sinceMs > IMMEDIATE_SHUTDOWN_MS) for (const one of left) signal(one, "SIGKILL");
    else if (sinceMs > FAST_SHUTDOWN_MS || !left.includes(pid))
      for (const one of left) signal(one, "SIGQUIT");
    else if (!isAsked) signal(pid, "SIGINT");
    isAsked = true;
    await sleep(POLL_MS);
  }
  for (const name of ["postmaster.pid", ".s.PGSQL.5432", ".s.PGSQL.5432.lock"])
    await rm(join(cluster, name), { force: true });
}

/** Ends all processes of a server at once, so that none of them writes another byte. */
export async function killServer(cluster: string): Promise<void> {
  for (const pid of await processesIn(cluster)) signal(pid, "SIGKILL");
}

/**
 * The processes of a server, known by their name and by their working directory, which is the cluster. Without /proc, the
 * postmaster alone, if it is `pid`.
 */
async function processesIn(cluster: string, pid = 0): Promise<number[]> {
  if (process.platform !== "linux") return (await isServerOf(pid, cluster)) ? [pid] : [];
  const folder = await realpath(cluster);
  const pids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name));
  // An operator's shell may be there as well.
  const isServer = async (each: string) =>
    (await readlink(`/proc/${each}/cwd`).catch(() => "")) === folder &&
    (await readFile(`/proc/${each}/comm`, "utf8").catch(() => "")).trim() === "postgres";
  const found = await Promise.all(pids.map(async (each) => ((await isServer(each)) ? [Number(each)] : [])));
  return found.flat();
}

/** Whether the process is a server that was started on the folder. */
async function isServerOf(pid: number, cluster: string): Promise<boolean> {
  if (!(pid > 0)) return false;
  const { stdout } = await run("ps", ["-p", String(pid), "-o", "command="]).catch(() => ({ stdout: "" }));
  return stdout.includes(cluster);
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}
