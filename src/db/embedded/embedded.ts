import { existsSync } from "node:fs";
import { mkdir, rename, rm } from "node:fs/promises";
import { join, resolve } from "node:path";
import { StartError } from "../../errors.ts";
import { rootCause } from "../../log.ts";
import type { Say } from "../say.ts";
import { lockFolder } from "./folder-lock.ts";
import { checkRoomForNew } from "./disk-space.ts";
import type { OpenEngine } from "../open-engine.ts";
import { openPglite } from "./pglite.ts";
import { type Binaries, MAJOR, type NoBinaries, findBinaries } from "./postgres/binaries.ts";
import { isCluster, makeCluster } from "./postgres/cluster.ts";
import { killServer } from "./postgres/predecessor.ts";
import { openPostgres } from "./postgres/postgres.ts";
import { type RunAs, runAs } from "./postgres/run-as.ts";
import { closeToOthers } from "./private-folder.ts";
import { takeOver } from "./take-over.ts";

/** What runs inside, for the log and /status. */
export type EmbeddedEngine =
  | { type: "postgres"; from: Binaries["from"] }
  /** Because PostgreSQL does not run here, with half a sentence that says why. */
  | { type: "pglite"; reason: string };

export interface EmbeddedDatabase extends OpenEngine {
  engine: EmbeddedEngine;
}

const SOMEBODY_ELSES = (dataDir: string) =>
  `${dataDir} belongs to another user, so Herald cannot close it to others: people's names in it may be read by every ` +
  "user of this machine. Make it belong to the user that runs Herald (chown -R).";

const FALLBACK = (reason: string) =>
  `PostgreSQL cannot run inside Herald here: ${reason}. Herald uses PGlite instead, which takes about 300 MB more memory ` +
  "and may lose the last seconds in a power cut (docs/operating.md#the-embedded-database).";

const clusterOf = (dataDir: string) => join(dataDir, `postgres-${MAJOR}`);
const pgliteOf = (dataDir: string) => join(dataDir, "pg");

/** Whether an embedded database lies in the folder. */
export function holdsDatabase(dataDir: string): boolean {
  return isCluster(clusterOf(dataDir)) || existsSync(pgliteOf(dataDir));
}

/**
 * Opens the database in a data folder, which it makes if need be, and brings its schema up to date. It is a PostgreSQL server
 * of this process's own; where none can run, it is PGlite. What PGlite has kept so far is taken over by PostgreSQL.
 * The folder is locked until `close`, and other users of the machine cannot read it.
 * `session` names the connections. `say` gets sentences for the operator. `find` looks for PostgreSQL's programs.
 * @throws StartError when another process holds the folder, nothing can be written to it, or its database does not start.
 */
export async function openEmbedded(
  folder: string,
  session: string,
  say: Say,
  find: typeof findBinaries = findBinaries,
): Promise<EmbeddedDatabase> {
  const dataDir = resolve(folder); // PostgreSQL runs in its cluster, not where Herald was started
  // Another Herald writes there by now: this one's server must not even write a checkpoint.
  const lock = await takeFolder(folder, () => killServer(clusterOf(dataDir)));
  try {
    const user = await runAs(dataDir);
    const close = () => closeToOthers(dataDir, user !== null);
    if (!close()) say(SOMEBODY_ELSES(folder));
    if (!holdsDatabase(dataDir)) await checkRoomForNew(dataDir);
    const binaries = await find(dataDir, user);
    const database = await opened(dataDir, session, { binaries, user, say });
    close(); // the first start has made a thousand files
    return {
      ...database,
      async close() {
        await database.close();
        close();
        await lock.release();
      },
    };
  } catch (error) {
    await lock.release();
    if (error instanceof StartError || !(error instanceof Error)) throw error;
    throw new StartError(`The database in ${folder} cannot be opened: ${rootCause(error).message}`, {
      cause: error,
    });
  }
}

async function opened(
  dataDir: string,
  session: string,
  { binaries, user, say }: { binaries: Binaries | NoBinaries; user: RunAs | null; say: Say },
): Promise<EmbeddedDatabase> {
  const [cluster, pglite] = [clusterOf(dataDir), pgliteOf(dataDir)];
  if ("reason" in binaries) {
    if (isCluster(cluster))
      throw new StartError(
        `The database in ${cluster} needs PostgreSQL ${MAJOR}, but ${binaries.reason}. ${binaries.remedy}`,
      );
    return fallback(binaries.reason);
  }
  const parts = { binaries, user, say };
  if (!isCluster(cluster)) {
    // It gets its name when it is complete, with all that is to be taken over.
    const unfinished = `${cluster}.unfinished`;
    const failure = await makeCluster(unfinished, binaries, user);
    if (failure !== null) return fallback(failure);
    if (existsSync(pglite)) await takeOver(pglite, unfinished, session, parts);
    await rename(unfinished, cluster);
  }
  // Kept, but not where an older Herald would open it and send everything again.
  if (existsSync(pglite)) await rename(pglite, `${pglite}.before-postgres-${MAJOR}`);
  await rm(`${cluster}.unfinished`, { recursive: true, force: true });
  const { from } = binaries;
  return { ...(await openPostgres(cluster, session, parts)), engine: { type: "postgres", from } };

  async function fallback(reason: string): Promise<EmbeddedDatabase> {
    say(FALLBACK(reason));
    return { ...(await openPglite(pglite)), engine: { type: "pglite", reason } };
  }
}

async function takeFolder(
  dataDir: string,
  onLost: () => Promise<void>,
): Promise<{ release(): Promise<void> }> {
  try {
    await mkdir(dataDir, { recursive: true, mode: 0o700 });
    return await lockFolder(dataDir, onLost);
  } catch (error) {
    if (error instanceof StartError || !(error instanceof Error)) throw error;
    throw new StartError(
      `The folder ${dataDir} cannot be used for the embedded database: ${error.message}\n` +
        "Let the user that runs Herald write to it, set DATA_DIR to another folder, or use a PostgreSQL server (DATABASE_URL).",
      { cause: error },
    );
  }
}
