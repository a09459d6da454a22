import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { StartError } from "../../errors.ts";
import { copyTables } from "../copy-tables.ts";
import { connect } from "../server/server.ts";
import { LIFT_LIMITS } from "../server/statement-limits.ts";
import { freeIn } from "./disk-space.ts";
import { openPglite } from "./pglite.ts";
import { type PostgresParts, openPostgres } from "./postgres/postgres.ts";

/**
 * Copies all that PGlite keeps in `folder` into a new cluster, in one transaction. 2,000,000 rows take about a minute and
 * 400 MB of memory. The folder stays as it is.
 * @throws StartError when the disk has no room for both.
 */
export async function takeOver(
  folder: string,
  cluster: string,
  session: string,
  parts: PostgresParts,
): Promise<void> {
  await checkRoom(folder);
  parts.say("Moving the data from PGlite to PostgreSQL, once. A large database takes some minutes.");
  const old = await openPglite(folder);
  try {
    await old.migrate();
    const postgres = await openPostgres(cluster, session, parts);
    const client = connect(postgres.address, 1, session);
    try {
      await postgres.migrate();
      await client.begin(async (tx) => {
        await tx.unsafe(LIFT_LIMITS); // a large table takes its time
        await copyTables(old.source, tx, () => undefined);
      });
    } finally {
      await client.end({ timeout: 5 });
      await postgres.close();
    }
  } finally {
    await old.close();
  }
}

/** PostgreSQL takes up half of what PGlite does, since it vacuums. As much again is what the copy's log may take. */
async function checkRoom(folder: string): Promise<void> {
  const [free, needed] = [await freeIn(folder), await sizeOf(folder)];
  if (free < needed)
    throw new StartError(
      `Moving the data from PGlite to PostgreSQL needs ${megabytes(needed)} of free disk space, and ${megabytes(free)} are free. ` +
        "Free some, or copy everything to a PostgreSQL server (npm run database:move).",
    );
}

async function sizeOf(folder: string): Promise<number> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  const sizes = await Promise.all(
    files.map(async ({ parentPath, name }) => (await stat(join(parentPath, name))).size),
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}

function megabytes(bytes: number): string {
  return `${Math.ceil(bytes / 1_000_000)} MB`;
}
