import { existsSync } from "node:fs";
import { mkdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { copyFrom, pgliteSource } from "../copy-tables.ts";
import type { OpenEngine } from "../open-engine.ts";
import { migratePglite } from "../server/migrate.ts";
import * as schema from "../schema.ts";

/** clusters/ lies three folders up from src/db/embedded and from dist/db/embedded alike. */
const EMPTY = fileURLToPath(new URL("../../../clusters/pglite-18.tar.br", import.meta.url));

/** By default it takes 128 MB, from the start on. The system caches the files as well. */
const SHARED_BUFFERS = "shared_buffers=16MB";

/**
 * Opens PostgreSQL compiled to WebAssembly, in this process: for machines on which no binary runs. It does not flush to
 * disk, so that a power cut may lose the last seconds. It knows no statement_timeout either: a statement of Herald's takes
 * at most seconds, and nobody else's can hold it up.
 */
export async function openPglite(folder: string): Promise<OpenEngine> {
  // Loaded only here: elsewhere it would take up memory for nothing.
  const [{ PGlite }, { drizzle }] = await Promise.all([
    import("@electric-sql/pglite"),
    import("drizzle-orm/pglite"),
  ]);
  if (!existsSync(join(folder, "PG_VERSION"))) await unpack(folder);
  const startParams = [...PGlite.defaultStartParams, "-c", SHARED_BUFFERS];
  const client = await PGlite.create(folder, { startParams });
  const db = drizzle(client, { schema });
  return {
    db,
    source: pgliteSource(client),
    snapshot: (work) => client.transaction((tx) => work(pgliteSource(tx))),
    rebuild: (work) =>
      work({
        db,
        migrate: (from) => migratePglite(db, from),
        async copyIn(table, columns, rows) {
          for await (const piece of rows)
            await client.query(copyFrom(table, columns, "'/dev/blob'"), [], {
              blob: new Blob([new Uint8Array(piece)]),
            });
        },
      }),
    migrate: () => migratePglite(db),
    close: () => client.close(),
  };
}

/** Makes a folder with an empty database. PGlite could make one itself, but takes 850 MB of memory for it. */
async function unpack(folder: string): Promise<void> {
  const { extract } = await import("tar");
  const unfinished = `${folder}.unfinished`;
  await rm(unfinished, { recursive: true, force: true });
  await mkdir(unfinished, { recursive: true, mode: 0o700 });
  await extract({ file: EMPTY, cwd: unfinished });
  await rm(folder, { recursive: true, force: true });
  await rename(unfinished, folder);
}
