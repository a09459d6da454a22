import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { StartError } from "../../errors.ts";
import type { CopySource } from "../copy-tables.ts";
import type { OpenEngine } from "../open-engine.ts";
import type { Say } from "../say.ts";
import { takeSnapshot } from "../server/snapshot.ts";
import { FolderInUse } from "./folder-lock.ts";
import { type HeldFolder, holdFolder, holdsDatabase, needsPrograms, placesIn } from "./held-folder.ts";
import { openPglite } from "./pglite.ts";
import { DATABASE, ROLE, isCluster } from "./postgres/cluster.ts";
import { openPostgres } from "./postgres/postgres.ts";

/**
 * Reads an embedded database as of one moment, without changing it: from the PostgreSQL of the Herald that uses it now,
 * or if there is none, by opening it.
 * @throws StartError when there is none, or when it is PGlite's and in use.
 */
export async function snapshotOfFolder<T>(
  folder: string,
  session: string,
  say: Say,
  work: (source: CopySource) => Promise<T>,
): Promise<T> {
  if (!holdsDatabase(folder))
    throw new StartError(`There is no embedded database in ${folder}. Is DATA_DIR right?`);
  let held: HeldFolder;
  try {
    held = await holdFolder(folder, say);
  } catch (error) {
    if (!(error instanceof FolderInUse)) throw error;
    return fromRunning(folder, session, error, work);
  }
  try {
    const engine = await openedAsFound(held, session, say);
    try {
      return await engine.snapshot(work);
    } finally {
      await engine.close();
    }
  } finally {
    await held.release();
  }
}

async function openedAsFound(held: HeldFolder, session: string, say: Say): Promise<OpenEngine> {
  const { cluster, pglite, binaries, user } = held;
  if (!isCluster(cluster)) return openPglite(pglite);
  if ("reason" in binaries) throw needsPrograms(held, binaries);
  return openPostgres(cluster, session, { binaries, user, say });
}

async function fromRunning<T>(
  folder: string,
  session: string,
  inUse: FolderInUse,
  work: (source: CopySource) => Promise<T>,
): Promise<T> {
  const { cluster, pglite } = placesIn(folder);
  if (!isCluster(cluster) && existsSync(pglite))
    throw new StartError(
      `${inUse.holder} uses ${folder}, and runs PGlite, which lets no other process in. Stop it first, or take the ` +
        `latest of the backups that it makes each day, in ${join(folder, "backups")}.`,
    );
  // The server says there where its socket is: https://www.postgresql.org/docs/18/storage-file-layout.html
  const lines = (await readFile(join(cluster, "postmaster.pid"), "utf8").catch(() => "")).split("\n");
  const [, , , port = "", socketFolder = ""] = lines;
  const path = join(socketFolder, `.s.PGSQL.${port}`);
  if (!existsSync(path))
    throw new StartError(
      `${inUse.holder} uses ${folder}, but its PostgreSQL cannot be reached from here. Run this where Herald runs ` +
        "(in its container, as its user), or stop Herald first.",
    );
  return takeSnapshot({ path, user: ROLE, database: DATABASE }, session, work);
}
