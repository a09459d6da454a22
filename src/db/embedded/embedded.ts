import { existsSync } from "node:fs";
import { rename, rm } from "node:fs/promises";
import { StartError } from "../../errors.ts";
import { rootCause } from "../../log.ts";
import type { OpenEngine } from "../open-engine.ts";
import type { Say } from "../say.ts";
import { type HeldFolder, holdFolder, needsPrograms } from "./held-folder.ts";
import { openPglite } from "./pglite.ts";
import { type Binaries, MAJOR, type findBinaries } from "./postgres/binaries.ts";
import { isCluster, makeCluster } from "./postgres/cluster.ts";
import { openPostgres } from "./postgres/postgres.ts";
import { takeOver } from "./take-over.ts";

/** What runs inside, for the log and /status. */
export type EmbeddedEngine =
  | { type: "postgres"; from: Binaries["from"] }
  /** Because PostgreSQL does not run here, with half a sentence that says why. */
  | { type: "pglite"; reason: string };

export interface EmbeddedDatabase extends OpenEngine {
  engine: EmbeddedEngine;
}

export interface OpenOptions {
  /** Called when PostgreSQL has the next step, or there is none that takes long. */
  onWait?: () => void;
  /** Looks for PostgreSQL's programs. */
  find?: typeof findBinaries;
}

const FALLBACK = (reason: string) =>
  `PostgreSQL cannot run inside Herald here: ${reason}. Herald uses PGlite instead, which takes about 150 MB more memory ` +
  "and may lose the last seconds in a power cut (docs/operating.md#the-embedded-database).";

/**
 * Opens the database in a data folder, which it makes if need be, and brings its schema up to date. It is a PostgreSQL server
 * of this process's own; where none can run, it is PGlite. What PGlite has kept so far is taken over by PostgreSQL.
 * The folder is locked until `close`, and other users of the machine cannot read it.
 * `session` names the connections. `say` gets sentences for the operator.
 * @throws StartError when another process holds the folder, nothing can be written to it, or its database does not start.
 */
export async function openEmbedded(
  folder: string,
  session: string,
  say: Say,
  { onWait = () => undefined, find }: OpenOptions = {},
): Promise<EmbeddedDatabase> {
  const held = await holdFolder(folder, say, find);
  try {
    const database = await opened(held, session, { say, onWait });
    await database.migrate().catch(async (error: unknown) => {
      await database.close();
      throw error;
    });
    held.closeToOthers(); // the first start has made a thousand files
    return {
      ...database,
      async close() {
        await database.close();
        held.closeToOthers();
        await held.release();
      },
    };
  } catch (error) {
    await held.release();
    if (error instanceof StartError || !(error instanceof Error)) throw error;
    throw new StartError(`The database in ${folder} cannot be opened: ${rootCause(error).message}`, {
      cause: error,
    });
  }
}

async function opened(
  held: HeldFolder,
  session: string,
  { say, onWait }: { say: Say; onWait: () => void },
): Promise<EmbeddedDatabase> {
  const { cluster, pglite, binaries, user } = held;
  if (isCluster(cluster)) onWait(); // it is ready in a tenth of a second
  if ("reason" in binaries) {
    if (isCluster(cluster)) throw needsPrograms(held, binaries);
    return fallback(binaries.reason);
  }
  const parts = { binaries, user, say };
  if (!isCluster(cluster)) {
    // It gets its name when it is complete, with all that is to be taken over.
    const unfinished = `${cluster}.unfinished`;
    const making = makeCluster(unfinished, binaries, user);
    onWait();
    const failure = await making;
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
