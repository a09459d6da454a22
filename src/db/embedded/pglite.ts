import { mkdir } from "node:fs/promises";
import { pgliteSource } from "../copy-tables.ts";
import type { OpenEngine } from "../open-engine.ts";
import { migrateEmbedded } from "../server/migrate.ts";
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
  await migrateEmbedded(db);
  return { db, source: pgliteSource(client), close: () => client.close() };
}
