import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { PGlite } from "@electric-sql/pglite";
import type { PgliteDatabase } from "drizzle-orm/pglite";
import { StartError } from "../../errors.ts";
import { lockFolder } from "./folder-lock.ts";
import { migrateEmbedded } from "../migrate.ts";
import { closeToOthers } from "./private-folder.ts";
import type { Say } from "../say.ts";
import * as schema from "../schema.ts";

const SOMEBODY_ELSES = (dataDir: string) =>
  `${dataDir} belongs to another user, so Herald cannot close it to others: people's names in it may be read by every ` +
  "user of this machine. Make it belong to the user that runs Herald (chown -R).";

export interface EmbeddedDatabase {
  client: PGlite;
  db: PgliteDatabase<typeof schema>;
  close(): Promise<void>;
}

/**
 * Opens the database in a data folder, creating the folder if needed, and migrates its schema.
 * The folder is locked until `close`, and made unreadable for other users of the machine; if that fails, `say` gets a
 * sentence for the operator.
 * @throws StartError if another process holds the folder, or if it is not writable.
 */
export async function openEmbedded(dataDir: string, say: Say): Promise<EmbeddedDatabase> {
  // Loaded only here: with a server it would only take up memory.
  const [{ PGlite }, { drizzle }] = await Promise.all([
    import("@electric-sql/pglite"),
    import("drizzle-orm/pglite"),
  ]);
  const lock = await takeFolder(dataDir);
  try {
    await mkdir(join(dataDir, "pg"), { recursive: true, mode: 0o700 });
    if (!closeToOthers(dataDir)) say(SOMEBODY_ELSES(dataDir));
    const client = await PGlite.create(join(dataDir, "pg"));
    const db = drizzle(client, { schema });
    await migrateEmbedded(db);
    closeToOthers(dataDir); // the first start has created a thousand files
    return {
      client,
      db,
      async close() {
        await client.close();
        closeToOthers(dataDir);
        await lock.release();
      },
    };
  } catch (error) {
    await lock.release();
    throw error;
  }
}

async function takeFolder(dataDir: string): Promise<{ release(): Promise<void> }> {
  try {
    await mkdir(dataDir, { recursive: true, mode: 0o700 });
    return await lockFolder(dataDir);
  } catch (error) {
    if (error instanceof StartError || !(error instanceof Error)) throw error;
    throw new StartError(
      `The folder ${dataDir} cannot be used for the embedded database: ${error.message}\n` +
        "Let the user that runs Herald write to it, set DATA_DIR to another folder, or use a PostgreSQL server (DATABASE_URL).",
      { cause: error },
    );
  }
}
