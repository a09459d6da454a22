import { execFile } from "node:child_process";
import { readFile, readdir, readlink, realpath, rm } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { isRunning } from "./is-running.ts";

const run = promisify(execFile);

/** A fast shutdown writes a checkpoint; after so long, an immediate one is asked for, which leaves that to recovery. */
const FAST_SHUTDOWN_MS = 10_000;
const POLL_MS = 50;

/**
 * Ends a server that an earlier Herald has left in the cluster, with its backends, and removes what a dead one has left.
 * PostgreSQL refuses to start while postmaster.pid names any living process of its user, whatever that is.
 * The caller holds the lock of the data folder.
 */
export async function endPredecessor(cluster: string): Promise<void> {
  const pidFile = join(cluster, "postmaster.pid");
  const pid = Number((await readFile(pidFile, "utf8").catch(() => "")).split("\n", 1)[0]);
  const inside = await processesIn(cluster);
  if (pid > 0 && (inside.includes(pid) || (await isServerOf(pid, cluster)))) {
    signal(pid, "SIGINT");
    const asked = performance.now();
    while (isRunning(pid)) {
      if (performance.now() - asked > FAST_SHUTDOWN_MS) signal(pid, "SIGQUIT");
      await sleep(POLL_MS);
    }
  }
  // Backends outlive a postmaster that was killed, for as long as a statement takes.
  for (let left = await processesIn(cluster); left.length > 0; left = await processesIn(cluster)) {
    for (const one of left) signal(one, "SIGQUIT");
    await sleep(POLL_MS);
  }
  for (const name of ["postmaster.pid", ".s.PGSQL.5432", ".s.PGSQL.5432.lock"])
    await rm(join(cluster, name), { force: true });
}

/** Processes that work in the folder: PostgreSQL's change into their cluster. Empty where there is no /proc. */
async function processesIn(cluster: string): Promise<number[]> {
  const folder = await realpath(cluster);
  const pids = (await readdir("/proc").catch(() => [])).filter((name) => /^\d+$/.test(name));
  const found = await Promise.all(
    pids.map(async (pid) => ((await readlink(`/proc/${pid}/cwd`).catch(() => "")) === folder ? pid : null)),
  );
  return found.filter((pid) => pid !== null && pid !== String(process.pid)).map(Number);
}

/** Without /proc: whether the process is a server that was started on the folder. */
async function isServerOf(pid: number, cluster: string): Promise<boolean> {
  if (process.platform === "linux") return false;
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
