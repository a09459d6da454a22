import { existsSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { join, resolve } from "node:path";
import { StartError } from "../../errors.ts";
import type { Say } from "../say.ts";
import { lockFolder } from "./folder-lock.ts";
import { type Binaries, MAJOR, type NoBinaries, findBinaries } from "./postgres/binaries.ts";
import { checkRoomForNew } from "./disk-space.ts";
import { killServer } from "./postgres/predecessor.ts";
import { isCluster } from "./postgres/cluster.ts";
import { type RunAs, runAs } from "./postgres/run-as.ts";
import { closeToOthers } from "./private-folder.ts";

/** A data folder that no other process may use until it is released, and what runs databases in it. */
export interface HeldFolder {
  dataDir: string;
  /** Where PostgreSQL's database lies, if there is one. */
  cluster: string;
  /** Where PGlite's lies. */
  pglite: string;
  user: RunAs | null;
  binaries: Binaries | NoBinaries;
  /** Closes new files to other users of the machine. */
  closeToOthers(): void;
  release(): Promise<void>;
}

const SOMEBODY_ELSES = (dataDir: string) =>
  `${dataDir} belongs to another user, so Herald cannot close it to others: people's names in it may be read by every ` +
  "user of this machine. Make it belong to the user that runs Herald (chown -R).";

/** Where the databases of a data folder lie. From the root on, because PostgreSQL runs in its own folder. */
export function placesIn(folder: string): Pick<HeldFolder, "dataDir" | "cluster" | "pglite"> {
  const dataDir = resolve(folder);
  return { dataDir, cluster: join(dataDir, `postgres-${MAJOR}`), pglite: join(dataDir, "pg") };
}

/** Whether an embedded database lies in the folder. */
export function holdsDatabase(folder: string): boolean {
  const { cluster, pglite } = placesIn(folder);
  return isCluster(cluster) || existsSync(pglite);
}

/**
 * Locks a data folder, which is made if need be, closes it to the other users of the machine, and looks for PostgreSQL's
 * programs with `find`.
 * @throws StartError when nothing can be written to it; FolderInUse when another process holds it.
 */
export async function holdFolder(
  folder: string,
  say: Say,
  find: typeof findBinaries = findBinaries,
): Promise<HeldFolder> {
  const places = placesIn(folder);
  const { dataDir } = places;
  // Another Herald writes there by now: this one's server must not even write a checkpoint.
  const lock = await takeFolder(folder, () => killServer(places.cluster));
  try {
    const user = await runAs(dataDir);
    const close = () => closeToOthers(dataDir, user !== null);
    if (!close()) say(SOMEBODY_ELSES(folder));
    if (!holdsDatabase(folder)) await checkRoomForNew(dataDir);
    const binaries = await find(dataDir, user);
    return { ...places, user, binaries, closeToOthers: close, release: lock.release };
  } catch (error) {
    await lock.release();
    throw error;
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

/** @throws StartError because only PostgreSQL can open a folder that it has made. */
export function needsPrograms(
  { cluster }: Pick<HeldFolder, "cluster">,
  { reason, remedy }: NoBinaries,
): StartError {
  return new StartError(`The database in ${cluster} needs PostgreSQL ${MAJOR}, but ${reason}. ${remedy}`);
}
