import { mkdir } from "node:fs/promises";
import { copyFrom, pgliteSource } from "../copy-tables.ts";
import type { OpenEngine } from "../open-engine.ts";
import { migratePglite } from "../server/migrate.ts";
import * as schema from "../schema.ts";

/**
 * Opens PostgreSQL compiled to WebAssembly, in this process: for machines on which no binary runs. It does not flush to
 * disk, so that a power cut may lose the last seconds.
 */
export async function openPglite(folder: string): Promise<OpenEngine> {
  // Loaded only here: elsewhere it would take up memory for nothing.
  const [{ PGlite }, { drizzle }] = await Promise.all([
    import("@electric-sql/pglite"),
    import("drizzle-orm/pglite"),
  ]);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const client = await PGlite.create(folder);
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
