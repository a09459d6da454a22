import { readFileSync, readdirSync, readlinkSync, realpathSync } from "node:fs";
import { join } from "node:path";

export const sayNothing = () => undefined;

/** A machine on which no PostgreSQL runs. */
export const noBinaries = async () => ({ reason: "the test takes it away" });

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
