import { readFileSync, readdirSync, readlinkSync, realpathSync } from "node:fs";
import { join } from "node:path";

export const sayNothing = () => undefined;

/** A machine on which no PostgreSQL runs. */
export const noBinaries = async () => ({ reason: "the test takes it away", remedy: "Run the next test." });

export const clusterIn = (dataDir: string) => join(dataDir, "postgres-18");

/** The process that serves the cluster, by its own file. */
export function postmasterOf(dataDir: string): number {
  return Number(readFileSync(join(clusterIn(dataDir), "postmaster.pid"), "utf8").split("\n", 1)[0]);
}

/** All processes that work in the cluster (Linux). */
export function serversIn(dataDir: string): number[] {
  const cluster = realpathSync(clusterIn(dataDir));
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => {
      try {
        return readlinkSync(`/proc/${pid}/cwd`) === cluster;
      } catch {
        return false; // gone meanwhile
      }
    })
    .map(Number);
}

/** The shell that waits to end the server. */
export function watchdogOf(postmaster: number): number {
  const found = readdirSync("/proc").find((pid) => {
    try {
      return readFileSync(`/proc/${pid}/cmdline`, "utf8").endsWith(`kill -QUIT "$0"\0${postmaster}\0`);
    } catch {
      return false; // no process, or gone meanwhile
    }
  });
  return Number(found);
}

/** Whether there is such a process, and not only its exit code that nobody has read yet. */
export function isAlive(pid: number): boolean {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    return stat.slice(stat.lastIndexOf(")") + 2, stat.lastIndexOf(")") + 3) !== "Z";
  } catch {
    return false;
  }
}
