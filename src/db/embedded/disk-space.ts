import { statfs } from "node:fs/promises";
import { DiskFull, StartError } from "../../errors.ts";

/** PostgreSQL stops when it has no room for the next file of its log, which is of 4 MB (cluster.ts). */
const LEAST_BYTES = 4 * 2 ** 20;

/** A new database takes up 31 MB with PostgreSQL, and 39 MB with PGlite. */
const NEW_DATABASE_BYTES = 50_000_000;

/** @throws StartError when there is no room for a new database in the folder. */
export async function checkRoomForNew(dataDir: string): Promise<void> {
  const free = await freeIn(dataDir);
  if (free < NEW_DATABASE_BYTES)
    throw new StartError(
      `A new database needs 50 MB, but the disk of ${dataDir} has only ${Math.floor(free / 1e6)} MB left. ` +
        "Free some space, or set DATA_DIR to a folder on another disk.",
    );
}

/** @throws DiskFull when the disk of a data folder has no room left. */
export async function checkDisk(dataDir: string): Promise<void> {
  if ((await freeIn(dataDir)) < LEAST_BYTES) throw new DiskFull(`the disk of ${dataDir} is full`);
}

/** Bytes that are free on the disk of a folder. */
export async function freeIn(folder: string): Promise<number> {
  const { bavail, bsize } = await statfs(folder);
  return bavail * bsize;
}
